import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type ServedShop, servedShop } from '../collector/served-shop.ts';
import { type ShopPages, shopPages, startChromium, VISITOR } from './shop-pages.ts';

let browser: Browser;
let pages: ShopPages;
let it: ServedShop;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  [browser, pages] = await Promise.all([
    startChromium(),
    shopPages(() => `<script async src="${it.url}/ropo.js" data-key="${it.key}"></script>`),
  ]);
});
afterAll(async () => {
  await browser?.close();
  await pages?.close();
});
beforeEach(async () => {
  it = await servedShop();
  context = await browser.newContext({ userAgent: VISITOR });
  page = await context.newPage();
});
afterEach(async () => {
  await context.close();
  await it.remove();
});

const open = async (path = '/') => {
  await page.goto(pages.origin + path, { referer: 'https://www.google.com/search?q=boots' });
  await page.waitForFunction('window.ropo !== undefined');
};

/** Waits until so many events are in the lake. */
const stored = (events: number) =>
  expect
    .poll(
      async () => {
        await it.server.drained();
        const answer = (await (await fetch(`${it.url}/live/events`)).json()) as {
          counts: { stored: number };
        };
        return answer.counts.stored;
      },
      { timeout: 60_000, interval: 50 },
    )
    .toBe(events);

const storages = async () =>
  (await page.evaluate('({ local: { ...localStorage }, session: { ...sessionStorage } })')) as {
    local: Record<string, string>;
    session: Record<string, string>;
  };

describe('the first-party snippet', () => {
  test('views, items, campaign and person come to the tables', async () => {
    await open('/shoes/?utm_source=google&utm_medium=cpc&utm_campaign=Spring&gclid=abc');
    await page.evaluate(`
      ropo.consent(true);
      ropo.track('Product Viewed', { sku: 'SKU-1', value: 49.9, currency: 'EUR' });
      ropo.identify('c-1', { email: 'anna@example.com' });
    `);
    await stored(3);
    const [identified, viewedPage, viewed] = await it.raw('SELECT * FROM raw_events ORDER BY event');
    expect(viewedPage).toMatchObject({
      event: 'Page Viewed',
      page_path: '/shoes/',
      referrer_host: 'google.com',
      utm_source: 'google',
      utm_campaign: 'Spring',
      click_id: 'gclid',
      consent: 'unknown',
      is_bot: false,
    });
    expect(viewed).toMatchObject({
      event: 'Product Viewed',
      sku: 'SKU-1',
      value_minor: 4990,
      consent: 'granted',
    });
    expect(identified).toMatchObject({ event: 'Identified', consent: 'granted' });
    expect(identified!.email_key).toEqual(expect.any(String));
    expect(new Set([identified, viewedPage, viewed].map((row) => row!.anonymous_key)).size).toBe(1);
    expect(await it.rejections()).toEqual([]);
  });

  test('before consent is given nothing outlives the tab', async () => {
    await open();
    await stored(1);
    const { local, session } = await storages();
    expect(local).toEqual({});
    expect(Object.keys(session)).toEqual(['ropo_id']);
    expect(await it.raw('SELECT consent FROM raw_events')).toEqual([{ consent: 'unknown' }]);
    const other = await context.newPage();
    await other.goto(pages.origin);
    await stored(2);
    expect(await it.raw('SELECT count(DISTINCT anonymous_key) AS devices FROM raw_events')).toEqual([
      { devices: 2 },
    ]);
  });

  test('once it is given the device stays the same, over tabs and visits', async () => {
    await open();
    await page.evaluate('ropo.consent(true)');
    const { local, session } = await storages();
    expect(local.ropo_id).toBe(session.ropo_id);
    await open('/next');
    const other = await context.newPage();
    await other.goto(pages.origin);
    await stored(3);
    const rows = await it.raw('SELECT consent, anonymous_key FROM raw_events ORDER BY occurred_at');
    expect(rows.map(({ consent }) => consent)).toEqual(['unknown', 'granted', 'granted']);
    expect(new Set(rows.map(({ anonymous_key }) => anonymous_key)).size).toBe(1);
  });

  test('denied, there is no id on the device and none in what is sent', async () => {
    await open();
    await page.evaluate("ropo.consent(true); ropo.identify('customer-one'); ropo.consent(false)");
    await stored(2);
    const bodies: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST') bodies.push(request.postData() ?? '');
    });
    await open('/after');
    await page.evaluate(
      "ropo.identify('customer-two', { email: 'anna@example.com' }); ropo.track('Product Viewed', { sku: 'S' })",
    );
    await stored(4);
    expect(await storages()).toEqual({ local: { ropo_consent: 'denied' }, session: {} });
    expect(bodies.length).toBeGreaterThan(0);
    expect(bodies.join()).not.toMatch(/anonymousId|userId|customer-|anna/);
    const rows = await it.raw(
      "SELECT event, anonymous_key, customer_key FROM raw_events WHERE consent = 'denied' ORDER BY event",
    );
    expect(rows).toEqual([
      { event: 'Page Viewed', anonymous_key: null, customer_key: null },
      { event: 'Product Viewed', anonymous_key: null, customer_key: null },
    ]);
  });

  test('what could not be sent waits on the device, no more than 50, and goes with the next visit, once', async () => {
    await open();
    await stored(1);
    await page.evaluate('ropo.consent(true)');
    await page.route(`${it.url}/v1/b`, (route) => route.abort());
    await page.evaluate("for (let i = 0; i < 80; i++) ropo.track('Tried', { category: String(i) })");
    await page.waitForFunction("JSON.parse(localStorage.ropo_queue ?? '[]').length === 50");
    await page.unroute(`${it.url}/v1/b`);
    await open('/again');
    await stored(52);
    const rows = await it.raw(
      "SELECT CAST(category AS INTEGER) AS number FROM raw_events WHERE event = 'Tried' ORDER BY 1",
    );
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 50 }, (_, i) => 30 + i));
    expect((await storages()).local.ropo_queue).toBeUndefined();
  });

  test('an answer of overload is no delivery; one of refusal is not tried again', async () => {
    const statuses = [503, 429, 400];
    let asked = 0;
    await page.route(`${it.url}/v1/b`, async (route) => {
      const status = statuses[asked++];
      if (status === undefined) return route.continue();
      return route.fulfill({ status, headers: { 'access-control-allow-origin': pages.origin } });
    });
    await open();
    await expect.poll(() => asked, { timeout: 60_000 }).toBe(3);
    await page.evaluate("ropo.track('After')");
    await stored(1);
    expect(await it.raw('SELECT event FROM raw_events')).toEqual([{ event: 'After' }]);
  });

  test('what is said while leaving the page arrives', async () => {
    await open();
    await stored(1);
    // The first request of the page is held up, so that only what is sent while leaving can arrive.
    await page.evaluate("window.fetch = () => new Promise(() => {}); ropo.track('Leaving')");
    await page.goto('about:blank');
    await stored(2);
    expect(await it.raw("SELECT event FROM raw_events WHERE event = 'Leaving'")).toHaveLength(1);
  });
});

describe('a browser that says it is a robot', () => {
  test('is flagged and not dropped, and counts for nothing', async () => {
    const headless = await browser.newContext();
    try {
      const visit = await headless.newPage();
      await visit.goto(pages.origin);
      await stored(1);
      expect(await it.raw('SELECT event, is_bot FROM raw_events')).toEqual([
        { event: 'Page Viewed', is_bot: true },
      ]);
      expect(await it.built('SELECT event FROM web_events')).toEqual([]);
    } finally {
      await headless.close();
    }
  });
});
