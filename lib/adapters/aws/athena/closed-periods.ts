import type { S3Client } from '@aws-sdk/client-s3';
import { RAW_TABLES } from '../../../domain/raw-tables.ts';
import { readSqlFolder } from '../../../pipeline/sql-files.ts';
import type { ClosedPeriods, Closing } from '../../../ports.ts';
import { quoted, textLiteral, timestampLiteral } from './literals.ts';
import { readPointer } from './pointer.ts';
import type { AthenaQueries } from './queries.ts';

export interface AthenaClosedPeriodsOptions {
  queries: AthenaQueries;
  s3: S3Client;
  /** Bucket of the lake. */
  bucket: string;
  /** Database of the raw tables. */
  rawDatabase: string;
}

/** The closed periods of a shop: rows of the raw table of closings, added by one statement for each period. */
export function createAthenaClosedPeriods(options: AthenaClosedPeriodsOptions): ClosedPeriods {
  const { queries, s3, bucket, rawDatabase } = options;
  const table = quoted(rawDatabase, 'raw_closings');
  return {
    async list() {
      const rows = await queries.rows(
        `SELECT DISTINCT closed_through, closed_at, build_id FROM ${table} ORDER BY closed_through`,
        { name: 'of closed periods' },
      );
      return rows as unknown as Closing[];
    },
    async keep(closing) {
      const { pointer } = await readPointer(s3, bucket);
      if (pointer?.build_id !== closing.build_id)
        throw new Error(`Build ${closing.build_id} is not the published one any more; close again`);
      const asked = { database: pointer.database, name: `closing ${closing.closed_through}` };
      await queries.run(keepStatement(table, closing), asked);
      const [kept] = await queries.rows(
        `SELECT count(*) AS figures FROM ${table} WHERE entry = 'figure' AND closed_through = ${day(closing)}`,
        asked,
      );
      return Number(kept?.figures);
    },
  };
}

const day = ({ closed_through }: Closing) => `CAST(${textLiteral(closed_through)} AS date)`;

/**
 * All rows of a closing, or none where the period has rows already: of two who close it at once one comes too late, and
 * a try that was not answered can be made again.
 */
function keepStatement(table: string, closing: Closing): string {
  const [query] = readSqlFolder('closing');
  const names = Object.keys(RAW_TABLES.raw_closings).map((name) => quoted(name));
  const period = `WITH period AS (
  SELECT ${day(closing)} AS closed_through, ${timestampLiteral(closing.closed_at)} AS closed_at, ${textLiteral(closing.build_id)} AS build_id
),`;
  const select = query!.select.replace(/^WITH\b/i, period);
  if (select === query!.select) throw new Error(`sql/closing/${query!.name}.sql must begin with WITH`);
  return `MERGE INTO ${table} t
USING (
SELECT ${names.join(', ')} FROM (
${select}
) kept
) s
ON t.closed_through = s.closed_through
WHEN NOT MATCHED THEN INSERT (${names.join(', ')})
VALUES (${names.map((name) => `s.${name}`).join(', ')})`;
}
