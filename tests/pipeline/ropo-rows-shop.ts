import fc from 'fast-check';
import { openReader } from '../../lib/adapters/embedded/reader.ts';
import { type KpiAnswer, type KpiQuestion, reportKpi } from '../../lib/pipeline/report-kpi.ts';
import type { Row } from '../../lib/ports.ts';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';
import { seed } from './seed-file.ts';

/**
 * A lopsided shop of random persons: three stores of two regions and currencies, buyers of one to five receipts, known
 * by account, email or not at all, views from three channels, some on the way to the till, some goods given back.
 */
const HOUR = 3_600_000;
const START = Date.UTC(2025, 0, 1);
const DAYS = 200;
export const SKUS = ['A1', 'A2', 'A3', 'B1', 'B2', 'C1', 'D1', 'D2'] as const;
const STORES = ['s1', 's1', 's1', 's2', 's3'] as const;
const TRAFFIC = [
  'utm_source=google&utm_medium=cpc&utm_campaign=spring',
  'utm_source=news&utm_medium=email',
  '',
] as const;

const moment = fc.integer({ min: 0, max: DAYS * 24 - 1 });
const personOf = (mostReceipts: number) =>
  fc.record({
    views: fc.array(
      fc.record({ at: moment, sku: fc.constantFrom(...SKUS), traffic: fc.constantFrom(...TRAFFIC) }),
      { maxLength: 25 },
    ),
    key: fc.constantFrom('customer_id', 'customer_id', 'customer_id', 'email', null),
    purchases: fc.array(
      fc.record({
        at: moment,
        store: fc.constantFrom(...STORES),
        tender: fc.constantFrom('cash', 'card'),
        lines: fc.uniqueArray(
          fc.record({ sku: fc.constantFrom(...SKUS), cents: fc.integer({ min: 99, max: 30_000 }) }),
          { minLength: 1, maxLength: 4, selector: ({ sku }) => sku },
        ),
        isReturned: fc.nat(9).map((digit) => digit === 0),
        isDenied: fc.nat(14).map((digit) => digit === 0),
      }),
      { minLength: 1, maxLength: mostReceipts },
    ),
  });
const person = fc.oneof(personOf(5), personOf(1));
type Person = typeof person extends fc.Arbitrary<infer T> ? T : never;

const iso = (hours: number) => new Date(START + hours * HOUR).toISOString();

export interface RopoRows {
  shop: TemporaryShop;
  lines: Row[];
  matches: Row[];
  stores: Map<string, Row>;
  /** Rows of a KPI. */
  ask(question: KpiQuestion): Promise<KpiAnswer['rows']>;
  remove(): void;
}

export async function ropoRowsShop(settings: readonly string[] = []): Promise<RopoRows> {
  const [people] = fc.sample(fc.array(person, { minLength: 240, maxLength: 240 }), {
    numRuns: 1,
    seed: 11,
  }) as [Person[]];
  const shop = await temporaryShop();
  const key = (number: number, kind: string | null) =>
    kind === null
      ? {}
      : kind === 'email'
        ? { email: `p${number}@example.com` }
        : { customer_id: `c${number}` };
  await shop.give({
    stores: [
      { store_id: 's1', name: 'One', region: 'north', time_zone: 'UTC', currency: 'EUR' },
      { store_id: 's2', name: 'Two', region: 'south', time_zone: 'UTC', currency: 'EUR' },
      { store_id: 's3', name: 'Three', region: 'south', time_zone: 'UTC', currency: 'CHF' },
    ],
    products: SKUS.map((sku) => ({
      sku,
      product_id: `P${sku[0]}`,
      category: sku < 'C' ? 'garden' : 'kitchen',
    })),
    web_events: people.flatMap(({ views }, number) =>
      views.map(({ at, sku, traffic }, index) => ({
        event_id: `${number}-${index}`,
        event: 'Product Viewed',
        occurred_at: iso(at),
        customer_id: `c${number}`,
        email: `p${number}@example.com`,
        anonymous_id: `d${number}`,
        url: `https://shop.example/${sku}${traffic ? `?${traffic}` : ''}`,
        sku,
      })),
    ),
    receipts: people.flatMap(({ purchases, key: kind }, number) => [
      ...purchases.map(({ at, store, tender, lines, isDenied }, index) => ({
        receipt_id: `${number}-${index}`,
        store_id: store,
        occurred_at: new Date(START + at * HOUR + 60_000).toISOString(),
        ...(isDenied ? { consent: 'denied' } : {}),
        ...key(number, kind),
        tender,
        lines: lines.map(({ sku, cents }) => ({ sku, amount: (cents / 100).toFixed(2) })),
      })),
      ...purchases.flatMap(({ at, store, lines, isReturned }, index) =>
        isReturned
          ? [
              {
                receipt_id: `${number}-${index}-back`,
                store_id: store,
                occurred_at: iso(at + 72),
                original_receipt_id: `${number}-${index}`,
                lines: lines
                  .slice(0, 1)
                  .map(({ sku, cents }) => ({ sku, quantity: -1, amount: (-cents / 100).toFixed(2) })),
              },
            ]
          : [],
      ),
    ]),
    store_visits: people.flatMap(({ purchases, key: kind }, number) =>
      kind === 'customer_id'
        ? purchases.slice(0, 1).map(({ at, store }) => ({
            visit_id: `v${number}`,
            store_id: store,
            entered_at: iso(Math.max(0, at - 2)),
            customer_id: `c${number}`,
          }))
        : [],
    ),
  });
  if (settings.length > 0) seed(shop, 'settings', ...settings);
  await shop.shop.build();
  const reader = await openReader(shop.shop.directory);
  const published = (await reader.published())!;
  return {
    shop,
    ask: async (question) => (await reportKpi(published, question)).rows,
    remove() {
      reader.close();
      shop.remove();
    },
    lines: await shop.ask('SELECT * FROM ropo_lines ORDER BY line_no'),
    matches: await shop.ask('SELECT * FROM ropo_matches'),
    stores: new Map((await shop.ask('SELECT * FROM stores')).map((row) => [String(row.store_id), row])),
  };
}
