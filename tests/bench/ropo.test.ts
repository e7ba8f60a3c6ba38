import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openEngine } from '../../lib/adapters/embedded/duckdb.ts';
import { type RopoResult, runRopoPart } from '../../lib/bench/ropo/ropo-job.ts';
import { ROPO_KPIS } from '../../lib/bench/ropo/ropo-part.ts';
import { ropoBenchText } from '../../lib/bench/ropo/show-ropo-bench.ts';
import { linesOf, storeShopTables } from '../../lib/bench/ropo/store-shop.ts';
import { ropoTargetOutcomes } from '../../lib/bench/targets.ts';
import { readSqlFolder } from '../../lib/pipeline/sql-files.ts';

const EVENTS = 20_000;
const folder = mkdtempSync(join(tmpdir(), 'ropo-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the shop of the ROPO bench', () => {
  const tables = async (sharedPart: number) => {
    const engine = await openEngine({ spillDirectory: join(folder, 'spill') });
    for (const [name, select] of Object.entries(storeShopTables({ events: EVENTS, sharedPart })))
      await engine.run(`CREATE TABLE ${name} AS ${select}`);
    return engine;
  };
  const one = async (engine: Awaited<ReturnType<typeof tables>>, select: string) =>
    (await engine.rows(select))[0]!;

  test('has the size, the skew and the gaps that it promises', async () => {
    const engine = await tables(0);
    const events = await one(
      engine,
      `SELECT count(*) AS n, count(DISTINCT event_key) AS keys, count(DISTINCT person_id) AS persons,
         count(sku) AS views, count(*) FILTER (event = 'Product Viewed') AS viewed FROM web_events`,
    );
    expect(events).toMatchObject({ n: EVENTS, keys: EVENTS, viewed: events.views });
    expect(Number(events.views) / EVENTS).toBeCloseTo(0.4, 2);
    const lines = await one(
      engine,
      `SELECT count(*) AS n, count(DISTINCT line_id) AS keys, count(p.person_id) AS known
       FROM sale_lines l JOIN sale_persons p ON p.document_id = l.document_id WHERE document_kind = 'receipt'`,
    );
    expect(lines).toMatchObject({ n: linesOf({ events: EVENTS, sharedPart: 0 }), keys: lines.n });
    expect(Number(lines.known) / Number(lines.n)).toBeCloseTo(0.6, 1);
    const { busiest } = await one(
      engine,
      `SELECT max(n) * 1e0 / avg(n) AS busiest FROM (SELECT count(*) AS n FROM web_events GROUP BY person_id) t`,
    );
    expect(Number(busiest)).toBeGreaterThan(2);
    expect(Number(busiest)).toBeLessThan(10);
    const bare = await engine.rows(
      `SELECT e.event_key FROM web_events e JOIN session_events s ON s.event_key = e.event_key
       JOIN sessions i ON i.session_id = s.device_id || '-' || CAST(s.session_no AS varchar)`,
    );
    expect(bare).toHaveLength(EVENTS);
    engine.close();
  });

  test('gives the shared identifier its part of events and receipts, and changes nothing else', async () => {
    const shared = await tables(0.05);
    const part = (table: string) =>
      one(
        shared,
        `SELECT avg(CASE WHEN person_id = 'pSharedBySo' THEN 1e0 ELSE 0e0 END) AS part FROM ${table}`,
      );
    expect(Number((await part('web_events')).part)).toBeCloseTo(0.05, 1);
    expect(
      Number((await part("(SELECT * FROM sale_persons WHERE document_id LIKE 'receipt%') t")).part),
    ).toBeGreaterThan(0.02);
    const plain = await tables(0);
    const others = 'SELECT event_key, occurred_at, sku FROM web_events ORDER BY 1';
    expect(await shared.rows(others)).toEqual(await plain.rows(others));
    for (const engine of [plain, shared]) engine.close();
  });
});

describe('the bench of the ROPO part', () => {
  let plain: RopoResult;
  beforeAll(async () => {
    plain = await runRopoPart(join(folder, 'shop'), { events: EVENTS, sharedPart: 0 });
  });

  test('measures every ROPO table and KPI in a process of its own', () => {
    const names = plain.parts.map(({ name }) => name);
    for (const { name } of readSqlFolder('ropo')) expect(names).toContain(name);
    for (const kpi of ROPO_KPIS) expect(names).toContain(`KPI ${kpi}`);
    for (const { name, rows, seconds } of plain.parts) {
      expect(rows, name).toBeGreaterThan(0);
      expect(seconds, name).toBeGreaterThan(0);
    }
    expect(plain.seconds).toBeGreaterThanOrEqual(Math.max(...plain.parts.map(({ seconds }) => seconds)));
    expect(plain.peakBytes).toBeGreaterThan(10e6);
  });

  test('shows both runs side by side', () => {
    const text = ropoBenchText(EVENTS, plain, { ...plain, seconds: plain.seconds * 2 });
    expect(text.split('\n').find((line) => line.startsWith('ropo_matches'))).toMatch(/1\.00 x +1\.00 x$/);
    expect(text.split('\n').find((line) => line.startsWith('all '))).toMatch(/2\.00 x +1\.00 x$/);
    expect(text).toContain('not measured at this size');
  });

  test('says which targets are met at full size', () => {
    const run = (seconds: number, peakBytes: number, cpuSeconds = seconds) => ({
      seconds,
      cpuSeconds,
      peakBytes,
    });
    const met = (events: number, plainSeconds: number, bytes: number, sharedSeconds: number) =>
      ropoTargetOutcomes(events, run(plainSeconds, bytes), run(sharedSeconds, bytes)).map(
        ({ isMet }) => isMet,
      );
    expect(met(10_000_000, 59, 3e9, 80)).toEqual([true, true, true]);
    expect(met(10_000_000, 61, 5e9, 99)).toEqual([false, false, false]);
    const [, , busier] = ropoTargetOutcomes(10_000_000, run(50, 1, 50), run(50, 1, 80));
    expect(busier).toMatchObject({ isMet: false, measured: '1.00 x, of the processor 1.60 x' });
    expect(met(9_999_999, 1, 1, 1)).toEqual([null, null, null]);
  });
});
