import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createAthenaQueries, type QueryDone } from '../../../lib/adapters/aws/athena/queries.ts';
import {
  AthenaBusy,
  QueryCancelled,
  type QueryFailed,
  QueryRejected,
  QueryTimedOut,
  ScanLimitExceeded,
} from '../../../lib/adapters/aws/athena/query-errors.ts';
import { type LocalAthena, openLocalAthena, quickClock, WORKGROUP } from './local-athena.ts';

/** The runner of queries over HTTP, through the real client, against a local endpoint of Athena's protocol. */
let local: LocalAthena;
beforeAll(async () => {
  local = await openLocalAthena();
});
afterAll(() => local?.close());
afterEach(() => {
  local.athena.faults.forget();
  Object.assign(local.athena.settings, { scanCutoff: null, queuedLooks: 0, runningLooks: 0 });
});

const failureOf = async (work: Promise<unknown>): Promise<Error> => {
  try {
    await work;
  } catch (error) {
    return error as Error;
  }
  throw new Error('it did not fail');
};
const callsOf = (action: string) => local.athena.faults.calls[action] ?? 0;

describe('results', () => {
  test('have the types that the embedded engine gives', async () => {
    const rows = await local.queries.rows(
      `SELECT 1 AS small, CAST(9007199254740991 AS bigint) AS fits, CAST(9007199254740993 AS bigint) AS large,
         CAST(1.5 AS double) AS d, CAST(1e20 AS double) AS huge, CAST(-0.0001 AS double) AS tiny, CAST('NaN' AS double) AS nan,
         CAST('-Infinity' AS double) AS below, 1 = 1 AS yes, 1 = 2 AS no, date '2025-03-31' AS day,
         CAST(timestamp '2025-03-31 23:59:59.123456' AS timestamp(6)) AS moment, CAST(timestamp '1969-12-31 23:59:59.5' AS timestamp(6)) AS earlier,
         CAST(NULL AS varchar) AS nothing, CAST(NULL AS bigint) AS no_number`,
    );
    expect(rows).toEqual([
      {
        small: 1,
        fits: 9007199254740991,
        large: 9007199254740993n,
        d: 1.5,
        huge: 1e20,
        tiny: -0.0001,
        nan: Number.NaN,
        below: Number.NEGATIVE_INFINITY,
        yes: true,
        no: false,
        day: '2025-03-31',
        moment: '2025-03-31T23:59:59.123Z',
        earlier: '1969-12-31T23:59:59.500Z',
        nothing: null,
        no_number: null,
      },
    ]);
  });

  const TEXTS = [
    '',
    'null',
    '"',
    '""',
    'a,b',
    'line\nbreak',
    'back\r\nforth',
    "it's",
    'Zoë 🛒 日本',
    ' ',
    '\\N',
    null,
    '","',
  ];

  test('keep text as it is: null, empty, quotes, commas, lines, any script', async () => {
    const values = TEXTS.map(
      (text, at) => `(${at}, ${text === null ? 'NULL' : `'${text.replaceAll("'", "''")}'`})`,
    );
    const select = `SELECT place, text FROM (VALUES ${values.join(', ')}) AS t(place, text) ORDER BY place`;
    expect((await local.queries.rows(select)).map(({ text }) => text)).toEqual(TEXTS);
    expect((await local.queries.columns(select)).text).toEqual(TEXTS);
  });

  test('come page by page without the row of names, and beyond five pages from their file', async () => {
    const numbers = (upTo: number) =>
      `SELECT n FROM (SELECT CAST(n AS bigint) AS n FROM UNNEST(sequence(1, ${upTo})) AS t(n)) s ORDER BY n`;
    for (const [rows, pages] of [
      [999, 1],
      [1000, 2],
      [2500, 3],
      [4999, 5],
    ] as const) {
      local.athena.faults.forget();
      const found = await local.queries.rows(numbers(rows));
      expect(found.length).toBe(rows);
      expect([found[0]?.n, found.at(-1)?.n]).toEqual([1, rows]);
      expect(callsOf('GetQueryResults'), `${rows} rows`).toBe(pages);
    }
    local.s3Emulator.faults.forget();
    const many = await local.queries.rows(numbers(23_456));
    expect(many.map(({ n }) => n)).toEqual(Array.from({ length: 23_456 }, (_, at) => at + 1));
    expect(callsOf('GetQueryResults')).toBe(10);
    expect(local.s3Emulator.faults.calls.GetObject).toBe(1);
  });

  test('come as arrays by column, NaN where a double is null', async () => {
    const columns = await local.queries.columns(
      `SELECT CAST(n AS integer) AS n, CASE WHEN n = 2 THEN NULL ELSE n / 4e0 END AS d, CASE WHEN n = 3 THEN NULL WHEN n = 4 THEN '' ELSE 'x' END AS t
       FROM UNNEST(sequence(1, 4)) AS s(n) ORDER BY n`,
    );
    expect(columns).toEqual({
      n: Int32Array.of(1, 2, 3, 4),
      d: Float64Array.of(0.25, Number.NaN, 0.75, 1),
      t: ['x', 'x', null, ''],
    });
    expect(
      await local.queries.columns(
        'SELECT CAST(NULL AS integer) AS n, CAST(NULL AS varchar) AS t WHERE 1 = 2',
      ),
    ).toEqual({
      n: new Int32Array(0),
      t: [],
    });
  });

  test('as arrays are refused for other types and for whole numbers that are null', async () => {
    const big = await failureOf(local.queries.columns('SELECT CAST(1 AS bigint) AS wide'));
    expect(big.message).toBe('Column wide is a bigint; cast it to integer, double or varchar');
    const none = await failureOf(
      local.queries.columns('SELECT CAST(n AS integer) AS part FROM (VALUES (1), (NULL)) AS t(n)'),
    );
    expect(none.message).toMatch(/Column part is null in row \d; an integer must have a value/);
  });
});

