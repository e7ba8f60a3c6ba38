import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { prepareRawDatabase } from '../../../lib/adapters/aws/athena/build-database.ts';
import { MOST_DAYS_WRITTEN, runsOf } from '../../../lib/adapters/aws/athena/raw-days.ts';
import { mergeLanding } from '../../../lib/adapters/aws/athena/raw-statements.ts';
import { countStatement } from '../../../lib/adapters/aws/builds/merge-landing.ts';
import { daysOf, mergeParts } from '../../../lib/adapters/aws/builds/merge-parts.ts';
import { landVisits } from './land-visits.ts';
import { BUCKET, type LocalAthena, openLocalAthena } from './local-athena.ts';
import { mergeLanded } from './merge-landed.ts';

/** What a merge reads and writes of a raw table: the days of the rows that landed, however long the history is. */
const RAW = 'ropo_raw';
const TABLE = 'raw_visits';
let local: LocalAthena;

beforeAll(async () => {
  local = await openLocalAthena();
  await prepareRawDatabase(local.queries, RAW, BUCKET);
});
afterAll(() => local?.close());

const landDays = (arrived: string, from: string, days: number, perDay: number) =>
  landVisits(local.folder, { arrived, from, days, perDay });
const merge = (day: string) => mergeLanded(local.queries, RAW, TABLE, { from: day, to: day });
const statementsSince = (from: number) =>
  local.athena.executions.slice(from).filter(({ sql }) => sql.startsWith('MERGE'));
const rowsNow = async () =>
  Number((await local.queries.rows(`SELECT count(*) AS n FROM "${RAW}"."${TABLE}"`))[0]!.n);

describe('a history that comes at once', () => {
  test('is merged in parts that no statement refuses for its partitions', async () => {
    await landDays('2025-01-01', '2024-01-01', 366, 40);
    const before = local.athena.executions.length;
    await merge('2025-01-01');
    expect(statementsSince(before)).toHaveLength(Math.ceil(366 / MOST_DAYS_WRITTEN));
    expect(await rowsNow()).toBe(366 * 40);
  });

  test('and once more as a whole, of which nothing is new', async () => {
    await landDays('2025-01-02', '2024-01-01', 366, 40);
    await merge('2025-01-02');
    expect(await rowsNow()).toBe(366 * 40);
  });

  test('would be refused as one statement', async () => {
    const parts = await mergeParts({ queries: local.queries, rawDatabase: RAW }, TABLE, [
      { from: '2025-01-01', to: '2025-01-01' },
    ]);
    const whole = { arrived: parts[0]!.arrived, days: daysOf(parts) };
    await expect(local.queries.run(mergeLanding(RAW, TABLE, whole))).rejects.toThrow(
      'ICEBERG_TOO_MANY_OPEN_PARTITIONS',
    );
  });
});

describe('a late row', () => {
  test('reopens its own day: the statement names it, and reads no other', async () => {
    await landDays('2025-01-03', '2024-06-30', 1, 41);
    const arrived = [{ from: '2025-01-03', to: '2025-01-03' }];
    const parts = await mergeParts({ queries: local.queries, rawDatabase: RAW }, TABLE, arrived);
    expect(parts).toEqual([{ arrived: arrived[0], days: [{ from: '2024-06-30', to: '2024-06-30' }] }]);
    const count = countStatement(RAW, TABLE, arrived, daysOf(parts));
    const before = local.athena.executions.length;
    expect(await local.queries.rows(count)).toEqual([{ landed: 41, erased: 0, fresh: 1, earlier: 0 }]);
    await merge('2025-01-03');
    expect(await rowsNow()).toBe(366 * 40 + 1);
    const [statement] = statementsSince(before);
    expect(statement!.sql.match(/"said_on" (=|BETWEEN) DATE '[-\d]+'/g)).toEqual([
      `"said_on" = DATE '2024-06-30'`,
    ]);
    expect(
      await local.queries.rows(
        `SELECT said_on, count(*) AS n FROM "${RAW}"."${TABLE}" GROUP BY said_on HAVING count(*) <> 40`,
      ),
    ).toEqual([{ said_on: '2024-06-30', n: 41 }]);
  });

  test('costs as many bytes of a year as of two', async () => {
    const bytesOfMerge = async (day: string, told: string) => {
      await landDays(day, told, 1, 40);
      const before = local.athena.executions.length;
      await merge(day);
      expect(statementsSince(before)).toHaveLength(1);
      return statementsSince(before)[0]!.scannedBytes;
    };
    const [whole] = statementsSince(0);
    const ofOneYear = await bytesOfMerge('2025-01-04', '2024-03-03');
    await landDays('2025-01-05', '2023-01-01', 365, 40);
    await merge('2025-01-05');
    const ofTwoYears = await bytesOfMerge('2025-01-06', '2024-03-05');
    expect(ofOneYear).toBeGreaterThan(0);
    expect(ofOneYear).toBeLessThan(whole!.scannedBytes / 5);
    expect(ofTwoYears).toBeLessThan(ofOneYear * 1.2);
  });
});

describe('the days that a condition names', () => {
  const day = fc
    .integer({ min: 0, max: 20_000 })
    .map((n) => new Date(n * 86_400_000).toISOString().slice(0, 10));

  test('hold every day that is asked for, in order, apart, and never more than a statement can hold', () => {
    fc.assert(
      fc.property(fc.array(day, { maxLength: 900 }), (days) => {
        const runs = runsOf(days);
        expect(runs.length).toBeLessThanOrEqual(300);
        for (const each of days) expect(runs.some(({ from, to }) => from <= each && each <= to)).toBe(true);
        for (const [at, { from, to }] of runs.entries()) {
          expect(from <= to).toBe(true);
          if (at > 0) expect(runs[at - 1]!.to < from).toBe(true);
          expect(days).toContain(from);
          expect(days).toContain(to);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('are none beside those that are asked for, as long as these are few', () => {
    expect(runsOf(['2024-02-29', '2024-03-01', '2024-02-28', '2024-03-03', '2024-03-01'])).toEqual([
      { from: '2024-02-28', to: '2024-03-01' },
      { from: '2024-03-03', to: '2024-03-03' },
    ]);
  });
});
