import { openReader, type Reader } from '../../lib/adapters/embedded/reader.ts';
import { createApi } from '../../lib/api/app.ts';
import type { KpiAnswer } from '../../lib/pipeline/report-kpi.ts';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';

/** The API over one small shop of three currencies, whose names try to be formulas. */
export interface ShopWithApi {
  shop: TemporaryShop;
  api: ReturnType<typeof createApi>;
  published: Reader['published'];
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  /** The answer to a question that must succeed. */
  answerTo(path: string): Promise<KpiAnswer>;
  remove(): void;
}

const touch = (touch_id: string, day: string, more: object) => ({
  touch_id,
  occurred_at: `2025-02-${day}T10:00:00Z`,
  touch_type: 'click',
  customer_id: 'c1',
  ...more,
});

export async function shopWithApi(): Promise<ShopWithApi> {
  const shop = await temporaryShop();
  const store = { time_zone: 'Europe/Rome', country: 'IT' };
  await shop.give({
    stores: [
      { ...store, store_id: 's1', name: 'Corso, 1', currency: 'EUR' },
      { ...store, store_id: 's2', name: '@lab "Due"', currency: 'KWD' },
    ],
    products: [{ sku: 'A', product_id: 'P', category: '-1' }],
    touches: [
      touch('t1', '01', { utm_source: '=cmd()', utm_medium: 'email', utm_campaign: '=cmd()' }),
      touch('t2', '02', { utm_source: 'google', utm_medium: 'cpc', utm_campaign: '@x, "quoted"' }),
      touch('t3', '03', { channel: '-1', utm_source: '+sum', utm_medium: 'x', utm_campaign: '-1' }),
    ],
    web_events: [
      {
        event_id: 'e1',
        event: 'view_item',
        occurred_at: '2025-02-04T10:00:00Z',
        customer_id: 'c1',
        sku: 'A',
      },
    ],
    orders: [
      {
        order_id: 'o1',
        occurred_at: '2025-02-05T10:00:00Z',
        currency: 'EUR',
        customer_id: 'c1',
        lines: [{ amount: '100.01' }],
      },
      {
        order_id: 'o2',
        occurred_at: '2025-02-28T23:30:00Z',
        currency: 'JPY',
        customer_id: 'c1',
        lines: [{ amount: '999' }],
      },
    ],
    refunds: [
      {
        refund_id: 'f1',
        order_id: 'o1',
        occurred_at: '2025-02-09T10:00:00Z',
        currency: 'EUR',
        amount: '33.33',
      },
    ],
    receipts: [
      {
        receipt_id: 'r1',
        store_id: 's1',
        occurred_at: '2025-02-06T10:00:00',
        customer_id: 'c1',
        lines: [{ sku: 'A', amount: '20.00' }],
      },
      {
        receipt_id: 'r2',
        store_id: 's1',
        occurred_at: '2025-03-01T00:30:00',
        lines: [{ sku: 'A', amount: '5.00' }],
      },
      {
        receipt_id: 'r3',
        store_id: 's2',
        occurred_at: '2025-02-06T10:00:00',
        customer_id: 'c1',
        lines: [{ sku: 'A', amount: '1.234' }],
      },
    ],
    spend: [
      {
        date: '2025-02-02',
        utm_source: 'google',
        utm_medium: 'cpc',
        utm_campaign: '@x, "quoted"',
        cost: '10.00',
        currency: 'EUR',
      },
      { date: '2025-02-02', channel: 'Radio', cost: '7.00', currency: 'EUR' },
    ],
  });
  await shop.shop.build();
  const reader: Reader = await openReader(shop.shop.directory);
  const api = createApi({ published: () => reader.published() });
  const get = async (path: string, headers: Record<string, string> = {}) => api.request(path, { headers });
  return {
    shop,
    api,
    published: () => reader.published(),
    get,
    async answerTo(path) {
      const response = await get(path);
      if (response.status !== 200) throw new Error(`${path} is answered with ${response.status}`);
      return (await response.json()) as KpiAnswer;
    },
    remove() {
      reader.close();
      shop.remove();
    },
  };
}