describe('values', () => {
  const HOSTILE = ["'; DROP TABLE t; --", "' OR '1'='1", '?', "''", '\\', '"', '/*', '--', 'a\nb', '$1', ''];

  test.each(HOSTILE)('%j stays one text, wherever its question mark stands', async (value) => {
    const beside = await local.queries.rows('SELECT t FROM (VALUES (1)) AS s(t) WHERE ? = ? AND t = ?', {
      parameters: [value, value, 1],
    });
    expect(beside).toEqual([{ t: 1 }]);
    const within = await local.queries.rows(
      'SELECT CAST(? AS varchar) AS said, \'?\' AS mark, "t?" FROM (VALUES (2)) AS s("t?") -- ?',
      {
        parameters: [value],
      },
    );
    expect(within).toEqual([{ said: value, mark: '?', 't?': 2 }]);
  });

  test('go beside the statement where Athena takes them: in a WHERE, also deeper in it', async () => {
    const sql =
      'SELECT n FROM (VALUES (1), (2), (3)) AS t(n) WHERE n IN (CAST(? AS integer), abs(?)) ORDER BY n';
    await local.queries.rows(sql, { parameters: [2, -3] });
    expect(local.athena.executions.at(-1)).toMatchObject({ sql, parameters: ['2', '-3'] });
    await local.queries.rows(
      `WITH asked AS (SELECT CAST(? AS date) AS day) SELECT day FROM asked WHERE day > CAST(? AS date)`,
      {
        parameters: ['2025-03-31', '2025-01-01'],
      },
    );
    expect(local.athena.executions.at(-1)).toMatchObject({
      sql: "WITH asked AS (SELECT CAST('2025-03-31' AS date) AS day) SELECT day FROM asked WHERE day > CAST('2025-01-01' AS date)",
      parameters: [],
    });
  });

  test('that are too long to go beside the statement go into it', async () => {
    const long = 'x'.repeat(1023);
    const rows = await local.queries.rows('SELECT 1 AS found WHERE ? = ?', { parameters: [long, long] });
    expect(rows).toEqual([{ found: 1 }]);
    expect(local.athena.executions.at(-1)?.parameters).toEqual([]);
  });

  test('keep their types: null, numbers with and without fractions, large ones, truth', async () => {
    const [row] = await local.queries.rows(
      'SELECT CAST(? AS varchar) IS NULL AS none, ? AS whole, ? AS part, ? AS small, CAST(? AS bigint) AS wide, ? AS yes',
      { parameters: [null, -5, 0.1, 1e-7, 9007199254740993n, true] },
    );
    expect(row).toEqual({
      none: true,
      whole: -5,
      part: 0.1,
      small: 1e-7,
      wide: 9007199254740993n,
      yes: true,
    });
    const error = await failureOf(local.queries.rows('SELECT ? AS n', { parameters: [Number.NaN] }));
    expect(error.message).toBe(
      'A parameter is NaN, which SQL has no literal for; give a finite number or null',
    );
  });

  test('with a NUL character are refused: no text of SQL can hold one', async () => {
    const error = await failureOf(local.queries.rows('SELECT ? AS t', { parameters: ['a\0b'] }));
    expect(error.message).toBe('A parameter holds a NUL character, which SQL text cannot; take it out');
  });

  test('must be as many as question marks', async () => {
    const error = await failureOf(local.queries.rows("SELECT ? AS a, '?' AS b", { parameters: [1, 2] }));
    expect(error.message).toBe('A statement has 1 question marks and was given 2 values; give one for each');
  });
});

