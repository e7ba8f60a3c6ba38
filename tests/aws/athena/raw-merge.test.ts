import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { prepareBuildDatabase, prepareRawDatabase } from '../../../lib/adapters/aws/athena/build-database.ts';
import {
  eraseFromRaw,
  LANDED_TABLES,
  type LandedTable,
  personColumns,
  STORED_RAW_TABLES,
} from '../../../lib/adapters/aws/athena/raw-statements.ts';
import {
  createDatabase,
  createIcebergTable,
  createJsonTable,
  optimizeTable,
  vacuumTable,
} from '../../../lib/adapters/aws/athena/statements.ts';
import { landedColumns } from '../../../lib/domain/landed-columns.ts';
import { RAW_TABLES } from '../../../lib/domain/raw-tables.ts';
import type { Cell, Row } from '../../../lib/ports.ts';
import { BUCKET, type LocalAthena, openLocalAthena } from './local-athena.ts';
import { mergeLanded } from './merge-landed.ts';

/** From files of landing to raw tables: repeats, order, erased persons. */
const RAW = 'ropo_raw';
let local: LocalAthena;
let files = 0;

beforeAll(async () => {
  local = await openLocalAthena();
  await prepareRawDatabase(local.queries, RAW, BUCKET);
});
afterAll(() => local?.close());

