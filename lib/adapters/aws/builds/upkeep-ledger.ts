import { type Days, daysIn, runsOf } from '../athena/raw-days.ts';
import type { StoredRawTable } from '../athena/raw-statements.ts';
import type { JsonObjects } from './json-objects.ts';

/** What has happened to a raw table since its files were last brought in order. */
export interface TableUpkeep {
  /** Version of its rows when a build last looked. */
  version: string;
  /** Builds that found another version, since its files were written anew. */
  changes: number;
  /** Days that rows were merged into since then; of a table without days none. */
  days: Days[];
  /** Rows were taken out, and still lie in files. */
  hasDeleted: boolean;
  /** Days that they were of. */
  deletedDays: Days[];
  /** When files were written anew of which VACUUM has not taken the older ones yet, as ISO 8601. */
  rewritten: string[];
}

export type UpkeepLedger = Partial<Record<StoredRawTable, TableUpkeep>>;

const KEY = 'builds/versions/upkeep.json';

/** Read and written by the holder of the lock alone. */
export const readLedger = async (objects: JsonObjects): Promise<UpkeepLedger> =>
  (await objects.read<UpkeepLedger>(KEY))?.value ?? {};

export const writeLedger = (objects: JsonObjects, ledger: UpkeepLedger) => objects.write(KEY, ledger);

export const upkeepOf = (ledger: UpkeepLedger, table: StoredRawTable): TableUpkeep =>
  ledger[table] ?? {
    version: 'empty',
    changes: 0,
    days: [],
    hasDeleted: false,
    deletedDays: [],
    rewritten: [],
  };

export const joined = (...runs: (readonly Days[])[]): Days[] => runsOf(runs.flat().flatMap(daysIn));

/**
 * Remembers that rows are about to be taken out of tables, before they are: whatever fails after it, the files that they lie
 * in are written anew with the next build.
 */
export async function noteTakenOut(
  objects: JsonObjects,
  taken: readonly { table: StoredRawTable; days: readonly Days[] }[],
): Promise<void> {
  if (taken.length === 0) return;
  const ledger = await readLedger(objects);
  for (const { table, days } of taken) {
    const its = upkeepOf(ledger, table);
    ledger[table] = { ...its, hasDeleted: true, deletedDays: joined(its.deletedDays, days) };
  }
  await writeLedger(objects, ledger);
}