describe('waiting', () => {
  test('looks again after pauses that grow, with chance in them', async () => {
    Object.assign(local.athena.settings, { queuedLooks: 3, runningLooks: 5 });
    const limits = { pollFirstMs: 100, pollMostMs: 400 };
    const [middle, low] = [quickClock(0.5), quickClock(0)];
    await local.queriesWith({ clock: middle, limits }).run('SELECT 1');
    expect(middle.slept.slice(0, 9)).toEqual([100, 150, 225, 337.5, 400, 400, 400, 400, 400]);
    expect(callsOf('GetQueryExecution')).toBeGreaterThanOrEqual(9);
    await local.queriesWith({ clock: low, limits }).run('SELECT 2');
    expect(low.slept[0]).toBe(75);
  });

  test('ends at the time limit: the query is stopped', async () => {
    const held = local.athena.holdQuery(/'slow'/);
    const error = await failureOf(
      local
        .queriesWith({ clock: quickClock() })
        .run("SELECT 'slow' AS s", { name: 'slow one', timeoutMs: 30_000 }),
    );
    held.release();
    expect(error).toBeInstanceOf(QueryTimedOut);
    expect(error.message).toMatch(/^Query slow one \([\w-]+\) took longer than 30 s and was stopped\./);
    expect(local.athena.executions.at(-1)?.state).toBe('CANCELLED');
    expect(callsOf('StopQueryExecution')).toBe(1);
  });

  test('ends when who asked gives up: the query is stopped', async () => {
    const held = local.athena.holdQuery(/'long'/);
    const giveUp = new AbortController();
    const work = failureOf(
      local.queries.run("SELECT 'long' AS s", { name: 'long one', signal: giveUp.signal }),
    );
    await held.started;
    giveUp.abort();
    expect(await work).toBeInstanceOf(QueryCancelled);
    held.release();
    expect(local.athena.executions.at(-1)?.state).toBe('CANCELLED');
  });

  test('ends when somebody else stops the query', async () => {
    const held = local.athena.holdQuery(/'stopped'/);
    const work = failureOf(local.queries.run("SELECT 'stopped' AS s", { name: 'mine' }));
    const { id } = await held.started;
    local.athena.failQuery(/none/, { reason: '' });
    const { StopQueryExecutionCommand } = await import('@aws-sdk/client-athena');
    await local.client.send(new StopQueryExecutionCommand({ QueryExecutionId: id }));
    held.release();
    const error = await work;
    expect(error).toBeInstanceOf(QueryCancelled);
    expect(error.message).toBe(`Query mine (${id}) was cancelled before it ended; run it again`);
  });
});

