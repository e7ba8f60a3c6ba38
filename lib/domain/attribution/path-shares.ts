/**
 * How a data-driven model splits one conversion: over the channels of its path in proportion to what the model found
 * each of them to be worth, and a channel's part evenly over its touchpoints. Where all of them are worth nothing,
 * each touchpoint gets the same. sql/attribution/credit_shares.sql does the same by row; a test holds the two together.
 *
 * The other custom of the field, dividing all conversions in proportion to removal effects, gives credit for
 * purchases to channels that were no part of them, and cannot be booked row by row: it is reported beside it, as
 * `normalised`.
 */
