import { describe, expect, test } from 'vitest';
import { bytesRead, tableReads, wholeTables } from '../../lib/bench/aws/select-bytes.ts';

const TABLES = new Map([
  [
    'visits',
    new Map([
      ['store_id', 7],
      ['person_id', 100],
      ['left_at', 1000],
    ]),
  ],
  [
    'stores',
    new Map([
      ['store_id', 3],
      ['name', 50],
    ]),
  ],
]);

describe('how often a SELECT reads a table', () => {
  test('each time that it names it', () => {
    expect(tableReads('SELECT 1 FROM visits a JOIN visits b ON a.x = b.x JOIN stores ON true')).toEqual(
      new Map([
        ['visits', 2],
        ['stores', 1],
      ]),
    );
  });

  test('a name of its WITH as often as that is named, through names in between', () => {
    const select = `WITH a AS (SELECT x FROM visits), b AS (SELECT x FROM a JOIN a AS c ON (a.x = c.x))
      SELECT 1 FROM b UNION ALL SELECT 2 FROM b UNION ALL SELECT 3 FROM a`;
    expect(tableReads(select)).toEqual(new Map([['visits', 5]]));
  });

  test('not what stands in a comment or a text', () => {
    expect(tableReads("-- FROM stores\nSELECT 'FROM stores' FROM visits")).toEqual(new Map([['visits', 1]]));
  });

  test('a WITH of the name of a table that it reads is read once', () => {
    expect(tableReads('WITH visits AS (SELECT 1 FROM visits) SELECT 1 FROM visits')).toEqual(
      new Map([['visits', 1]]),
    );
  });
});

describe('bytes that a SELECT reads', () => {
  test('are those of the columns that it names', () => {
    expect(bytesRead('SELECT count(*) FROM visits', TABLES)).toBe(0);
    expect(bytesRead('SELECT person_id FROM visits', TABLES)).toBe(100);
    expect(bytesRead('SELECT name, person_id FROM visits JOIN stores USING (store_id)', TABLES)).toBe(
      107 + 53,
    );
  });

  test('are all of them where a star stands', () => {
    expect(bytesRead('SELECT * FROM stores', TABLES)).toBe(53);
    expect(bytesRead('SELECT s.* FROM stores s', TABLES)).toBe(53);
    expect(bytesRead('SELECT stores.* FROM stores', TABLES)).toBe(53);
    expect(bytesRead('SELECT * FROM stores WHERE true', TABLES)).toBe(53);
    expect(bytesRead('SELECT 2 * person_id FROM visits', TABLES)).toBe(100);
    expect(bytesRead('SELECT count(*) FROM visits', TABLES)).toBe(0);
  });

  test('are all of the tables alone that the star is of', () => {
    expect(bytesRead('SELECT s.*, v.left_at FROM visits v JOIN stores s ON true', TABLES)).toBe(1000 + 53);
    expect(bytesRead('SELECT * FROM visits v JOIN stores ON true', TABLES)).toBe(1107 + 53);
    expect(bytesRead('SELECT * FROM (SELECT name FROM stores) s', TABLES)).toBe(50);
    expect(bytesRead('SELECT person_id FROM visits UNION ALL SELECT * FROM stores', TABLES)).toBe(100 + 53);
    expect(bytesRead('SELECT * FROM stores UNION ALL SELECT person_id FROM visits', TABLES)).toBe(100 + 53);
  });

  test('are those that a name of its WITH names, where the star is of that', () => {
    expect(bytesRead('WITH v AS (SELECT person_id FROM visits) SELECT * FROM v', TABLES)).toBe(100);
    expect(bytesRead('WITH v AS (SELECT * FROM visits) SELECT person_id FROM v', TABLES)).toBe(1107);
    expect(
      wholeTables('WITH v AS (SELECT 1 FROM visits) SELECT s.* FROM v JOIN stores AS s ON true'),
    ).toEqual(new Set(['stores']));
  });

  test('count once for each time that a table is read', () => {
    expect(
      bytesRead('WITH v AS (SELECT person_id FROM visits) SELECT 1 FROM v JOIN v w ON true', TABLES),
    ).toBe(200);
    expect(bytesRead('SELECT x FROM elsewhere', TABLES)).toBe(0);
  });
});
