import type { Fate, IngestCounts } from '../pipeline/ingest.ts';

/** A fate with its number among all; numbers count up from 1, so that a gap shows how many went by unseen. */
export type NumberedFate = Fate & { number: number };

/** What became of the last records, for people who watch them come in. */
export interface LastEvents {
  add(fates: readonly Fate[]): void;
  /** Fates after number `after`, oldest first, and the number to ask with next. */
  since(after: number): { next: number; fates: NumberedFate[]; counts: IngestCounts | null };
}

const KEPT = 200;

/**
 * Keeps the last 200 fates.
 * @param counts what the page shows above them
 */
export function lastEvents(counts: () => IngestCounts | null = () => null): LastEvents {
  let fates: NumberedFate[] = [];
  let next = 0;
  return {
    add(more) {
      const skipped = Math.max(0, more.length - KEPT);
      next += skipped;
      const numbered = more.slice(skipped).map((fate): NumberedFate => ({ ...fate, number: ++next }));
      fates = [...fates, ...numbered].slice(-KEPT);
    },
    since: (after) => ({ next, fates: fates.filter(({ number }) => number > after), counts: counts() }),
  };
}
