import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Outcome, type Workplace, workplace } from './run-ropo.ts';

/** What a newcomer does: start, start again, look at a KPI, ask some SQL. */
let place: Workplace;
let first: Outcome;

beforeAll(async () => {
  place = workplace();
  first = await place.ropo('start', '--once', '--persons', '60');
});
afterAll(() => place?.remove());

describe('start --once', () => {
  test('makes, imports, builds and reports, and says that all of it is synthetic', () => {
    expect(first.stderr).toBe('');
    expect(first.code).toBe(0);
    const lines = first.stdout.split('\n');
    expect(lines.filter((line) => line.startsWith('[Synthetic shop, 60 people, seed 1]')).length).toBe(4);
    for (const title of ['Source ', 'Revenue, EUR ', 'Purchases ', 'ROAS ', 'Step '])
      expect(
        lines.some((line) => line.startsWith(title)),
        title,
      ).toBe(true);
    expect(lines.find((line) => line.startsWith('Revenue, EUR'))).toMatch(
      /Spend, EUR +first_touch .*linear .*time_decay/,
    );
    // Of sixty people too few research a SKU for that step to be shown.
    expect(first.stdout).toMatch(/researched: SKU|with all further steps/);
    expect(first.stdout).toMatch(/^total +[\d,]+ +[\d,]+ +\d+ +11 +1$/m);
  });

  test('prints a reconciliation that adds up to the cent', () => {
    const line =
      /EUR received ([\d,.-]+) = attributed ([\d,.-]+) \+ unattributed ([\d,.-]+) .*\+ excluded ([\d,.-]+) .*for every model/.exec(
        first.stdout,
      );
    const [received, ...parts] = line!
      .slice(1)
      .map((text) => Math.round(Number(text.replaceAll(',', '')) * 100));
    expect(parts.reduce((a, b) => a! + b!, 0)).toBe(received);
    expect(received).toBeGreaterThan(0);
  });

  test('uses what is there the second time', async () => {
    const again = await place.ropo('start', '--once');
    expect(again).toMatchObject({ code: 0 });
    expect(again.stderr).toContain('Using the shop in .ropo');
    expect(again.stdout.trim()).toBe(first.stdout.slice(first.stdout.indexOf('[Synthetic')).trim());
  });
});

describe('report', () => {
  test('as JSON is what the API answers', async () => {
    const { code, stdout } = await place.ropo(
      'report',
      'attribution',
      '--model',
      'linear',
      '--by',
      'month',
      '--format',
      'json',
    );
    expect(code).toBe(0);
    const answer = JSON.parse(stdout) as {
      model: string;
      by: string;
      data_label: string;
      rows: { label: string }[];
    };
    expect(answer).toMatchObject({
      model: 'linear',
      by: 'month',
      data_label: 'Synthetic shop, 60 people, seed 1',
    });
    expect(answer.rows.map(({ label }) => label).sort()[0]).toBe('2025-01');
  });

  test('as a table and as CSV say and hold the same', async () => {
    const [table, csv, data] = await Promise.all([
      place.ropo('report', 'ropo', '--by', 'region'),
      place.ropo('report', 'ropo', '--by', 'region', '--format', 'csv'),
      place.ropo('report', 'purchases', '--data', '.ropo', '--from', '2025-06-01', '--to', '2025-06-30'),
    ]);
    expect(table.stdout).toMatch(
      /^\[Synthetic shop, 60 people, seed 1\] ROPO: .*naive, what chance finds, and corrected/,
    );
    expect(csv.stdout.split('\r\n')[0]).toMatch(/^label,currency,store_revenue,/);
    const [, shown] = /^-[- ]+\n([\s\S]*?)\n\n/m.exec(table.stdout)!;
    expect(csv.stdout.trimEnd().split('\r\n').length - 1).toBe(shown!.split('\n').length);
    expect(data.stdout).toContain('2025-06-01 to 2025-06-30');
  });

  test.each([
    [['profit'], 2, 'kpi "profit" is not possible here; it can be attribution, ropo'],
    [['attribution', '--by', 'shelf'], 2, 'by "shelf" is not possible here; it can be channel'],
    [['attribution', '--format', 'xml'], 2, 'Allowed choices are table, json, csv'],
  ])('%j is refused with what is allowed', async (words, code, says) => {
    const outcome = await place.ropo('report', ...words);
    expect(outcome).toMatchObject({ code, stdout: '' });
    expect(outcome.stderr).toContain(says);
    expect(outcome.stderr).not.toMatch(/\n +at /);
  });
});

