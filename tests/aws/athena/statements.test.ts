import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bind, timestampLiteral } from '../../../lib/adapters/aws/athena/literals.ts';
import { databaseOf } from '../../../lib/adapters/aws/athena/pointer.ts';
import { landingColumns, rawTableStatements } from '../../../lib/adapters/aws/athena/raw-statements.ts';
import {
  checkLength,
  createParquetTable,
  createTableAs,
  emptySelect,
  LONGEST_STATEMENT,
} from '../../../lib/adapters/aws/athena/statements.ts';
import { RAW_TABLES } from '../../../lib/domain/raw-tables.ts';
import { readSeeds, seedSelect } from '../../../lib/pipeline/seeds.ts';
import { readSqlFolder, TABLE_FOLDERS } from '../../../lib/pipeline/sql-files.ts';

describe('statements', () => {
  test('of tables: Iceberg of a SELECT in the words of the engine, files in the words of the catalogue', () => {
    expect(createTableAs({ database: 'd', table: 't' }, 's3://lake/builds/b/t/1', 'SELECT 1 AS n')).toBe(
      `CREATE TABLE "d"."t"
WITH (table_type = 'ICEBERG', is_external = false, location = 's3://lake/builds/b/t/1/', format = 'PARQUET')
AS
SELECT 1 AS n`,
    );
    expect(
      createParquetTable(
        { database: 'd', table: 't' },
        { a: 'varchar', n: 'integer', d: 'double' },
        's3://lake/x/',
      ),
    ).toBe(
      "CREATE EXTERNAL TABLE IF NOT EXISTS `d`.`t` (\n  `a` string,\n  `n` int,\n  `d` double\n)\nSTORED AS PARQUET\nLOCATION 's3://lake/x/'",
    );
  });

  test('of raw tables let OPTIMIZE write anew whatever holds a deleted row', () => {
    const made = rawTableStatements('ropo_raw', 'lake').filter((sql) => sql.startsWith('CREATE TABLE'));
    expect(made.length).toBeGreaterThan(5);
    for (const sql of made) {
      expect(sql).toContain("'optimize_rewrite_delete_file_threshold' = '1'");
      expect(sql).toContain("'optimize_rewrite_data_file_threshold' = '1'");
    }
  });

  test('of landing find the folder of each day by its name alone', () => {
    const landing = rawTableStatements('ropo_raw', 'lake').find((sql) => sql.includes('landing_raw_spend'))!;
    expect(landing).toMatch(
      /'storage.location.template' = 's3:\/\/lake\/landing\/raw_spend\/arrived=\$\{arrived\}\/'/,
    );
    expect(landing).toContain('`spend_date` string');
    expect(landingColumns(RAW_TABLES.raw_spend)).toMatchObject({ received_at: 'varchar', clicks: 'bigint' });
  });

  test('of no rows have all columns', () => {
    expect(emptySelect({ a: 'varchar', at: 'timestamp' })).toBe(
      'SELECT CAST(NULL AS varchar) AS "a", CAST(NULL AS timestamp(6)) AS "at" WHERE false',
    );
  });

  test('of every table and every seed that is shipped are within what Athena takes', () => {
    const selects = [
      ...TABLE_FOLDERS.flatMap((folder) => readSqlFolder(folder)),
      ...readSeeds(join(tmpdir(), 'no such folder')).map((seed) => ({
        name: seed.name,
        select: seedSelect(seed),
      })),
    ];
    expect(selects.length).toBeGreaterThan(100);
    for (const { name, select } of selects) {
      const sql = createTableAs({ database: 'd', table: name }, 's3://lake/t/', select);
      expect(() => checkLength(sql, name)).not.toThrow();
      expect(Buffer.byteLength(sql), name).toBeLessThan(LONGEST_STATEMENT / 4);
    }
  });

  test('of a seed with very many rows are refused by name', () => {
    const rows = Array.from({ length: 9000 }, (_, n) => [`rule-${n}`, 'some words about it']);
    const seed = {
      name: 'seed_own_hosts',
      columns: [
        { name: 'host', type: 'varchar' },
        { name: 'meaning', type: 'varchar' },
      ],
      rows,
    };
    expect(() => checkLength(seedSelect(seed), 'table seed_own_hosts')).toThrow(
      /^The statement of table seed_own_hosts has 3\d{5} bytes; Athena takes 262144\./,
    );
  });
});

describe('names and values', () => {
  test('of a build make the name of its database', () => {
    const database = databaseOf('ropo_trial_raw', '20250131T101500-1a2b3c4d');
    expect(database).toBe('ropo_trial_build_20250131t101500_1a2b3c4d');
  });

  test('of time keep the moment, whatever its zone', () => {
    expect(timestampLiteral('2025-03-30T02:30:00.5+02:00')).toBe(
      "CAST(TIMESTAMP '2025-03-30 00:30:00.500000' AS timestamp(6))",
    );
    expect(() => timestampLiteral("'; DROP")).toThrow('is no instant');
  });

  test.each([
    ['SELECT a FROM t WHERE a = ?', true],
    ['SELECT a FROM t WHERE a IN (SELECT b FROM u WHERE c = ?) OR abs(a) > abs(?)', true],
    ['SELECT ? AS a FROM t WHERE a = 1', false],
    ['SELECT a FROM t WHERE a = 1 LIMIT ?', false],
    ['SELECT a FROM t WHERE a = 1 GROUP BY a HAVING a > ?', false],
    ['SELECT a FROM t WHERE a IN (SELECT ? FROM u)', false],
    ['SELECT a FROM t JOIN u ON t.a = ?', false],
    ["SELECT a FROM t WHERE a = 'where ?' UNION ALL SELECT ?", false],
    ['SELECT a /* WHERE */, ? FROM t', false],
    ['-- WHERE\nSELECT "WHERE", ? FROM t', false],
    ['SELECT a FROM t WHERE x = 1 ORDER BY ?', false],
  ])('%s: beside the statement is %s', (sql, isBeside) => {
    const places = sql.replace(/'[^']*'|--.*|\/\*.*?\*\//g, '').split('?').length - 1;
    const values = Array.from({ length: places }, (_, n) => n + 1);
    const bound = bind(sql, values);
    expect(bound.parameters).toEqual(isBeside ? values.map(String) : []);
    if (isBeside) expect(bound.sql).toBe(sql);
    else expect(bound.sql).toContain('1');
  });
});
