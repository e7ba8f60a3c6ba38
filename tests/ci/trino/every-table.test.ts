import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAthenaClosedPeriods } from '../../../lib/adapters/aws/athena/closed-periods.ts';
import { quoted } from '../../../lib/adapters/aws/athena/literals.ts';
import { KPIS } from '../../../lib/domain/kpi-catalogue.ts';
import { buildSteps } from '../../../lib/pipeline/build-tables.ts';
import { closePeriod } from '../../../lib/pipeline/close-period.ts';
import { checkQuestion } from '../../../lib/pipeline/report-kpi.ts';
import { readSqlFolder, TABLE_FOLDERS } from '../../../lib/pipeline/sql-files.ts';
import type { Cell } from '../../../lib/ports.ts';
import { BUCKET } from '../../aws/athena/local-athena.ts';
import { type BothEngines, buildOnBothEngines, RAW } from './both-engines.ts';
import { differences } from './compared-rows.ts';

/**
 * Every file of sql/ on a real Trino, through the warehouse and the protocol that Athena gets, against DuckDB: rows
 * equal, doubles to the tolerance that `compared-rows.ts` states.
 */
let both: BothEngines;

beforeAll(async () => {
  both = await buildOnBothEngines();
});
afterAll(() => both?.close());

const files = TABLE_FOLDERS.flatMap((folder) => readSqlFolder(folder));
const tables = [
  ...files.map(({ name, key }) => ({ name, key })),
  ...buildSteps().flatMap((step) => step.tables.map(({ name, key }) => ({ name, key: [...key] }))),
];

/** What both say to a SELECT. */
async function ask(select: string, parameters: Cell[] = [], key: readonly string[] = []) {
  const [mine, its] = await Promise.all([
    both.here.query(select, parameters),
    both.there.query(select, parameters),
  ]);
  return { rows: mine.length, differences: differences(mine, its, key) };
}

describe('on Trino as on DuckDB', () => {
  test('the build makes the same tables with as many rows, and none is empty', () => {
    const counts = (build: BothEngines['manifest']) => build.tables.map(({ name, rows }) => ({ name, rows }));
    expect(counts(both.manifest)).toEqual(counts(both.here.manifest));
    const empty = both.manifest.tables.filter(({ rows }) => rows === 0).map(({ name }) => name);
    expect(empty.filter((name) => files.some((file) => file.name === name))).toEqual([]);
  });

  test.each(tables)('table $name', async ({ name, key }) => {
    expect((await ask(`SELECT * FROM ${name}`, [], key)).differences).toEqual([]);
  });

  test.each(readSqlFolder('checks'))('check $name', async ({ select }) => {
    const rows = await both.there.query(select);
    expect(rows).toEqual([]);
  });

  const questions = KPIS.flatMap((kpi) => kpi.groupings.map((by, at) => ({ kpi, by, at })));
  test.each(questions)('query $kpi.name by $by', async ({ kpi, by, at }) => {
    // Every other one within days and for one model, the others over everything.
    const part = at % 2 === 1;
    const { query } = await checkQuestion(both.here, {
      kpi: kpi.name,
      by,
      ...(part && kpi.hasPeriod ? { from: '2025-02-01', to: '2025-04-30' } : {}),
      ...(part && kpi.hasModel ? { model: 'linear' } : {}),
    });
    const answer = await ask(query.select, query.parameters);
    expect(answer.differences).toEqual([]);
    expect(answer.rows, 'an answer without rows proves nothing').toBeGreaterThan(0);
  });

  test.each(readSqlFolder('fitting'))('input $name of the algorithms', async ({ name, select }) => {
    // These two read raw tables, which a reader of the build does not see.
    if (name === 'arrival_days') return;
    const halfLives = select.includes('?') ? [7] : [];
    expect((await ask(select, halfLives)).differences).toEqual([]);
  });

  test.each(readSqlFolder('explain'))('explanation $name', async ({ name, select }) => {
    const documents = await both.here.query(
      `SELECT l.document_id, max(l.order_id) AS order_id, max(p.person_id) AS person_id
       FROM sale_lines l JOIN sale_persons p ON p.document_id = l.document_id
       WHERE p.person_id IS NOT NULL
       GROUP BY 1 ORDER BY 1`,
    );
    let rows = 0;
    for (let at = 3; at < documents.length; at += Math.ceil(documents.length / 5)) {
      const { document_id = null, order_id = null, person_id = null } = documents[at]!;
      const parameters: Record<string, Cell[]> = {
        documents: [document_id, null],
        happenings: [document_id, 50],
        identifiers: [person_id],
        related: [document_id, order_id],
      };
      const answer = await ask(select, parameters[name] ?? [document_id]);
      expect(answer.differences, `${document_id}`).toEqual([]);
      rows += answer.rows;
    }
    if (!['matches', 'related', 'returns'].includes(name)) expect(rows).toBeGreaterThan(0);
  });

  test.each(readSqlFolder('exports'))('export $name', async ({ select }) => {
    const days = select.includes('?') ? ['2025-02-01', '2025-04-30'] : [];
    const answer = await ask(select, days);
    expect(answer.differences).toEqual([]);
    expect(answer.rows).toBeGreaterThan(0);
  });

  test('closing keeps the same figures', async () => {
    const { queries, s3 } = both.local;
    const through = '2025-04-30';
    const closed = await both.shop.shop.closePeriod(through);
    const periods = createAthenaClosedPeriods({ queries, s3, bucket: BUCKET, rawDatabase: RAW });
    const kept = await closePeriod({
      periods,
      build: both.manifest,
      through,
      now: Date.parse(closed.closed_at),
    });
    expect(kept.figures).toBe(closed.figures);
    expect(kept.figures).toBeGreaterThan(0);
    const [sums] = await queries.rows(
      `SELECT CAST(sum(amount) AS bigint) AS amount, count(*) AS n FROM ${quoted(RAW, 'raw_closings')} WHERE closed_through = DATE '${through}'`,
    );
    expect(Number(sums?.n)).toBeGreaterThanOrEqual(kept.figures);
  });

  test('no statement comes near the stages that Athena allows', () => {
    const { stages, sql } = both.trino.mostStages();
    expect(stages, sql.slice(0, 300)).toBeLessThan(100);
    expect(stages).toBeGreaterThan(10);
  });
});