/** Lands rows in one file. Columns that no row has are not in the file, as of an earlier version. */
function land(table: LandedTable, day: string, rows: readonly Record<string, Cell>[], bucket = BUCKET): void {
  const names = [...new Set(rows.flatMap(Object.keys))];
  const types = {
    varchar: 'STRING',
    date: 'STRING',
    timestamp: 'STRING',
    bigint: 'INT64',
    double: 'DOUBLE',
    boolean: 'BOOLEAN',
  } as const;
  const columns = landedColumns(table) as Record<string, keyof typeof types>;
  const columnData = names.map((name) => ({
    name,
    type: types[columns[name]!],
    data: rows.map((row) => {
      const cell = row[name] ?? null;
      return columns[name] === 'bigint' && cell !== null ? BigInt(cell as number) : cell;
    }),
  }));
  const folder = join(local.folder, bucket, 'landing', table, `arrived=${day}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `part-${++files}.parquet`), Buffer.from(parquetWriteBuffer({ columnData })));
}

const merge = (table: LandedTable, from: string, to = from) =>
  mergeLanded(local.queries, RAW, table, { from, to });
const rowsOf = (table: string, columns: string, order = '1'): Promise<Row[]> =>
  local.queries.rows(`SELECT ${columns} FROM "${RAW}"."${table}" ORDER BY ${order}`);

const visit = (
  record_id: string,
  fingerprint: string,
  received_at: string,
  more: Record<string, Cell> = {},
) => ({
  record_id,
  fingerprint,
  received_at,
  store_id: 's1',
  occurred_at: '2025-03-30T00:30:00.250Z',
  ...more,
});

describe('rows that landed', () => {
  test('come into their table once, typed, whatever is repeated where', async () => {
    land('raw_visits', '2025-04-01', [
      visit('v1', 'f1', '2025-04-01T10:00:00.000Z', {
        left_at: '2025-03-30T01:00:00.001Z',
        customer_key: 'c',
      }),
      visit('v1', 'f1', '2025-04-01T10:00:05.000Z', {
        left_at: '2025-03-30T01:00:00.001Z',
        customer_key: 'c',
      }),
      visit('v1', 'f2', '2025-04-01T10:00:06.000Z'),
    ]);
    land('raw_visits', '2025-04-02', [
      visit('v1', 'f1', '2025-04-02T00:00:00.000Z', {
        left_at: '2025-03-30T01:00:00.001Z',
        customer_key: 'c',
      }),
      visit('v2', 'f1', '2025-04-02T00:00:01.000Z'),
    ]);
    land('raw_visits', '2025-04-03', [visit('v3', 'f3', '2025-04-03T00:00:01.000Z')]);
    const expected = [
      {
        record_id: 'v1',
        fingerprint: 'f1',
        received_at: '2025-04-01T10:00:00.000Z',
        left_at: '2025-03-30T01:00:00.001Z',
        customer_key: 'c',
      },
      {
        record_id: 'v1',
        fingerprint: 'f2',
        received_at: '2025-04-01T10:00:06.000Z',
        left_at: null,
        customer_key: null,
      },
      {
        record_id: 'v2',
        fingerprint: 'f1',
        received_at: '2025-04-02T00:00:01.000Z',
        left_at: null,
        customer_key: null,
      },
    ];
    const columns = 'record_id, fingerprint, received_at, left_at, customer_key';
    await merge('raw_visits', '2025-04-01', '2025-04-02');
    expect(await rowsOf('raw_visits', columns, '1, 2')).toEqual(expected);
    await merge('raw_visits', '2025-04-01', '2025-04-02');
    await merge('raw_visits', '2025-04-02');
    expect(await rowsOf('raw_visits', columns, '1, 2')).toEqual(expected);
    expect(await rowsOf('raw_visits', 'DISTINCT occurred_at, method')).toEqual([
      { occurred_at: '2025-03-30T00:30:00.250Z', method: null },
    ]);
  });

  test('come to the same in any order of days: the earliest arrival counts', async () => {
    const event = (arrived: string, more: Record<string, Cell>) => ({
      fingerprint: 'f',
      received_at: `${arrived}T08:00:00.000Z`,
      occurred_at: `${arrived}T08:00:00.000Z`,
      ...more,
    });
    // By a clock that was wrong, and of one that said nothing: each arrival concludes another time, of another day.
    const wrong = { record_id: 'o1', time_basis: 'corrected', said_at: '1970-01-03T00:00:00.000Z' };
    const silent = { record_id: 'o2', time_basis: 'received' };
    const ahead = { record_id: 'o3', time_basis: 'received', said_at: '2025-05-03T08:00:00.000Z' };
    for (const day of ['2025-05-02', '2025-05-01', '2025-05-04'])
      land(
        'raw_events',
        day,
        [wrong, silent, ahead].map((more) => event(day, more)),
      );
    await merge('raw_events', '2025-05-02');
    await merge('raw_events', '2025-05-01');
    await merge('raw_events', '2025-05-04');
    expect(await rowsOf('raw_events', 'record_id, received_at, occurred_at, said_on')).toEqual(
      [
        ['o1', '1999-12-31'],
        ['o2', null],
        ['o3', '2025-05-03'],
      ].map(([record_id, said_on]) => ({
        record_id,
        received_at: '2025-05-01T08:00:00.000Z',
        occurred_at: '2025-05-01T08:00:00.000Z',
        said_on,
      })),
    );
  });

  test('of days that are left out stay out', async () => {
    expect((await rowsOf('raw_visits', 'record_id')).map(({ record_id }) => record_id)).not.toContain('v3');
  });

  test('have a statement for each table, also where nothing landed', async () => {
    for (const table of LANDED_TABLES) await merge(table, '2019-01-01', '2019-12-31');
    for (const table of STORED_RAW_TABLES) {
      const erase = eraseFromRaw(RAW, table);
      expect(erase === null, table).toBe(personColumns(table).length === 0);
      if (erase !== null) await local.queries.run(erase, { name: `erasing from ${table}` });
    }
  });
});

describe('persons that were erased', () => {
  const erased = (identifier_key: string) => ({
    identifier_key,
    identifier_kind: 'customer',
    erasure_id: 'e1',
    erased_at: '2025-06-03T00:00:00.000Z',
  });
  const sale = (record_id: string, document_id: string, more: Record<string, Cell>) => ({
    record_id,
    fingerprint: `f-${record_id}`,
    received_at: '2025-06-01T00:00:00.000Z',
    document_id,
    consent: 'granted',
    amount_minor: 500,
    ...more,
  });
  const sales = () =>
    rowsOf('raw_sales', 'record_id, document_id, consent, customer_key, payment_key, amount_minor');
  const touches = async () => (await rowsOf('raw_touches', 'record_id')).map(({ record_id }) => record_id);

  test('leave the tables, but for what was sold', async () => {
    const touch = (record_id: string, more: Record<string, Cell>) => ({
      record_id,
      fingerprint: 'f',
      received_at: '2025-06-01T00:00:00.000Z',
      occurred_at: '2025-06-01T00:00:00.000Z',
      ...more,
    });
    land('raw_touches', '2025-06-01', [
      touch('t1', { email_key: 'gone' }),
      touch('t2', { email_key: 'stays', customer_key: 'gone' }),
      touch('t3', { email_key: 'stays' }),
      touch('t4', {}),
    ]);
    land('raw_sales', '2025-06-01', [
      sale('1', 'd1', { customer_key: 'gone', payment_key: 'p' }),
      sale('2', 'd1', { payment_key: 'p' }),
      sale('3', 'd2', { customer_key: 'stays', payment_key: 'p' }),
    ]);
    await merge('raw_touches', '2025-06-01');
    await merge('raw_sales', '2025-06-01');
    expect(await touches()).toEqual(['t1', 't2', 't3', 't4']);
    land('raw_tombstones', '2025-06-03', [erased('gone'), erased('gone')]);
    await merge('raw_tombstones', '2025-06-03');
    expect(await rowsOf('raw_tombstones', 'identifier_key, erased_at')).toEqual([
      { identifier_key: 'gone', erased_at: '2025-06-03T00:00:00.000Z' },
    ]);
    for (const table of ['raw_touches', 'raw_sales'] as const) {
      await local.queries.run(eraseFromRaw(RAW, table)!);
      await local.queries.run(optimizeTable({ database: RAW, table }));
      await local.queries.run(vacuumTable({ database: RAW, table }));
    }
    expect(await touches()).toEqual(['t3', 't4']);
    const emptied = {
      document_id: 'd1',
      consent: 'erased',
      customer_key: null,
      payment_key: null,
      amount_minor: 500,
    };
    expect(await sales()).toEqual([
      { record_id: '1', ...emptied },
      { record_id: '2', ...emptied },
      {
        record_id: '3',
        document_id: 'd2',
        consent: 'granted',
        customer_key: 'stays',
        payment_key: 'p',
        amount_minor: 500,
      },
    ]);
  });

  test('do not come back with a replay of what landed, or with what lands later', async () => {
    land('raw_sales', '2025-06-04', [
      sale('4', 'd1', { payment_key: 'p2' }),
      sale('5', 'd5', { customer_key: 'gone', payment_key: 'p2' }),
      sale('6', 'd5', { payment_key: 'p2' }),
      sale('7', 'd7', { payment_key: 'p2' }),
    ]);
    await merge('raw_touches', '2025-06-01');
    await merge('raw_sales', '2025-06-01', '2025-06-04');
    expect(await touches()).toEqual(['t3', 't4']);
    const found = await sales();
    expect(found.map(({ record_id, consent, payment_key }) => [record_id, consent, payment_key])).toEqual([
      ['1', 'erased', null],
      ['2', 'erased', null],
      ['3', 'granted', 'p'],
      ['4', 'erased', null],
      ['5', 'erased', null],
      ['6', 'erased', null],
      ['7', 'granted', 'p2'],
    ]);
  });
});

describe('rejections', () => {
  test('are one row each, read from their files wherever these lie', async () => {
    const rejection = (rejection_id: string, received_at: string, more: Row = {}) => ({
      rejection_id,
      format: 'receipts',
      file: 'a.jsonl',
      line: 3,
      reason: 'no_such_store',
      original: '{"a": "line\\nbreak"}',
      received_at,
      ...more,
    });
    const put = (path: string, rows: object[]) => {
      const file = join(local.folder, BUCKET, 'rejections', path);
      mkdirSync(join(file, '..'), { recursive: true });
      writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    };
    put('reason=no_such_store/arrived=2025-06-01/a.jsonl', [
      rejection('r1', '2025-06-01T00:00:00.000Z'),
      rejection('r2', '2025-06-01T00:00:01.000Z', { store_scope: 's1', record: null }),
    ]);
    put('reason=unreadable/arrived=2025-06-02/b.jsonl', [
      rejection('r1', '2025-06-02T00:00:00.000Z'),
      rejection('r3', '2025-06-02T00:00:00.000Z', { reason: 'unreadable' }),
    ]);
    const database = 'ropo_build_of_rejections';
    await prepareBuildDatabase(local.queries, { database, rawDatabase: RAW, previous: null });
    const rows = await local.queries.rows(
      'SELECT rejection_id, reason, line, received_at, store_scope, original FROM raw_rejections ORDER BY rejection_id',
      { database },
    );
    const same = { line: 3, original: '{"a": "line\\nbreak"}' };
    expect(rows).toEqual([
      {
        rejection_id: 'r1',
        reason: 'no_such_store',
        received_at: '2025-06-01T00:00:00.000Z',
        store_scope: null,
        ...same,
      },
      {
        rejection_id: 'r2',
        reason: 'no_such_store',
        received_at: '2025-06-01T00:00:01.000Z',
        store_scope: 's1',
        ...same,
      },
      {
        rejection_id: 'r3',
        reason: 'unreadable',
        received_at: '2025-06-02T00:00:00.000Z',
        store_scope: null,
        ...same,
      },
    ]);
  });
});

describe('raw tables of an earlier version', () => {
  const EARLIER = 'earlier_raw';
  const BESIDE = 'lake-of-earlier';
  const without = (columns: object, ...names: string[]) =>
    Object.fromEntries(Object.entries(columns).filter(([name]) => !names.includes(name)));
  const columnsOf = async (table: string) =>
    Object.keys(
      (
        await local.queries.rows(
          `SELECT t.* FROM (SELECT 1 AS n) one LEFT JOIN "${EARLIER}"."${table}" t ON false`,
        )
      )[0]!,
    );

  test('get the columns that they lack, behind those that they have, and keep their rows', async () => {
    const { queries } = local;
    const table = 'raw_consents';
    await queries.run(createDatabase(EARLIER));
    await queries.run(
      createIcebergTable(
        { database: EARLIER, table },
        without(RAW_TABLES[table], 'said_at', 'occurred_at'),
        `s3://${BESIDE}/raw/${table}/`,
      ),
    );
    await queries.run(
      createJsonTable(
        { database: EARLIER, table: 'rejection_files' },
        without(RAW_TABLES.raw_rejections, 'store_scope'),
        `s3://${BESIDE}/rejections/`,
      ),
    );
    await queries.run(
      `INSERT INTO "${EARLIER}"."${table}" (record_id, fingerprint) VALUES ('kept', 'f'), ('too', 'f')`,
    );

    await prepareRawDatabase(queries, EARLIER, BESIDE);
    expect((await columnsOf(table)).slice(-3).sort()).toEqual(['occurred_at', 'said_at', 'said_on']);
    expect((await columnsOf('rejection_files')).at(-1)).toBe('store_scope');
    expect(
      await queries.rows(`SELECT record_id, occurred_at FROM "${EARLIER}"."${table}" ORDER BY record_id`),
    ).toEqual([
      { record_id: 'kept', occurred_at: null },
      { record_id: 'too', occurred_at: null },
    ]);

    const added = () => local.athena.executions.filter(({ sql }) => /ADD COLUMNS/.test(sql)).length;
    expect(added()).toBe(2);
    await prepareRawDatabase(queries, EARLIER, BESIDE);
    expect(added()).toBe(2);
    expect(await columnsOf(table)).toHaveLength(Object.keys(RAW_TABLES[table]).length + 1);
  });

  test('are merged as before: their rows are of no day, and every merge looks at them', async () => {
    const { queries } = local;
    const row = (record_id: string, received_at: string) => ({
      record_id,
      fingerprint: 'f',
      received_at,
      occurred_at: '2025-07-01T10:00:00.000Z',
    });
    const repeats = [row('kept', '2025-07-01T10:00:00.000Z'), row('new', '2025-07-01T10:00:00.000Z')];
    for (const day of ['2025-07-01', '2025-07-09']) land('raw_consents', day, repeats, BESIDE);
    await queries.run(
      `UPDATE "${EARLIER}"."raw_consents" SET received_at = TIMESTAMP '2025-07-02 00:00:00' WHERE record_id = 'kept'`,
    );
    for (const day of ['2025-07-01', '2025-07-09'])
      await mergeLanded(queries, EARLIER, 'raw_consents', { from: day, to: day });
    expect(
      await queries.rows(
        `SELECT record_id, received_at, said_on FROM "${EARLIER}"."raw_consents" ORDER BY record_id`,
      ),
    ).toEqual([
      { record_id: 'kept', received_at: '2025-07-01T10:00:00.000Z', said_on: '2025-07-01' },
      { record_id: 'new', received_at: '2025-07-01T10:00:00.000Z', said_on: '2025-07-01' },
      { record_id: 'too', received_at: null, said_on: null },
    ]);
  });
});
