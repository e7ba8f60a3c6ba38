import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { KEY_COLUMNS } from '../../../domain/accept/erased.ts';
import { IDENTIFIER_KINDS, type IdentifierKeys, type IdentifierKind } from '../../../domain/identifier.ts';
import { RAW_TABLES, type RawTable } from '../../../domain/raw-tables.ts';
import { type IdentifierRecords, recordOfLink } from '../../../pipeline/privacy/identifier-sightings.ts';
import type { IdentityStore } from '../../../ports.ts';
import type { Engine } from '../duckdb.ts';
import { type OpenIdentityStore, openIdentityStore } from '../identity-store.ts';
import { scanOf, viewRawTables } from '../raw-files.ts';
import type { ShopDirectory } from '../shop-directory.ts';
import { viewPersonsNow } from './persons-now.ts';

/** Raw tables whose rows can be of a person. */
export const PERSONAL_TABLES = [
  'raw_events',
  'raw_touches',
  'raw_visits',
  'raw_consents',
  'raw_feedback',
  'raw_sales',
] as const;

/** Links of one identifier that are looked at in the identity store; more than that is no one person's. */
const LINKS_READ = 10_000;

/** The identity store of a shop; one that has none gets none by being looked at. */
export function lookAtIdentities(directory: ShopDirectory): Pick<OpenIdentityStore, 'linksOf' | 'close'> {
  return existsSync(join(directory.root, 'identity'))
    ? openIdentityStore(directory)
    : { linksOf: async () => [], close: async () => {} };
}

/** The key columns of a raw table. */
export const keyColumnsOf = (table: RawTable) => KEY_COLUMNS.filter((column) => column in RAW_TABLES[table]);

/**
 * What the shop knows of its identifiers: the raw tables, read once, the identity store, and who is who by all of them.
 * Memory: the distinct sets of identifiers, which the engine spills.
 */
export async function openPersonRecords(
  directory: ShopDirectory,
  engine: Engine,
  identities: Pick<IdentityStore, 'linksOf'>,
): Promise<IdentifierRecords> {
  await viewRawTables(engine, directory);
  const parts = PERSONAL_TABLES.map((table) => {
    const columns = KEY_COLUMNS.map((column) => (column in RAW_TABLES[table] ? column : `NULL AS ${column}`));
    return `SELECT DISTINCT ${columns.join(', ')} FROM ${table}`;
  });
  await engine.run(`CREATE OR REPLACE TEMP TABLE seen_together AS ${parts.join(' UNION ')}`);
  await viewPersonsNow(engine, directory);

  return {
    async recordsWith(keys) {
      const records = await engine.rows(
        `WITH wanted AS (SELECT unnest(string_split(?, ' ')) AS identifier_key)
         SELECT * FROM seen_together
         WHERE ${KEY_COLUMNS.map((column) => `${column} IN (SELECT identifier_key FROM wanted)`).join(' OR ')}`,
        [keys.join(' ')],
      );
      const linked = await Promise.all(keys.map((key) => identities.linksOf(key, LINKS_READ)));
      return [...(records as IdentifierKeys[]), ...linked.flat().map(recordOfLink)];
    },
    async personsOf(keys) {
      const rows = await engine.rows(
        `SELECT identifier_key, person_id FROM persons_now
         WHERE identifier_key IN (SELECT unnest(string_split(?, ' '))) AND person_id IS NOT NULL`,
        [keys.join(' ')],
      );
      return new Map(rows.map((row) => [String(row.identifier_key), String(row.person_id)]));
    },
  };
}

/** The kinds that a key stands in the raw tables as; a key of the shop has one. */
export async function kindOfKey(engine: Engine, key: string): Promise<IdentifierKind | null> {
  for (const [at, column] of KEY_COLUMNS.entries()) {
    const [row] = await engine.rows(`SELECT count(*) AS n FROM seen_together WHERE ${column} = ?`, [key]);
    if (Number(row?.n) > 0) return IDENTIFIER_KINDS[at]!;
  }
  return null;
}

/** Keys of an erasure with their kinds, from its tombstones. */
export async function tombstonesOf(
  { lake }: ShopDirectory,
  engine: Engine,
  erasureId: string,
): Promise<Map<string, IdentifierKind>> {
  const rows = await engine.rows(
    `SELECT DISTINCT identifier_key, identifier_kind FROM ${tombstoneScan(lake)} WHERE erasure_id = ?`,
    [erasureId],
  );
  return new Map(
    rows.map((row) => [String(row.identifier_key), String(row.identifier_kind) as IdentifierKind]),
  );
}

/** The erasure that took one of these keys before, or null. */
export async function erasureOf(
  { lake }: ShopDirectory,
  engine: Engine,
  keys: readonly string[],
): Promise<string | null> {
  const [row] = await engine.rows(
    `SELECT min(erasure_id) AS erasure_id FROM ${tombstoneScan(lake)}
     WHERE identifier_key IN (SELECT unnest(string_split(?, ' ')))`,
    [keys.join(' ')],
  );
  return row?.erasure_id == null ? null : String(row.erasure_id);
}

const tombstoneScan = (lake: string) => scanOf(join(lake, 'raw_tombstones'), RAW_TABLES.raw_tombstones);
