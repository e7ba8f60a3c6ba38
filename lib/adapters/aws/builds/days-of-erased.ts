import type { RawTable } from '../../../domain/raw-tables.ts';
import { quoted, textLiteral } from '../athena/literals.ts';
import { type Days, runsOf, SAID_ON } from '../athena/raw-days.ts';
import {
  erasedCondition,
  LANDED_TABLES,
  personColumns,
  type StoredRawTable,
} from '../athena/raw-statements.ts';
import type { BuildWorld } from './build-state.ts';
import { type JsonObjects, WrittenMeanwhile } from './json-objects.ts';
import { noteTakenOut } from './upkeep-ledger.ts';

/**
 * Which days of the raw tables persons are about to be taken out of, so that the files of these days are written anew. A build
 * notes the rows that are there when it begins. Who is erased while it runs may go in it too, so that an erasure notes its
 * own before there are tombstones.
 */
export interface TakenOut {
  table: StoredRawTable;
  days: Days[];
}

type Tables = Pick<BuildWorld, 'queries' | 'rawDatabase'>;

const KEY = 'builds/versions/erased-days.json';
/** Erasures at the same moment write to one object; so often one of them reads it anew. */
const MOST_RACES = 20;

/** Notes the days of rows that the tombstones take out, with the lock. */
export async function noteErased(world: Tables & Pick<BuildWorld, 'objects'>): Promise<void> {
  const taken = await daysWhere(world, (table, of) => {
    const erased = erasedCondition(world.rawDatabase, table, of);
    // Documents of persons who were erased before are among these.
    return table === 'raw_sales' ? `(${erased}) AND coalesce(consent, '') <> 'erased'` : erased;
  });
  await noteTakenOut(world.objects, taken);
}

/** Notes the days of rows with one of the keys, without the lock; a build that may take them out reads it at its end. */
export async function noteDaysOf(
  world: Tables & Pick<BuildWorld, 'objects'>,
  keys: readonly string[],
): Promise<void> {
  const taken = await daysWhere(world, (table, of) => {
    const holds = personColumns(table)
      .map((column) => `${quoted(column)} IN (${keys.map(textLiteral).join(', ')})`)
      .join(' OR ');
    if (holds === '') return null;
    return table === 'raw_sales' ? `document_id IN (SELECT document_id FROM ${of} WHERE ${holds})` : holds;
  });
  if (taken.length === 0) return;
  for (let races = 0; races < MOST_RACES; races++) {
    const found = await world.objects.read<TakenOut[]>(KEY);
    if (await wrote(world.objects, [...(found?.value ?? []), ...taken], found)) return;
  }
  throw new Error(`${KEY} was changed by others ${MOST_RACES} times while an erasure wrote to it; ask again`);
}

/** What erasures noted since the last time that a build asked; with the lock. */
export async function drainNoted(objects: JsonObjects): Promise<void> {
  const found = await objects.read<TakenOut[]>(KEY);
  if (found === null || found.value.length === 0) return;
  await noteTakenOut(objects, found.value);
  // Where an erasure wrote meanwhile all of it stays for the next build.
  await wrote(objects, [], found);
}

async function wrote(
  objects: JsonObjects,
  taken: readonly TakenOut[],
  over: { etag: string } | null,
): Promise<boolean> {
  try {
    await objects.write(KEY, taken, over);
    return true;
  } catch (error) {
    if (!(error instanceof WrittenMeanwhile)) throw error;
    return false;
  }
}

async function daysWhere(
  { queries, rawDatabase }: Tables,
  conditionOf: (table: RawTable, of: string) => string | null,
): Promise<TakenOut[]> {
  const found = LANDED_TABLES.map(async (table): Promise<TakenOut[]> => {
    const of = quoted(rawDatabase, table);
    const condition = conditionOf(table, of);
    if (condition === null) return [];
    const rows = await queries.rows(
      `SELECT DISTINCT CAST(${SAID_ON} AS varchar) AS day FROM ${of} WHERE ${condition}`,
      { name: `days of erased persons in ${table}` },
    );
    const days = rows.flatMap(({ day }) => (day === null ? [] : [String(day)]));
    return rows.length > 0 ? [{ table, days: runsOf(days) }] : [];
  });
  return (await Promise.all(found)).flat();
}