describe('what Athena refuses', () => {
  test('for good names the query, the code and the name that is wrong', async () => {
    const before = local.athena.executions.length;
    const missing = await failureOf(local.queries.run('SELECT a FROM nowhere', { name: 'table sales' }));
    expect(missing).toBeInstanceOf(QueryRejected);
    expect((missing as QueryRejected).code).toBe('TABLE_NOT_FOUND');
    expect(missing.message).toMatch(/^Query table sales \([\w-]+\) failed: TABLE_NOT_FOUND: .*nowhere/);
    const wrong = await failureOf(local.queries.run('SELECT FROM WHERE'));
    expect((wrong as QueryRejected).code).toBe('SYNTAX_ERROR');
    expect(local.athena.executions.length).toBe(before + 2);
  });

  test('never shows a value of a row or of a parameter', async () => {
    const secret = 'anna.rossi@example.com';
    local.athena.failQuery(/cast_of_secret/, {
      reason: `INVALID_CAST_ARGUMENT: Cannot cast '${secret}' to INT`,
    });
    local.athena.failQuery(/syntax_of_secret/, {
      reason: `SYNTAX_ERROR: line 1:8: mismatched '${secret}' near "rossi" 3391234567, Column 'syntax_of_secret' cannot be resolved`,
    });
    const cast = await failureOf(local.queries.run('SELECT 1 AS cast_of_secret'));
    expect(cast.message).toContain('failed: INVALID_CAST_ARGUMENT.');
    const syntax = await failureOf(
      local.queries.run('SELECT 1 AS syntax_of_secret WHERE ? = ?', { parameters: [secret, 'rossi'] }),
    );
    expect(syntax.message).toContain("Column 'syntax_of_secret' cannot be resolved");
    for (const { message } of [cast, syntax]) expect(message).not.toMatch(/anna|rossi|339123/);
    const real = await failureOf(
      local.queries.run(`SELECT CAST(t AS integer) AS n FROM (VALUES ('${secret}')) AS v(t)`),
    );
    expect(real).toBeInstanceOf(QueryRejected);
    expect(real.message).not.toMatch(/anna|rossi/);
  });

  test('a statement that is too long, before it is sent', async () => {
    const before = local.athena.executions.length;
    const error = await failureOf(
      local.queries.run(`SELECT '${'é'.repeat(131_072)}' AS long`, { name: 'table seed_stores' }),
    );
    expect(error.message).toBe(
      'The statement of table seed_stores has 262161 bytes; Athena takes 262144. Cut it into two tables, or give its rows as a file',
    );
    expect(local.athena.executions.length).toBe(before);
  });

  test('a workgroup that is not there', async () => {
    const error = await failureOf(local.queriesWith({ workgroup: 'other' }).run('SELECT 1', { name: 'any' }));
    expect(error).toBeInstanceOf(QueryRejected);
    expect(error.message).toMatch(/^Query any was refused: .*WorkGroup/);
  });

  test('a query that reads more than the workgroup allows', async () => {
    await local.queries.run('CREATE DATABASE IF NOT EXISTS `limits`');
    await local.queries.run(
      `CREATE TABLE "limits"."wide" WITH (table_type = 'ICEBERG', is_external = false, location = 's3://lake/limits/wide/', format = 'PARQUET') AS SELECT n, to_hex(md5(to_utf8(CAST(n AS varchar)))) AS text FROM UNNEST(sequence(1, 5000)) AS s(n)`,
    );
    local.athena.settings.scanCutoff = 20_000;
    const narrow = await local.queries.run('SELECT count(n) AS c FROM wide', { database: 'limits' });
    const error = await failureOf(
      local.queries.run('SELECT max(text) AS m FROM wide', { database: 'limits', name: 'report' }),
    );
    expect(error).toBeInstanceOf(ScanLimitExceeded);
    const [, scanned] =
      /^Query report \([\w-]+\) reads more than the 20000 bytes that workgroup ropo allows a query, and was stopped after (\d+) bytes\. Ask for less, or raise the limit of the workgroup$/.exec(
        error.message,
      ) ?? [];
    expect(Number(scanned)).toBeGreaterThan(20_000);
    expect(narrow.scannedBytes).toBeGreaterThan(0);
    expect(narrow.scannedBytes).toBeLessThan(20_000);
  });
});

describe('what passes by itself', () => {
  test('a start without room is tried again with full jitter', async () => {
    local.athena.faults.fail('StartQueryExecution', { code: 'TooManyRequestsException' }, 4);
    const clock = quickClock(0.5);
    await local.queriesWith({ clock, limits: { retryBaseMs: 100, retryMostMs: 300 } }).run('SELECT 1');
    expect(clock.slept.slice(0, 4)).toEqual([50, 100, 150, 150]);
    expect(callsOf('StartQueryExecution')).toBe(5);
  });

  test('but not for ever: the budget and the reason are named', async () => {
    const end = local.athena.faults.failWhile('StartQueryExecution', () => ({
      code: 'TooManyRequestsException',
    }));
    const error = await failureOf(
      local
        .queriesWith({
          clock: quickClock(0.9),
          limits: { retryBudgetMs: 10_000, retryBaseMs: 500, retryMostMs: 5000 },
        })
        .run('SELECT 1', { name: 'table credits' }),
    );
    end();
    expect(error).toBeInstanceOf(AthenaBusy);
    expect(error.message).toMatch(
      /^The start of query table credits of Athena did not get through in \d+ tries and \d+ s \(limit 10 s\): TooManyRequestsException\./,
    );
  });

  test.each(['GetQueryExecution', 'GetQueryResults'])(
    '%s that is throttled is asked again',
    async (action) => {
      local.athena.faults.fail(action, { code: 'ThrottlingException' }, 2);
      expect(await local.queries.rows('SELECT 7 AS n')).toEqual([{ n: 7 }]);
      expect(callsOf(action)).toBeGreaterThanOrEqual(3);
    },
  );

  test('an answer that was lost does not start the query twice', async () => {
    const before = local.athena.executions.length;
    local.athena.faults.fail('StartQueryExecution', { code: 'Dropped', isDone: false });
    local.athena.faults.fail('StartQueryExecution', {
      code: 'InternalServerException',
      status: 500,
      isDone: true,
    });
    expect(await local.queries.rows('SELECT 8 AS n')).toEqual([{ n: 8 }]);
    expect(callsOf('StartQueryExecution')).toBe(3);
    expect(local.athena.executions.length).toBe(before + 1);
  });

  test.each([
    ['of Athena itself', { reason: 'GENERIC_INTERNAL_ERROR: null', category: 1 }],
    ['that Athena says will pass', { reason: 'HIVE_CURSOR_ERROR: x', category: 2, isRetryable: true }],
    [
      'of two who wrote at once',
      { reason: 'ICEBERG_COMMIT_ERROR: Failed to commit Iceberg update', category: 2 },
    ],
  ])('a failure %s: the statement is made anew for each try', async (_, fault) => {
    local.athena.failQuery(/AS again/, fault, 2);
    const asked: number[] = [];
    const done = await local.queries.run((attempt) => {
      asked.push(attempt);
      return `SELECT ${attempt} AS again`;
    });
    expect(asked).toEqual([0, 1, 2]);
    expect(local.athena.executions.at(-1)).toMatchObject({ id: done.queryId, sql: 'SELECT 2 AS again' });
  });

  test('a failure that is not: it is told at once', async () => {
    local.athena.failQuery(/AS exhausted/, {
      reason: 'EXCEEDED_MEMORY_LIMIT: Query exceeded per-node memory limit of 8GB',
      category: 2,
    });
    const error = await failureOf(local.queries.run('SELECT 1 AS exhausted', { name: 'big' }));
    expect((error as QueryFailed).message).toContain('EXCEEDED_MEMORY_LIMIT');
  });
});