describe('sql', () => {
  const sql = (...words: string[]) => place.ropo('sql', ...words);

  test('writes a table, JSON, CSV and Parquet', async () => {
    const select =
      "SELECT 1 AS n, 'a, \"b\"' AS t, NULL AS nothing, TIMESTAMP '2025-01-01 00:00:00' AS at, DATE '2025-01-02' AS day";
    const [table, json, csv, parquet, noOut] = await Promise.all([
      sql('SELECT store_id, region FROM stores ORDER BY 1 LIMIT 1;'),
      sql(select, '--format', 'json'),
      sql(select, '--format', 'csv'),
      sql('SELECT * FROM stores', '--format', 'parquet', '--out', 'out.parquet'),
      sql('SELECT 1', '--format', 'parquet'),
    ]);
    expect(table).toMatchObject({ code: 0, stderr: '' });
    expect(table.stdout.split('\n')[0]).toMatch(/^store_id +region$/);
    expect(JSON.parse(json.stdout)).toEqual([
      { n: 1, t: 'a, "b"', nothing: null, at: '2025-01-01T00:00:00.000Z', day: '2025-01-02' },
    ]);
    expect(csv.stdout).toBe('n,t,nothing,at,day\r\n1,"a, ""b""",,2025-01-01T00:00:00.000Z,2025-01-02\r\n');
    expect(parquet.code).toBe(0);
    expect(readFileSync(join(place.folder, 'out.parquet')).subarray(0, 4).toString()).toBe('PAR1');
    expect(noOut).toMatchObject({ code: 2, stdout: '' });
    expect(noOut.stderr).toContain('--out FILE');
  });

  test('keeps two columns of one name apart', async () => {
    const { stdout } = await sql('SELECT 1 AS n, 2 AS n', '--format', 'csv');
    expect(stdout.trim().split('\r\n')[1]).toBe('1,2');
  });

  test('keeps the file that is there when the query fails', async () => {
    writeFileSync(join(place.folder, 'kept.parquet'), 'mine');
    const { code, stderr } = await sql(
      'SELECT nothing FROM stores',
      '--format',
      'parquet',
      '--out',
      'kept.parquet',
    );
    expect(code).toBe(1);
    expect(stderr).toContain('nothing');
    expect(readFileSync(join(place.folder, 'kept.parquet'), 'utf8')).toBe('mine');
  });

  test('reads the published tables and nothing else', async () => {
    const outcomes = await Promise.all([
      sql('INSERT INTO stores SELECT * FROM stores'),
      sql("SELECT * FROM read_csv('/etc/passwd')"),
      sql('SELECT 1; SELECT 2'),
    ]);
    for (const { code, stdout, stderr } of outcomes) {
      expect(stdout).toBe('');
      expect([1, 2]).toContain(code);
      expect(stderr).toMatch(/^ropo: \S/);
      expect(stderr).not.toMatch(/\n +at /);
    }
  });
});

describe('start', () => {
  test('never puts the demo among the records of a shop of its own', async () => {
    writeFileSync(
      join(place.folder, 'touches.jsonl'),
      '{"touch_id":"t1","occurred_at":"2025-01-01T10:00:00Z","touch_type":"sms","customer_id":"c1"}\n',
    );
    expect(await place.ropo('import', 'touches', 'touches.jsonl', '--data', 'mine')).toMatchObject({
      code: 0,
    });
    const started = await place.ropo('start', '--once', '--persons', '20', '--data', 'mine');
    expect(started).toMatchObject({ code: 0 });
    expect(started.stdout).not.toContain('Synthetic');
    expect(existsSync(join(place.folder, 'mine', 'demo'))).toBe(false);
  });
});
