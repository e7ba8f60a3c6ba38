import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openKeyFile } from '../../lib/adapters/embedded/key-file.ts';
import { type ServedShop, servedShop } from '../collector/served-shop.ts';
import { type ShopPages, shopPages, startChromium, VISITOR } from './shop-pages.ts';

const LANDING =
  '/landing/?utm_source=google&utm_medium=cpc&utm_campaign=Spring%20Sale&utm_content=a&utm_term=boots&gclid=abc';

/** Calls of the tracking API, made in the page by both SDKs alike. */
const CALLS = `
  const consent = { consent: { categoryPreferences: { analytics: true } } };
  const said = (more) => (window.isRudder ? more : { context: more });
  tracker.page('', 'Landing', {}, said(consent));
  tracker.track('Product Viewed', { sku: 'SKU-1', product_id: 'P1', category: 'Shoes', value: 49.9, currency: 'EUR' }, said(consent));
  tracker.identify('c-1', { email: 'anna@example.com' }, said(consent));
  tracker.track('Order Completed', { order_id: 'o-1', total: 59.9, currency: 'EUR', products: [{ sku: 'SKU-1', quantity: 1, price: 59.9 }] }, said(consent));
`;
const EVENTS = ['Identified', 'Order Completed', 'Page Viewed', 'Product Viewed'];

let browser: Browser;
let pages: ShopPages;
let it: ServedShop;
let key: string;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  [browser, pages] = await Promise.all([startChromium(), shopPages()]);
});
afterAll(async () => {
  await browser?.close();
  await pages?.close();
});
beforeEach(async () => {
  it = await servedShop();
  key = openKeyFile(it.directory).add({
    kind: 'web',
    name: 'pages',
    origins: [pages.origin],
    created_at: '2026-01-01T00:00:00.000Z',
  }).id;
  // The key that any page may use would let every origin ask.
  openKeyFile(it.directory).change('site', () => ({ revoked_at: '2026-01-01T00:00:00.000Z' }));
  context = await browser.newContext({ userAgent: VISITOR });
  page = await context.newPage();
});
afterEach(async () => {
  await context.close();
  await it.remove();
});

/** Statuses of what the collector has answered to the page. */
function answers(): number[] {
  const statuses: number[] = [];
  page.on('response', (response) => {
    if (response.url().startsWith(it.url)) statuses.push(response.status());
  });
  return statuses;
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  await expect.poll(isSo, { timeout: 60_000, interval: 50 }).toBe(true);
}

const eventsStored = async (): Promise<number> => {
  await it.server.drained();
  const answer = (await (await fetch(`${it.url}/live/events`)).json()) as { counts: { stored: number } };
  return answer.counts.stored;
};

const SDKS: [string, string, object][] = [
  ['@segment/analytics-next, one request a call', 'segment', {}],
  [
    '@segment/analytics-next, batching',
    'segment',
    { deliveryStrategy: { strategy: 'batching', config: { size: 4, timeout: 500 } } },
  ],
  ['@rudderstack/analytics-js', 'rudder', {}],
];

describe.each(SDKS)('%s', (_, script, more) => {
  const open = async (url = pages.origin + LANDING, target = it.url) => {
    await page.goto(`${url}&script=${script}`, { referer: 'https://www.google.com/' });
    await page.evaluate(
      `window.isRudder = ${script === 'rudder'}; startTracker(${JSON.stringify(target)}, ${JSON.stringify(key)}, ${JSON.stringify(more)})`,
    );
  };

  test('every event of a page is found in the tables, with all it said', async () => {
    const statuses = answers();
    await open();
    await page.evaluate(CALLS);
    await until(async () => (await eventsStored()) >= EVENTS.length);
    expect(statuses.filter((status) => status >= 400)).toEqual([]);
    const rows = await it.raw('SELECT * FROM raw_events ORDER BY event');
    expect(rows.map(({ event }) => event)).toEqual(EVENTS);
    const [identified, order, viewedPage, viewed] = rows;
    expect(viewedPage).toMatchObject({
      page_host: '127.0.0.1',
      page_path: '/landing/',
      referrer_host: 'google.com',
      utm_source: 'google',
      utm_medium: 'cpc',
      utm_campaign: 'Spring Sale',
      utm_content: 'a',
      utm_term: 'boots',
      click_id: 'gclid',
      consent: 'granted',
      is_bot: false,
      device: 'desktop',
    });
    expect(viewed).toMatchObject({
      sku: 'SKU-1',
      product_id: 'P1',
      category: 'Shoes',
      value_minor: 4990,
      currency: 'EUR',
    });
    expect(order).toMatchObject({ order_id: 'o-1', value_minor: 5990, currency: 'EUR' });
    expect(identified!.email_key).toEqual(expect.any(String));
    expect(order!.customer_key).toBe(identified!.customer_key);
    expect(new Set(rows.map(({ anonymous_key }) => anonymous_key)).size).toBe(1);
    expect(viewedPage!.anonymous_key).toEqual(expect.any(String));
    const built = await it.built('SELECT event, person_id FROM web_events ORDER BY event');
    expect(built.map(({ event }) => event)).toEqual(EVENTS);
    expect(new Set(built.map(({ person_id }) => person_id)).size).toBe(1);
    expect(await it.rejections()).toEqual([]);
  });

  test('a page of another origin delivers nothing', async () => {
    const elsewhere = await shopPages();
    try {
      const failed: string[] = [];
      page.on('requestfailed', (request) => failed.push(request.url()));
      const statuses = answers();
      await open(elsewhere.origin + LANDING);
      await page.evaluate(CALLS);
      await until(() => failed.some((url) => url.startsWith(it.url)) || statuses.includes(403));
      expect(await eventsStored()).toBe(0);
      expect(statuses).not.toContain(200);
    } finally {
      await elsewhere.close();
    }
  });

  test('what was refused for overload is sent again, and stored once', async () => {
    let refusals = 0;
    await page.route(`${it.url}/**`, async (route) => {
      const isFirst = route.request().method() === 'POST' && refusals < 2;
      if (!isFirst) return route.continue();
      refusals += 1;
      return route.fulfill({
        status: refusals === 1 ? 500 : 429,
        headers: { 'access-control-allow-origin': pages.origin, 'access-control-allow-credentials': 'true' },
      });
    });
    await open();
    await page.evaluate(CALLS);
    await until(async () => (await eventsStored()) >= EVENTS.length);
    expect(refusals).toBe(2);
    const rows = await it.raw(
      'SELECT event, count(*) AS times FROM raw_events GROUP BY event ORDER BY event',
    );
    expect(rows).toEqual(EVENTS.map((event) => ({ event, times: 1 })));
  });
});
