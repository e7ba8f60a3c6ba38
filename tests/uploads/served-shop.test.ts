import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type KeptKey, openKeyFile } from '../../lib/adapters/embedded/key-file.ts';
import { signBody } from '../../lib/domain/signature.ts';
import { type ServedShop, servedShop } from '../collector/served-shop.ts';
import { tillOrder, tillRefund, webOrder } from '../formats/shopify-fixtures.ts';

const run = promisify(execFile);
const guide = readFileSync(new URL('../../docs/collector.md', import.meta.url), 'utf8');

/** The block of the guide in a language that does an upload. */
function example(language: string): string {
  const blocks = Array.from(guide.matchAll(/```(\w+)\n([\s\S]*?)```/g));
  return blocks.find(([, name, text]) => name === language && text!.includes('ROPO_SECRET'))![2]!;
}

const receipt = (receipt_id: string, store_id: string, amount: string) =>
  JSON.stringify({
    receipt_id,
    store_id,
    occurred_at: '2025-03-09T18:00:00',
    loyalty_id: 'card-1',
    lines: [{ sku: 'A', amount }],
  });

let shop: ServedShop;
let till: KeptKey;
let office: KeptKey;
const upload = (format: string, body: string, key: KeptKey) =>
  fetch(`${shop.url}/v1/upload/${format}`, {
    method: 'POST',
    body,
    headers: {
      'ropo-key': key.id,
      'ropo-signature': signBody(key.secrets[0]!, body, Math.floor(Date.now() / 1000)),
    },
  });

beforeAll(async () => {
  shop = await servedShop();
  const keys = openKeyFile(shop.directory);
  const created_at = '2025-01-01T00:00:00.000Z';
  till = keys.add({ name: 'till-1', kind: 'till', store_id: 's1', created_at });
  office = keys.add({ name: 'office', kind: 'office', created_at });
  const stores = ['s1', 's2', '77']
    .map((store_id) =>
      JSON.stringify({ store_id, time_zone: 'Europe/Berlin', currency: 'EUR', country: 'DE' }),
    )
    .join('\n');
  expect((await upload('stores', stores, office)).status).toBe(202);
  await shop.server.drained();
});
afterAll(() => shop.remove());

describe('uploads to a served shop', () => {
  test.each([
    ['sh', 'sh', ['-c']],
    ['js', process.execPath, ['--input-type=module', '--eval']],
    ['python', 'python3', ['-c']],
  ])('the example of the guide in %s works as it is printed', async (language, program, words) => {
    const file = join(shop.directory.root, `bons-${language}.jsonl`);
    writeFileSync(file, `${receipt(`example-${language}`, 's1', '1.00')}\n`);
    const environment = { ROPO_URL: shop.url, ROPO_KEY: till.id, ROPO_SECRET: till.secrets[0]!, FILE: file };
    const { stdout } = await run(program, [...words, example(language)], {
      env: { ...process.env, ...environment },
    });
    expect(stdout).toContain('"format":"receipts"');
    const rows = await shop.raw(`SELECT receipt_id FROM raw_sales WHERE receipt_id = 'example-${language}'`);
    expect(rows).toHaveLength(1);
  });

  test("a till's receipts arrive; those of another store are set aside, and no neighbour suffers", async () => {
    const body = [
      receipt('own-1', 's1', '10.00'),
      receipt('foreign', 's2', '20.00'),
      receipt('own-2', 's1', '30.00'),
    ];
    expect((await upload('receipts', body.join('\n'), till)).status).toBe(202);
    expect(
      await shop.raw(
        "SELECT receipt_id FROM raw_sales WHERE receipt_id IN ('own-1', 'own-2', 'foreign') ORDER BY 1",
      ),
    ).toEqual([{ receipt_id: 'own-1' }, { receipt_id: 'own-2' }]);
  });

  test('an uploaded POSLog and CSV become receipts', async () => {
    const csv = 'receipt_id,store_id,occurred_at,sku,amount\r\ncsv-1,s2,2025-03-10T09:00:00,Ä,7.00\r\n';
    const xml = `<?xml version="1.0" encoding="UTF-8"?>
<POSLog><Transaction><RetailStoreID>s1</RetailStoreID><WorkstationID>3</WorkstationID>
<SequenceNumber>77</SequenceNumber><BusinessDayDate>2025-03-09</BusinessDayDate>
<EndDateTime>2025-03-09T12:00:00</EndDateTime><CurrencyCode>EUR</CurrencyCode>
<RetailTransaction><LineItem><SequenceNumber>1</SequenceNumber><Sale><POSIdentity><POSItemID>KÄSE</POSItemID></POSIdentity>
<ExtendedAmount>4.20</ExtendedAmount><Quantity>1</Quantity></Sale></LineItem>
<Total TotalType="TransactionGrandAmount">4.20</Total></RetailTransaction></Transaction></POSLog>`;
    expect((await upload('receipts', csv, office)).status).toBe(202);
    expect((await upload('poslog', xml, till)).status).toBe(202);
    expect(
      await shop.raw(
        "SELECT receipt_id, sku, amount_minor FROM raw_sales WHERE receipt_id IN ('csv-1', '77') ORDER BY 1",
      ),
    ).toEqual([
      { receipt_id: '77', sku: 'KÄSE', amount_minor: 420 },
      { receipt_id: 'csv-1', sku: 'Ä', amount_minor: 700 },
    ]);
  });

  test('Shopify notifications, sent three times in any order, count once; then the tables are right', async () => {
    const notify = (topic: string, document: object) => {
      const body = JSON.stringify(document);
      const signature = createHmac('sha256', office.secrets[0]!).update(body).digest('base64');
      return fetch(`${shop.url}/v1/webhooks/shopify/${office.id}`, {
        method: 'POST',
        body,
        headers: { 'x-shopify-topic': topic, 'x-shopify-hmac-sha256': signature },
      });
    };
    for (let time = 0; time < 3; time++) {
      expect((await notify('refunds/create', tillRefund)).status).toBe(200);
      expect((await notify('orders/updated', webOrder)).status).toBe(200);
      expect((await notify('orders/create', tillOrder)).status).toBe(200);
    }
    expect(await shop.built('SELECT conversion_id, revenue_minor FROM conversions ORDER BY 1')).toEqual([
      { conversion_id: 'order/5001', revenue_minor: 4199 },
      { conversion_id: 'receipt/77/12//5002', revenue_minor: 6000 },
      { conversion_id: 'receipt/s1///example-js', revenue_minor: 100 },
      { conversion_id: 'receipt/s1///example-python', revenue_minor: 100 },
      { conversion_id: 'receipt/s1///example-sh', revenue_minor: 100 },
      { conversion_id: 'receipt/s1///own-1', revenue_minor: 1000 },
      { conversion_id: 'receipt/s1///own-2', revenue_minor: 3000 },
      { conversion_id: 'receipt/s1/3/2025-03-09/77', revenue_minor: 420 },
      { conversion_id: 'receipt/s2///csv-1', revenue_minor: 700 },
    ]);
    const rejections = await shop.rejections();
    expect(rejections.map(({ reason, kind, line }) => [reason, kind, line])).toEqual([
      ['wrong_store', 'receipts', 2],
    ]);
    expect(JSON.stringify(rejections.map(({ detail }) => detail))).not.toContain('card-1');
  });
});
