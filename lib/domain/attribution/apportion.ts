/**
 * Credit as whole units that sum to the total exactly: each is rounded down, and the units left over go one by one to
 * the largest remainders, ties to the channel with the lower number (Hamilton's method).
 * @param credits By channel, in the unit of the total; their sum is the total but for rounding. May be below zero.
 * @param total A whole number.
 * @param unitsPerWhole How many units one of the total has, e.g. 1_000_000_000 for billionths of a conversion.
 * @returns By channel, in units; they sum to `total` x `unitsPerWhole`.
 * @throws RangeError when credits are not numbers, or are further from the total than rounding explains.
 * @example apportion([1 / 3, 2 / 3], 1, 10) // [3n, 7n]
 */
export function apportion(credits: ArrayLike<number>, total: number, unitsPerWhole: number): bigint[] {
  const parts: bigint[] = [];
  const remainders: number[] = [];
  let left = BigInt(total) * BigInt(unitsPerWhole);
  for (let channel = 0; channel < credits.length; channel++) {
    const credit = credits[channel]!;
    if (!Number.isFinite(credit))
      throw new RangeError(`Credit ${credit} of channel ${channel} must be a number`);
    const whole = Math.floor(credit);
    const exact = (credit - whole) * unitsPerWhole;
    const part = BigInt(whole) * BigInt(unitsPerWhole) + BigInt(Math.floor(exact));
    parts.push(part);
    remainders.push(exact - Math.floor(exact));
    left -= part;
  }
  if (left === 0n) return parts;
  const limit = Math.max(1, Math.abs(total)) * unitsPerWhole * 1e-6 + credits.length;
  if (Math.abs(Number(left)) > limit) {
    throw new RangeError(`Credits miss their total of ${total} by ${Number(left) / unitsPerWhole}`);
  }
  // Where units are finer than a double's digits, more may be left over than there are channels.
  const takers = Array.from(remainders.keys()).filter((channel) => credits[channel] !== 0);
  const ranked = takers.sort((a, b) =>
    remainders[a] === remainders[b]
      ? a - b
      : left > 0n
        ? remainders[b]! - remainders[a]!
        : remainders[a]! - remainders[b]!,
  );
  const step = left > 0n ? 1n : -1n;
  const each = left / BigInt(ranked.length);
  for (const channel of ranked) parts[channel]! += each;
  left -= each * BigInt(ranked.length);
  for (let at = 0; left !== 0n; at++, left -= step) parts[ranked[at]!]! += step;
  return parts;
}

/**
 * Whole units as a decimal number, every digit kept.
 * @example unitsText(-1530n, 2) // '-15.30'
 */
export function unitsText(units: bigint, decimals: number): string {
  const digits = String(units < 0n ? -units : units).padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  return `${units < 0n ? '-' : ''}${whole}${decimals > 0 ? `.${digits.slice(-decimals)}` : ''}`;
}
