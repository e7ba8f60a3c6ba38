import type { AthenaQueries } from '../../../lib/adapters/aws/athena/queries.ts';
import {
  type ArrivalDays,
  type LandedTable,
  mergeLanding,
} from '../../../lib/adapters/aws/athena/raw-statements.ts';
import { mergeParts } from '../../../lib/adapters/aws/builds/merge-parts.ts';

/** Merges what landed on some days as a build does, part by part. */
export async function mergeLanded(
  queries: AthenaQueries,
  rawDatabase: string,
  table: LandedTable,
  arrived: ArrivalDays,
): Promise<void> {
  for (const part of await mergeParts({ queries, rawDatabase }, table, [arrived]))
    await queries.run(mergeLanding(rawDatabase, table, part), { name: `merge of ${table}` });
}
