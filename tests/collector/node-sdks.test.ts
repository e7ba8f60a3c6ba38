import RudderAnalytics from '@rudderstack/rudder-sdk-node';
import { Analytics as SegmentAnalytics } from '@segment/analytics-node';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Fault, type FaultyFront, faultyFront, type ServedShop, servedShop } from './served-shop.ts';

/** What both SDKs take: one call of the tracking API. */
interface Call {
  kind: 'track' | 'page' | 'identify';
  message: Record<string, unknown>;
}

/** An SDK as a shop would have it: sends calls to an address and returns when it is done with all of them. */
type Sdk = (url: string, key: string, calls: readonly Call[]) => Promise<void>;

const segment: Sdk = async (host, writeKey, calls) => {
  const analytics = new SegmentAnalytics({ writeKey, host, flushAt: 4, flushInterval: 100, maxRetries: 5 });
  for (const { kind, message } of calls) analytics[kind](message as never);
  await analytics.closeAndFlush({ timeout: 60_000 });
};

const rudder =
  (gzip: boolean): Sdk =>
  async (dataPlaneUrl, key, calls) => {
    const analytics = new RudderAnalytics(key, {
      dataPlaneUrl,
      flushAt: 4,
      flushInterval: 100,
      gzip,
      logLevel: 'none',
    });
    const failures: unknown[] = [];
    await Promise.all(
      calls.map(
        ({ kind, message }) =>
          new Promise<void>((resolve) => {
            // What it calls back with is an error, whatever its types say.
            const done = (...[error]: unknown[]) => {
              if (error) failures.push(error);
              resolve();
            };
            analytics[kind](message as never, done as never);
          }),
      ),
    );
    expect(failures).toEqual([]);
  };

const SDKS: [string, Sdk][] = [
  ['@segment/analytics-node', segment],
  ['@rudderstack/rudder-sdk-node', rudder(true)],
  ['@rudderstack/rudder-sdk-node without gzip', rudder(false)],
];

/** A moment long before the tests are run, and one of winter time: an event that is told about later. */
const BACKDATED = new Date('2025-01-07T08:09:10.000Z');

const consent = (measurement: string) => ({ consent: { measurement } });

const CALLS: Call[] = [
  {
    kind: 'page',
    message: {
      anonymousId: 'device-1',
      name: 'Landing',
      properties: { url: 'https://shop.example/l?gclid=abc' },
      context: {
        ...consent('granted'),
        page: {
          url: 'https://www.shop.example/landing/?utm_source=google&utm_medium=cpc&utm_campaign=Spring&gclid=abc',
          referrer: 'https://www.google.com/search',
        },
      },
    },
  },
  {
    kind: 'track',
    message: {
      anonymousId: 'device-1',
      event: 'Product Viewed',
      properties: { sku: 'SKU-1', product_id: 'P1', category: 'Shoes', value: 49.9, currency: 'EUR' },
      context: { ...consent('granted'), campaign: { source: 'newsletter', medium: 'email', name: 'May' } },
    },
  },
  {
    kind: 'identify',
    message: {
      userId: 'c-1',
      anonymousId: 'device-1',
      traits: { email: 'anna@example.com' },
      context: consent('granted'),
    },
  },
  {
    kind: 'track',
    message: {
      userId: 'c-1',
      event: 'Order Completed',
      timestamp: BACKDATED,
      properties: {
        order_id: 'o-1',
        total: '59.90',
        currency: 'EUR',
        products: [{ sku: 'SKU-1', quantity: 1, price: '59.90' }],
      },
      context: consent('granted'),
    },
  },
  {
    kind: 'track',
    message: {
      anonymousId: 'device-2',
      event: 'Products Searched',
      properties: { query: 'boots' },
      context: consent('denied'),
    },
  },
  {
    kind: 'track',
    message: { anonymousId: 'device-3', event: 'Product Added', properties: { sku: 'SKU-2' } },
  },
];

let it: ServedShop;
let front: FaultyFront | undefined;
beforeEach(async () => {
  it = await servedShop();
});
afterEach(async () => {
  await front?.close();
  front = undefined;
  await it.remove();
});

describe.each(SDKS)('%s', (_, send) => {
  test('every event of it is found in the tables, with all it said', async () => {
    const began = Date.now();
    await send(it.url, it.key, CALLS);
    const rows = await it.raw('SELECT * FROM raw_events ORDER BY event');
    expect(rows.map(({ event }) => event)).toEqual([
      'Identified',
      'Order Completed',
      'Page Viewed',
      'Product Added',
      'Product Viewed',
      'Products Searched',
    ]);
    const [identified, order, page, added, viewed, searched] = rows;
    expect(page).toMatchObject({
      page_host: 'shop.example',
      page_path: '/landing/',
      referrer_host: 'google.com',
      utm_source: 'google',
      utm_medium: 'cpc',
      utm_campaign: 'Spring',
      click_id: 'gclid',
      consent: 'granted',
    });
    expect(viewed).toMatchObject({
      sku: 'SKU-1',
      product_id: 'P1',
      category: 'Shoes',
      value_minor: 4990,
      currency: 'EUR',
      utm_source: 'newsletter',
      utm_campaign: 'May',
    });
    expect(order).toMatchObject({
      order_id: 'o-1',
      value_minor: 5990,
      occurred_at: BACKDATED.toISOString(),
      is_bot: false,
    });
    expect(searched).toMatchObject({ query: 'boots', consent: 'denied', anonymous_key: null });
    expect(added).toMatchObject({ consent: 'unknown', is_bot: false });
    expect(identified!.email_key).toEqual(expect.any(String));
    expect(identified!.customer_key).toBe(order!.customer_key);
    expect(new Set([page, viewed, identified].map((row) => row!.anonymous_key)).size).toBe(1);
    for (const row of [identified, page, added, viewed, searched]) {
      const at = Date.parse(String(row!.occurred_at));
      expect(at).toBeGreaterThan(began - 5000);
      expect(at).toBeLessThan(Date.now() + 5000);
    }
    const events = await it.built('SELECT event, person_id FROM web_events ORDER BY event');
    expect(events.map(({ event }) => event)).toEqual(rows.map(({ event }) => event));
    const persons = new Map(events.map(({ event, person_id }) => [event, person_id]));
    expect(persons.get('Page Viewed')).toBe(persons.get('Order Completed'));
    expect(persons.get('Products Searched')).toBeNull();
    expect(await it.rejections()).toEqual([]);
  });

  test.each<[string, (Fault | 'reset')[]]>([
    ['500 and 503 first', [{ status: 500 }, { status: 503 }]],
    ['429 with a time to come back', [{ status: 429, headers: { 'retry-after': '1' } }]],
    ['a connection that breaks', ['reset']],
    [
      'an answer that is lost after all was stored',
      [
        { status: 500, afterwards: true },
        { status: 502, afterwards: true },
      ],
    ],
  ])('sends again after %s, and each event is stored once', async (_name, faults) => {
    front = await faultyFront(it.url, faults);
    await send(front.url, it.key, CALLS);
    expect(front.requests()).toBeGreaterThan(faults.length);
    const rows = await it.raw(
      'SELECT event, count(*) AS times FROM raw_events GROUP BY event ORDER BY event',
    );
    expect(rows).toHaveLength(CALLS.length);
    for (const { event, times } of rows) expect(times, String(event)).toBe(1);
    expect(await it.rejections()).toEqual([]);
  });
});
