import fc from 'fast-check';
import type { PathCounts } from '../../../lib/domain/attribution/paths.ts';
import { uniform32 } from '../../../lib/domain/attribution/poisson.ts';

/** A row of the field's aggregated file: path, conversions, nulls, value. */
export type Row = readonly [path: string, conversions: number, nulls: number, value?: number];

/** Rows as numbers, with the channels sorted by name; `untouched` are channels that no path has. */
export function pathTable(rows: readonly Row[], untouched: readonly string[] = []): PathCounts {
  const paths = rows.map(([path]) => path.split(' > '));
  const channels = Array.from(new Set([...paths.flat(), ...untouched])).sort();
  const numbers = new Map(channels.map((channel, number) => [channel, number]));
  const starts = new Int32Array(rows.length + 1);
  paths.forEach((path, row) => {
    starts[row + 1] = starts[row]! + path.length;
  });
  return {
    channels,
    starts,
    steps: Uint16Array.from(paths.flat(), (channel) => numbers.get(channel)!),
    conversions: Float64Array.from(rows, ([, conversions]) => conversions),
    nulls: Float64Array.from(rows, ([, , nulls]) => nulls),
    values: Float64Array.from(rows, ([, , , value]) => value ?? 0),
  };
}

/** Small tables with distinct paths, at least one journey in all. */
export const someRows = (channels = ['A', 'B', 'C', 'D'], longest = 5) =>
  fc
    .uniqueArray(
      fc.tuple(
        fc
          .array(fc.constantFrom(...channels), { minLength: 1, maxLength: longest })
          .map((path) => path.join(' > ')),
        fc.nat({ max: 4 }),
        fc.nat({ max: 6 }),
        fc.nat({ max: 900 }),
      ),
      { minLength: 1, maxLength: 12, selector: ([path]) => path },
    )
    .map((rows) => rows.map(([path, won, lost, value]): Row => [path, won, lost, won > 0 ? value : 0]))
    .filter((rows) => rows.some(([, won, lost]) => won + lost > 0));

/** Random numbers from 0 to 1 that are the same on every run. */
export function numbersFrom(seed: number): () => number {
  let next = 0;
  return () => uniform32(seed, next++, 7) / 4294967296;
}

/** Aggregates journeys, given as path and whether it converted. */
export function countJourneys(journeys: Iterable<readonly [path: string, converts: boolean]>): Row[] {
  const rows = new Map<string, [number, number]>();
  for (const [path, converts] of journeys) {
    const row = rows.get(path) ?? [0, 0];
    row[converts ? 0 : 1] += 1;
    rows.set(path, row);
  }
  return Array.from(rows, ([path, [won, lost]]): Row => [path, won, lost]).sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
}
