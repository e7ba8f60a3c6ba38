import { KEY_COLUMNS } from '../../../domain/accept/erased.ts';
import type { IdentifierKeys } from '../../../domain/identifier.ts';
import { RAW_TABLES } from '../../../domain/raw-tables.ts';
import { type IdentifierRecords, recordOfLink } from '../../../pipeline/privacy/identifier-sightings.ts';
import type { IdentityStore } from '../../../ports.ts';
import { quoted, textLiteral } from '../athena/literals.ts';
import { readPointer } from '../athena/pointer.ts';
import { LANDED_TABLES, personColumns } from '../athena/raw-statements.ts';
import type { BuildWorld } from './build-state.ts';

/** Links of one identifier that are looked at in the identity store; more than that is no one person's. */
const LINKS_READ = 10_000;

const NAMES = { name: 'of an erasure' };

/** What the lake knows of identifiers: merged raw rows, links, and who is who by the published build. */
export function openPersonRecords(
  { queries, s3, bucket, rawDatabase }: BuildWorld,
  identities: Pick<IdentityStore, 'linksOf'>,
): IdentifierRecords & { erasureOf(keys: readonly string[]): Promise<string | null> } {
  const listed = (keys: readonly string[]) => `(${keys.map(textLiteral).join(', ')})`;
  return {
    async recordsWith(keys) {
      const parts = LANDED_TABLES.filter((table) => personColumns(table).length > 0).map((table) => {
        const own = personColumns(table);
        const columns = KEY_COLUMNS.map((column) =>
          column in RAW_TABLES[table] ? quoted(column) : `CAST(NULL AS varchar) AS ${quoted(column)}`,
        );
        const holds = own.map((column) => `${quoted(column)} IN ${listed(keys)}`).join(' OR ');
        return `SELECT DISTINCT ${columns.join(', ')} FROM ${quoted(rawDatabase, table)} WHERE ${holds}`;
      });
      const records = await queries.rows(parts.join('\nUNION\n'), NAMES);
      const linked = await Promise.all(keys.map((key) => identities.linksOf(key, LINKS_READ)));
      return [...(records as IdentifierKeys[]), ...linked.flat().map(recordOfLink)];
    },
    async personsOf(keys) {
      const { pointer } = await readPointer(s3, bucket);
      if (pointer === null) return new Map();
      const rows = await queries.rows(
        `SELECT identifier_key, person_id FROM ${quoted(pointer.database, 'persons')}
         WHERE identifier_key IN ${listed(keys)} AND person_id IS NOT NULL`,
        NAMES,
      );
      return new Map(rows.map((row) => [String(row.identifier_key), String(row.person_id)]));
    },
    async erasureOf(keys) {
      const [row] = await queries.rows(
        `SELECT min(erasure_id) AS erasure_id FROM ${quoted(rawDatabase, 'raw_tombstones')}
         WHERE identifier_key IN ${listed(keys)}`,
        NAMES,
      );
      return row?.erasure_id == null ? null : String(row.erasure_id);
    },
  };
}
