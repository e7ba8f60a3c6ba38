import { afterAll, beforeAll, expect, test } from 'vitest';
import { openReader, type Reader } from '../../lib/adapters/embedded/reader.ts';
import { createApi } from '../../lib/api/app.ts';
import { OldBuild, type Published, reportKpi, tablesMissing } from '../../lib/pipeline/report-kpi.ts';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';

let shop: TemporaryShop;
let reader: Reader;
let now: Published;
/** The same build without a table that came later. */
let old: Published;

beforeAll(async () => {
  shop = await temporaryShop();
  await shop.shop.build();
  reader = await openReader(shop.shop.directory);
  now = (await reader.published())!;
  const tables = now.manifest.tables.filter(({ name }) => name !== 'customer_groups');
  old = { ...now, manifest: { ...now.manifest, tables } };
});
afterAll(() => {
  reader?.close();
  shop?.remove();
});

test('a question that reads what an old build lacks says which table and what to do', async () => {
  const asked = reportKpi(old, { kpi: 'customers' });
  await expect(asked).rejects.toThrow(OldBuild);
  await expect(asked).rejects.toThrow(/customers reads customer_groups.*Run ropo build/);
  expect((await reportKpi(old, { kpi: 'reconciliation' })).rows).toEqual([]);
});

test('what is missing is known before anybody asks', () => {
  expect(tablesMissing(old)).toEqual(['customer_groups']);
  expect(tablesMissing(now)).toEqual([]);
});

test('the API answers 503, and not that it failed', async () => {
  const api = createApi({ published: async () => old });
  const response = await api.request('http://127.0.0.1/v1/kpis/customers', {
    headers: { host: '127.0.0.1' },
  });
  expect(response.status).toBe(503);
  expect(await response.json()).toMatchObject({
    type: 'urn:ropo:problem:old-build',
    detail: expect.stringContaining('customer_groups'),
  });
});
