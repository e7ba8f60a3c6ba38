import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Published } from '../../lib/pipeline/kpi-question.ts';
import type { BuildManifest, Warehouse } from '../../lib/ports.ts';

/** A shop without rows whose builds the contract may make. */
export interface WarehousesUnderTest {
  /** Begins a build. */
  open(buildId: string): Promise<Warehouse>;
  /** What a reader who comes now sees. */
  published(): Promise<Published | null>;
  close(): Promise<void>;
}

let made = 0;
/** A name that no build has yet, as builds are named. */
export const newBuildId = () =>
  `20250601T1200${String(++made).padStart(2, '0')}-abcd${String(made).padStart(4, '0')}`;

export const manifestOf = (build_id: string, tables: Record<string, number>): BuildManifest => ({
  build_id,
  built_at: '2025-06-01T12:00:00.000Z',
  settings_hash: 'abcdef012345',
  tables: Object.entries(tables).map(([name, rows]) => ({ name, rows, seconds: 0.5 })),
});

/** What every warehouse must do, whatever engine runs its SELECTs. */
export function warehouseContract(name: string, start: () => Promise<WarehousesUnderTest>): void {
  describe(`${name} is a warehouse`, () => {
    let under: WarehousesUnderTest;
    beforeAll(async () => {
      under = await start();
    });
    afterAll(() => under?.close());

    test('nothing is published before the first build, and what a build may read is empty', async () => {
      expect(await under.published()).toBeNull();
      const warehouse = await under.open(newBuildId());
      const counts = await warehouse.query(
        `SELECT (SELECT count(*) FROM raw_events) AS events, (SELECT count(*) FROM raw_rejections) AS rejections,
           (SELECT count(*) FROM raw_closings) AS closings, (SELECT count(*) FROM previous_persons) AS persons`,
      );
      expect(counts).toEqual([{ events: 0, rejections: 0, closings: 0, persons: 0 }]);
      const columns = await warehouse.query(
        "SELECT date_format(max(occurred_at), '%Y') AS year, max(value_minor) + 1 AS value FROM raw_events",
      );
      expect(columns).toEqual([{ year: null, value: null }]);
      await warehouse.discard();
    });

    test('makes tables of SELECTs, each of them from those before, and counts their rows', async () => {
      const warehouse = await under.open(newBuildId());
      expect(
        await warehouse.createTable(
          'numbers',
          'SELECT n, CASE WHEN n > 5 THEN NULL ELSE n * 10 END AS ten FROM (SELECT CAST(n AS bigint) AS n FROM UNNEST(sequence(1, 7)) AS t(n)) s',
        ),
      ).toBe(7);
      expect(
        await warehouse.createTable(
          'sums',
          'SELECT CAST(sum(ten) AS bigint) AS total, count(ten) AS n FROM numbers',
        ),
      ).toBe(1);
      expect(await warehouse.createTable('none', 'SELECT n FROM numbers WHERE n > 7')).toBe(0);
      expect(await warehouse.query('SELECT total, n FROM sums')).toEqual([{ total: 150, n: 5 }]);
      expect(await warehouse.query('SELECT n FROM none')).toEqual([]);
      await warehouse.discard();
    });

    test('keeps every type: whole numbers, fractions, text, truth, days, times, and none of each', async () => {
      const warehouse = await under.open(newBuildId());
      const columns = [
        ['whole', 'bigint', '9007199254740993', 9007199254740993n],
        ['small', 'integer', '-7', -7],
        ['part', 'double', '0.1e0', 0.1],
        ['large', 'double', '1e300', 1e300],
        ['text', 'varchar', "'Zoë, \"7\" and it''s'", 'Zoë, "7" and it\'s'],
        ['empty', 'varchar', "''", ''],
        ['lines', 'varchar', "'a\nb'", 'a\nb'],
        ['yes', 'boolean', '1 = 1', true],
        ['day', 'date', "'1969-12-31'", '1969-12-31'],
        ['moment', 'timestamp(6)', "timestamp '2025-03-30 02:30:00.123456'", '2025-03-30T02:30:00.123Z'],
      ] as const;
      const select = (of: (one: (typeof columns)[number]) => string, n: number) =>
        `SELECT ${n} AS n, ${columns.map((one) => `CAST(${of(one)} AS ${one[1]}) AS ${one[0]}`).join(', ')}`;
      await warehouse.createTable(
        'typed',
        `${select((one) => one[2], 1)} UNION ALL ${select(() => 'NULL', 2)}`,
      );
      expect(await warehouse.query('SELECT * FROM typed ORDER BY n')).toEqual([
        { n: 1, ...Object.fromEntries(columns.map(([column, , , value]) => [column, value])) },
        { n: 2, ...Object.fromEntries(columns.map(([column]) => [column, null])) },
      ]);
      await warehouse.discard();
    });

    test('takes values as parameters, in order, and none of them as SQL', async () => {
      const warehouse = await under.open(newBuildId());
      const hostile = "'; DROP TABLE numbers; --";
      await warehouse.createTable(
        'numbers',
        'SELECT CAST(n AS bigint) AS n FROM UNNEST(sequence(1, 9)) AS t(n)',
      );
      expect(
        await warehouse.query(
          'SELECT n, CAST(? AS varchar) AS said, CAST(? AS date) AS day FROM numbers WHERE n > CAST(? AS bigint) AND n < CAST(? AS bigint) AND CAST(? AS varchar) IS NULL ORDER BY n',
          [hostile, '2025-03-31', 6, 9, null],
        ),
      ).toEqual([
        { n: 7, said: hostile, day: '2025-03-31' },
        { n: 8, said: hostile, day: '2025-03-31' },
      ]);
      await warehouse.discard();
    });

    test('gives columns as arrays, their rows in the order asked', async () => {
      const warehouse = await under.open(newBuildId());
      await warehouse.createTable(
        'pairs',
        "SELECT CAST(n AS integer) AS n, CASE WHEN n % 3 = 0 THEN NULL ELSE n / 8e0 END AS d, CASE WHEN n % 2 = 0 THEN '' WHEN n % 5 = 0 THEN NULL ELSE 't' END AS t FROM UNNEST(sequence(1, 6)) AS s(n)",
      );
      expect(
        await warehouse.columns(
          'SELECT t, n, d FROM pairs WHERE n > CAST(? AS integer) ORDER BY n DESC',
          [1],
        ),
      ).toEqual({
        t: ['', null, '', 't', ''],
        n: Int32Array.of(6, 5, 4, 3, 2),
        d: Float64Array.of(Number.NaN, 0.625, 0.5, Number.NaN, 0.25),
      });
      await expect(warehouse.columns('SELECT CAST(n AS bigint) AS wide FROM pairs')).rejects.toThrow(
        /^Column wide is a bigint; cast it to integer, double or varchar$/i,
      );
      await expect(
        warehouse.columns('SELECT CASE WHEN n > 1 THEN n END AS gap FROM pairs ORDER BY n'),
      ).rejects.toThrow('Column gap is null in row 1; an integer must have a value');
      await warehouse.discard();
    });

    test('makes tables of arrays, their columns in the order given', async () => {
      const warehouse = await under.open(newBuildId());
      const columns = {
        zone: ['a', null, '', 'Zoë "x", y\nz'],
        amount: Float64Array.of(0.1, Number.NaN, -1e-300, 5),
        number: Int32Array.of(2147483647, -2147483648, 0, 1),
        again: ['same', 'same', 'same', 'same'],
      };
      expect(await warehouse.createColumns('arrays', columns)).toBe(4);
      const [row] = await warehouse.query('SELECT * FROM arrays WHERE number = 0');
      expect(Object.entries(row!)).toEqual([
        ['zone', ''],
        ['amount', -1e-300],
        ['number', 0],
        ['again', 'same'],
      ]);
      expect(await warehouse.query('SELECT zone, amount FROM arrays ORDER BY number')).toEqual([
        { zone: null, amount: null },
        { zone: '', amount: -1e-300 },
        { zone: 'Zoë "x", y\nz', amount: 5 },
        { zone: 'a', amount: 0.1 },
      ]);
      expect(
        await warehouse.createColumns('nothing', { a: [], n: new Int32Array(0), d: new Float64Array(0) }),
      ).toBe(0);
      expect(await warehouse.query('SELECT a, n + 1 AS n, d / 2e0 AS d FROM nothing')).toEqual([]);
      expect(
        await warehouse.createTable(
          'joined',
          'SELECT a.number FROM arrays a JOIN arrays b ON a.zone = b.zone',
        ),
      ).toBe(3);
      await warehouse.discard();
    });

    test('shows a build when it is published and not before; who reads the one before goes on with it', async () => {
      const [first, second] = [newBuildId(), newBuildId()];
      const before = await under.open(first);
      await before.createTable('figures', "SELECT 'first' AS build");
      await before.createTable(
        'persons',
        "SELECT 'k1' AS identifier_key, CAST(0 AS bigint) AS kind, 'p1' AS person_id, 1 = 2 AS is_withdrawn",
      );
      expect(await under.published()).toBeNull();
      const manifest = manifestOf(first, { figures: 1, persons: 1 });
      await before.publish(manifest);
      const early = (await under.published())!;
      expect(early.manifest).toEqual(manifest);

      const after = await under.open(second);
      await after.createTable('figures', "SELECT 'second' AS build");
      expect(
        await after.query('SELECT identifier_key, kind, person_id, is_withdrawn FROM previous_persons'),
      ).toEqual([{ identifier_key: 'k1', kind: 0, person_id: 'p1', is_withdrawn: false }]);
      expect(await after.query('SELECT * FROM previous_identity_pairs')).toEqual([]);
      expect((await under.published())!.manifest.build_id).toBe(first);
      expect(await before.query('SELECT build FROM figures')).toEqual([{ build: 'first' }]);
      await after.publish(manifestOf(second, { figures: 1 }));
      const late = (await under.published())!;
      expect(late.manifest.build_id).toBe(second);
      expect(await late.query('SELECT build FROM figures')).toEqual([{ build: 'second' }]);
      expect(await early.query('SELECT build FROM figures WHERE build <> ?', ['x'])).toEqual([
        { build: 'first' },
      ]);
    });

    test('a build that is given up leaves the published one as it is', async () => {
      const kept = newBuildId();
      const published = await under.open(kept);
      await published.createTable('figures', 'SELECT 1 AS n');
      await published.publish(manifestOf(kept, { figures: 1 }));
      const given = await under.open(newBuildId());
      await given.createTable('figures', 'SELECT 2 AS n');
      await given.createColumns('more', { n: Int32Array.of(1) });
      await given.discard();
      const seen = (await under.published())!;
      expect(seen.manifest.build_id).toBe(kept);
      expect(await seen.query('SELECT n FROM figures')).toEqual([{ n: 1 }]);
      await expect(seen.query('SELECT n FROM more')).rejects.toThrow();
    });

    test('a SELECT that is wrong fails and spoils nothing', async () => {
      const warehouse = await under.open(newBuildId());
      await warehouse.createTable('good', 'SELECT 1 AS n');
      await expect(warehouse.createTable('bad', 'SELECT m FROM good')).rejects.toThrow();
      await expect(warehouse.createTable('worse', 'SELECT n FROM nowhere')).rejects.toThrow(/nowhere/);
      expect(await warehouse.createTable('bad', 'SELECT n FROM good')).toBe(1);
      await warehouse.discard();
    });
  });
}