describe('a result that was there already', () => {
  test('serves readers who allow it, for as long as they allow, and costs nothing', async () => {
    let now = Date.UTC(2025, 5, 1);
    local.athena.settings.now = () => now;
    try {
      await local.queries.run('CREATE DATABASE IF NOT EXISTS `reuse`');
      await local.queries.run(
        `CREATE TABLE "reuse"."t" WITH (table_type = 'ICEBERG', is_external = false, location = 's3://lake/reuse/t/', format = 'PARQUET') AS SELECT n FROM UNNEST(sequence(1, 100)) AS s(n)`,
      );
      const ask = (reuse?: number) =>
        local.queries.run('SELECT sum(n) AS total FROM t', { database: 'reuse', reuse });
      const first = await ask(60);
      expect(first).toMatchObject({ isReused: false });
      expect(first.scannedBytes).toBeGreaterThan(0);
      now += 59 * 60_000;
      const second = await ask(60);
      expect(second).toMatchObject({ isReused: true, scannedBytes: 0, output: first.output });
      expect(
        await local.queries.rows('SELECT sum(n) AS total FROM t', { database: 'reuse', reuse: 60 }),
      ).toEqual([{ total: 5050 }]);
      expect(await ask()).toMatchObject({ isReused: false });
      now += 61 * 60_000;
      expect(await ask(60)).toMatchObject({ isReused: false });
    } finally {
      local.athena.settings.now = Date.now;
    }
  });
});

test('each query that succeeded is told with what it read and what it was for', async () => {
  const told: QueryDone[] = [];
  const { client, s3 } = local;
  const queries = createAthenaQueries({
    client,
    s3,
    workgroup: WORKGROUP,
    onQuery: (done) => told.push(done),
  });
  await local.queries.run('CREATE DATABASE IF NOT EXISTS `told`');
  await local.queries.run(
    `CREATE TABLE "told"."t" WITH (table_type = 'ICEBERG', is_external = false, location = 's3://lake/told/t/', format = 'PARQUET') AS SELECT n, to_hex(md5(to_utf8(CAST(n AS varchar)))) AS text FROM UNNEST(sequence(1, 1000)) AS s(n)`,
  );
  await queries.rows('SELECT max(n) AS m FROM t', { database: 'told', name: 'narrow' });
  await queries.rows('SELECT max(n) AS m, max(text) AS l FROM t', { database: 'told', name: 'wide' });
  await failureOf(queries.rows('SELECT nothing FROM t', { database: 'told', name: 'wrong' }));
  expect(told.map(({ name }) => name)).toEqual(['narrow', 'wide']);
  expect(told[0]!.scannedBytes).toBeGreaterThan(0);
  expect(told[1]!.scannedBytes).toBeGreaterThan(told[0]!.scannedBytes + 10_000);
});

test('the file of a result is written as Athena writes it', async () => {
  const { output } = await local.queries.run(
    `SELECT 'a "b"' AS t, CAST(NULL AS varchar) AS n, '' AS e, 1 AS i`,
  );
  const file = readFileSync(join(local.folder, output!.replace('s3://', '')), 'utf8');
  expect(file).toBe('"t","n","e","i"\n"a ""b""",,"","1"\n');
});
