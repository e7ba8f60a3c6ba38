import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openReader, type Reader } from '../../lib/adapters/embedded/reader.ts';
import type { Kpi } from '../../lib/domain/kpi.ts';
import { KPIS } from '../../lib/domain/kpi-catalogue.ts';
import { isAdditive } from '../../lib/domain/kpi-guide.ts';
import { type KpiAnswer, type Published, reportKpi } from '../../lib/pipeline/report-kpi.ts';
import { showSinglePersons, type TemporaryShop, temporaryShop } from '../temporary-shop.ts';
import { type DemoFiles, importDemo, writeDemoFiles } from './demo-shop.ts';

let demo: DemoFiles;
let shop: TemporaryShop;
let reader: Reader;
let published: Published;

beforeAll(async () => {
  demo = await writeDemoFiles(250, 3);
  shop = await temporaryShop();
  await importDemo(shop, demo.files);
  showSinglePersons(shop.root);
  await shop.shop.build();
  reader = await openReader(shop.shop.directory);
  published = (await reader.published())!;
});
afterAll(() => {
  reader?.close();
  shop?.remove();
  demo?.remove();
});

type Rows = KpiAnswer['rows'];

const additive = KPIS.filter((kpi) => kpi.groupings.includes('all')).flatMap((kpi) => {
  const measures = kpi.measures.filter((measure) => isAdditive(measure, kpi)).map(({ name }) => name);
  const groupings = kpi.groupings.filter((by) => by !== 'all');
  return measures.length === 0 ? [] : groupings.map((by) => ({ kpi, by, measures }));
});

/** Sums of a measure by what does not add up. A part that has none of it leaves the sum without one. */
function sums(kpi: Kpi, rows: Rows, measure: string): Map<string, number | null> {
  const found = new Map<string, number | null>();
  for (const row of rows) {
    const key = JSON.stringify([
      row.model ?? null,
      row.currency ?? null,
      ...kpi.texts.map((name) => row[name]),
    ]);
    const [before, its] = [found.get(key), row[measure]];
    found.set(key, its == null || before === null ? null : Number(its) + (before ?? 0));
  }
  return found;
}

describe('what the catalogue says adds up, does', () => {
  test('there is something to add', () => {
    expect(additive.length).toBeGreaterThan(20);
  });

  test.each(additive)('$kpi.name by $by', async ({ kpi, by, measures }) => {
    const whole = await reportKpi(published, { kpi: kpi.name, by: 'all' });
    const parts = await reportKpi(published, { kpi: kpi.name, by });
    for (const measure of measures) {
      const [expected, added] = [sums(kpi, whole.rows, measure), sums(kpi, parts.rows, measure)];
      for (const [key, sum] of added) {
        if (sum === null) continue;
        const off = Math.abs(sum - (expected.get(key) ?? 0));
        expect(off, `${measure} of ${key}: ${sum} in parts, ${expected.get(key)} as a whole`).toBeLessThan(
          0.001,
        );
      }
    }
  });
});
