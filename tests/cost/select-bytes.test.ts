import { describe, expect, test } from 'vitest';
import { bytesRead, tableReads } from '../../lib/bench/aws/select-bytes.ts';

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
    expect(bytesRead('SELECT 2 * person_id FROM visits', TABLES)).toBe(100);
  });

  test('count once for each time that a table is read', () => {
    expect(
      bytesRead('WITH v AS (SELECT person_id FROM visits) SELECT 1 FROM v JOIN v w ON true', TABLES),
    ).toBe(200);
    expect(bytesRead('SELECT x FROM elsewhere', TABLES)).toBe(0);
  });
});
