/** Journeys by person, as parallel arrays: what the intervals resample. */
export interface JourneyRows {
  /** Person of each journey, numbered from 0. */
  person: Int32Array;
  /** Its path, by number. */
  path: Int32Array;
  /** Currency of its purchase, by number; -1 where it ended without one. */
  currency: Int32Array;
  /** What the purchase brought net of returns, in minor units. */
  net: Float64Array;
}

/** The same with the simplest persons counted instead of listed. */
export interface Journeys extends JourneyRows {
  /** By path: persons whose only journey took it and ended without a purchase. They are in no other row. */
  lone: Float64Array;
}

/** The persons, channels and currencies that figures are worked out over. */
export interface Dimensions {
  persons: number;
  channels: number;
  currencies: number;
}

/** Place of a channel's figure in a currency. */
export const figureOf = ({ currencies }: Dimensions, channel: number, currency: number): number =>
  channel * currencies + currency;

/**
 * Counts by path the persons who have one journey, without a purchase: most persons of a shop. How often n of them
 * are in a replicate together is Poisson(n), exactly, so that they need one draw and not n.
 * @param pathOf What each path number becomes, below `paths`.
 */
export function countLone(rows: JourneyRows, persons: number, pathOf: Int32Array, paths: number): Journeys {
  const journeysOf = new Uint8Array(persons);
  for (const person of rows.person) if (journeysOf[person]! < 2) journeysOf[person]! += 1;
  const lone = new Float64Array(paths);
  const listed: number[] = [];
  for (const [row, person] of rows.person.entries()) {
    if (rows.currency[row]! < 0 && journeysOf[person] === 1) lone[pathOf[rows.path[row]!]!]! += 1;
    else listed.push(row);
  }
  return {
    person: Int32Array.from(listed, (row) => rows.person[row]!),
    path: Int32Array.from(listed, (row) => pathOf[rows.path[row]!]!),
    currency: Int32Array.from(listed, (row) => rows.currency[row]!),
    net: Float64Array.from(listed, (row) => rows.net[row]!),
    lone,
  };
}
