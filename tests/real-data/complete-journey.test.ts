import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Engine, literal, openEngine } from '../../lib/adapters/embedded/duckdb.ts';
import { currentBuild } from '../../lib/adapters/embedded/warehouse.ts';
import { inputFile } from '../../lib/formats/files.ts';
import { FORMATS } from '../../lib/formats/index.ts';
import { type ImportResult, importFiles } from '../../lib/pipeline/import-files.ts';
import { type TemporaryShop, temporaryShop, textFile } from '../temporary-shop.ts';
import { realPaths, SKIPPED } from './real-folder.ts';

/** dunnhumby's "The Complete Journey", whole: every line stored, every cent accounted for, campaigns credited. */
const paths = realPaths('complete-journey');
const format = FORMATS['complete-journey']!;
let shop: TemporaryShop;
let first: ImportResult;

beforeAll(async () => {
  if (paths === null) return;
  shop = await temporaryShop();
  first = await importFiles(
    shop.shop.importer,
    format,
    paths.map((path) => inputFile(path)),
  );
  await shop.shop.build();
});
afterAll(() => shop?.remove());

const one = async (select: string) => Object.values((await shop.ask(select))[0]!);

describe.skipIf(paths === null)(`The Complete Journey${paths === null ? ` (${SKIPPED})` : ''}`, () => {
  test('is stored whole: 293 stores, 92,331 products, 8,691 touches, 75,000 lines', () => {
    const records = 293 + 92_331 + 8_691 + 75_000;
    expect(first).toMatchObject({
      received: records,
      stored: records,
      duplicates: 0,
      rejected: {},
      waiting: 0,
    });
  });

  test('has 47,243 baskets of 2,377 households', async () => {
    expect(await one('SELECT count(DISTINCT document_id), count(*) FROM sale_lines')).toEqual([
      47_243, 75_000,
    ]);
    expect(
      await one('SELECT count(DISTINCT person_id), count_if(person_id IS NULL) FROM sale_persons'),
    ).toEqual([2_377, 0]);
    expect(await one("SELECT count(*) FROM conversions WHERE identified_by <> 'loyalty_id'")).toEqual([0]);
  });

  test('comes to 233,935.24 dollars for every model, and all of it is accounted for', async () => {
    const rows = await shop.ask(
      `SELECT model, currency,
         sum(CASE WHEN bucket = 'received' THEN revenue_minor END) AS received,
         sum(CASE WHEN bucket <> 'received' THEN revenue_minor END) AS accounted
       FROM reconciliation GROUP BY 1, 2`,
    );
    expect(rows).toHaveLength(13);
    for (const row of rows)
      expect(row).toMatchObject({ currency: 'USD', received: 23_393_524, accounted: 23_393_524 });
  });

  test('credits its campaigns: direct mail and the coupons that came of it', async () => {
    const rows = await shop.ask(
      `SELECT channel, count(DISTINCT campaign) AS campaigns, sum(revenue_minor) AS minor
       FROM credits WHERE model = 'linear' GROUP BY 1 ORDER BY 1`,
    );
    expect(rows.map(({ channel }) => channel)).toEqual(['Coupon', 'Direct Mail']);
    for (const { minor } of rows) expect(minor).toBeGreaterThan(100_000);
    expect(rows[1]!.campaigns).toBeGreaterThan(20);
    expect(
      await one("SELECT count(DISTINCT campaign) FROM touchpoints WHERE touch_type = 'direct_mail'"),
    ).toEqual([27]);
    const late = await one(
      'SELECT count_if(touched_at > converted_at), count_if(converted_at - touched_at > INTERVAL 30 DAY) FROM credits',
    );
    expect(late).toEqual([0, 0]);
  });

  test('imported again changes nothing', async () => {
    const again = await importFiles(
      shop.shop.importer,
      format,
      paths!.map((path) => inputFile(path)),
    );
    expect(again).toMatchObject({
      received: first.received,
      stored: 0,
      duplicates: first.received,
      released: 0,
    });
  });

  test('imported in two pieces, the later one first, makes the same tables', async () => {
    const other = await temporaryShop();
    let engine: Engine | undefined;
    try {
      for (const half of [1, 0]) {
        // Products come with the first piece alone, what campaigns sent out with the second.
        const wanted = half === 1 ? /transactions|products/ : /transactions|campaign|redemptions/;
        const files = paths!
          .filter((path) => wanted.test(path))
          .reverse()
          .map((path) => (/transactions/.test(path) ? halfOf(path, half) : inputFile(path)));
        await importFiles(other.shop.importer, format, files);
      }
      await other.shop.build();
      engine = await openEngine({ spillDirectory: other.shop.directory.spill });
      const table = ({ shop: { directory } }: TemporaryShop, name: string) =>
        `read_parquet(${literal(join(directory.builds, currentBuild(directory)!, `${name}.parquet`))})`;
      for (const name of ['conversions', 'credits', 'reconciliation']) {
        const [row] = await engine.rows(
          `SELECT (SELECT count(*) FROM ${table(shop, name)}) AS n, (SELECT count(*) FROM ${table(other, name)}) AS m,
             (SELECT count(*) FROM (FROM ${table(shop, name)} EXCEPT ALL FROM ${table(other, name)})) AS differing`,
        );
        expect({ name, m: row!.m, differing: row!.differing }).toEqual({ name, m: row!.n, differing: 0 });
      }
    } finally {
      engine?.close();
      other.remove();
    }
  });
});

/** Every other line of a file, with its header: halves that share baskets. */
function halfOf(path: string, half: number) {
  const [header, ...lines] = gunzipSync(readFileSync(path)).toString('utf8').trimEnd().split('\n');
  return textFile(basename(path, '.gz'), [header, ...lines.filter((_, at) => at % 2 === half)].join('\n'));
}
