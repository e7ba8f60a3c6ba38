import { afterAll, beforeAll, expect, test } from 'vitest';
import { mergeLanding, rawTableStatements } from '../../../lib/adapters/aws/athena/raw-statements.ts';
import { createDatabase } from '../../../lib/adapters/aws/athena/statements.ts';
import { countStatement } from '../../../lib/adapters/aws/builds/merge-landing.ts';
import { daysOf, mergeParts } from '../../../lib/adapters/aws/builds/merge-parts.ts';
import { landVisits } from '../../aws/athena/land-visits.ts';
import { BUCKET, type LocalAthena, openLocalAthena } from '../../aws/athena/local-athena.ts';
import { mergeLanded } from '../../aws/athena/merge-landed.ts';
import { openTrino, type TrinoEngine } from './trino-engine.ts';

/** That a real planner leaves out the partitions of other days, and a real writer keeps to those of a part. */
const RAW = 'ropo_raw';
const TABLE = 'raw_visits';
let local: LocalAthena;
let trino: TrinoEngine;

beforeAll(async () => {
  local = await openLocalAthena(async (folder) => {
    trino = await openTrino({ folder });
    return trino;
  });
  await local.queries.run(createDatabase(RAW));
  // Landing, the table itself, and the tombstones that every merge asks.
  for (const sql of rawTableStatements(RAW, BUCKET))
    if (/raw_visits|raw_tombstones/.test(sql)) await local.queries.run(sql);
});
afterAll(() => local?.close());

const on = (day: string) => ({ from: day, to: day });
const partsOf = (day: string) => mergeParts({ queries: local.queries, rawDatabase: RAW }, TABLE, [on(day)]);
const planOf = async (sql: string) => {
  const { rows } = await trino.run(`EXPLAIN ${sql}`, { database: RAW, parameters: [] });
  return rows.flat().join('\n');
};

test('half a year at once takes two statements, and nothing is there twice after four', async () => {
  await landVisits(local.folder, { arrived: '2025-01-01', from: '2024-05-01', days: 150, perDay: 3 });
  const parts = await partsOf('2025-01-01');
  expect(parts).toHaveLength(2);
  await mergeLanded(local.queries, RAW, TABLE, on('2025-01-01'));
  await mergeLanded(local.queries, RAW, TABLE, on('2025-01-01'));
  expect(await local.queries.rows(`SELECT count(*) AS n FROM "${RAW}"."${TABLE}"`)).toEqual([{ n: 450 }]);
});

test('a late row is looked for on its own day: counting and merging scan no other', async () => {
  await landVisits(local.folder, { arrived: '2025-01-02', from: '2024-06-30', days: 1, perDay: 4 });
  const parts = await partsOf('2025-01-02');
  const statements = [
    countStatement(RAW, TABLE, [on('2025-01-02')], daysOf(parts)),
    mergeLanding(RAW, TABLE, parts[0]!),
  ];
  for (const sql of statements) {
    const plan = await planOf(sql);
    expect(plan).toMatch(/constraint on \[said_on\]/);
    expect(plan).toMatch(/said_on:date\s+:: \[NULL, \[2024-06-30\]\]/);
  }
  expect(await local.queries.rows(statements[0]!)).toEqual([{ landed: 4, erased: 0, fresh: 1, earlier: 0 }]);
  await mergeLanded(local.queries, RAW, TABLE, on('2025-01-02'));
  expect(
    await local.queries.rows(
      `SELECT said_on, count(*) AS n FROM "${RAW}"."${TABLE}" GROUP BY said_on HAVING count(*) <> 3`,
    ),
  ).toEqual([{ said_on: '2024-06-30', n: 4 }]);
});
