import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  BUILD_MS,
  open,
  type PageShop,
  pageShop,
  settled,
  type WatchedPage,
  watchedPage,
} from './page-shop.ts';
import { startChromium } from './shop-pages.ts';

let browser: Browser;
let shop: PageShop;
let it: WatchedPage;

beforeAll(async () => {
  shop = await pageShop();
  browser = await startChromium();
}, BUILD_MS);
afterAll(async () => {
  await browser?.close();
  await shop?.close();
});
beforeEach(async () => {
  it = await watchedPage(browser);
});
afterEach(() => it.page.context().close());

const search = () => Object.fromEntries(new URL(it.page.url()).searchParams);
const text = (selector: string) => it.page.locator(selector).first().textContent();

describe('the page', () => {
  test('says whose data it shows, how fresh they are, and leads to every view', async () => {
    await open(it.page, shop.url);
    const { data_label } = await shop.api('purchases');
    expect(await text('.data-label')).toBe(data_label);
    expect(await text('.fresh')).toMatch(/Complete through \d+ \w+ 2025/);
    const links = it.page.locator('.top nav a');
    expect(await links.allTextContents()).toEqual([
      'Overview',
      'Channels',
      'ROPO',
      'Journeys',
      'Stages',
      'Economics',
      'Customers',
      'Data quality',
    ]);
    expect(await it.page.title()).toBe('Overview · ropo');
    expect(it.complaints).toEqual([]);
  });

  test('filters change address and figures, and back takes both back', async () => {
    await open(it.page, shop.url);
    const before = await text('.story');
    await it.page.getByLabel('Period', { exact: true }).selectOption('last_30');
    await settled(it.page);
    expect(search()).toEqual({ period: 'last_30' });
    const after = await text('.story');
    expect(after).not.toBe(before);
    await it.page.getByLabel('Model', { exact: true }).selectOption('first_touch');
    await settled(it.page);
    expect(search()).toEqual({ period: 'last_30', model: 'first_touch' });
    expect(await text('#sources .lead')).toContain('First touch');
    await it.page.goBack();
    await it.page.goBack();
    await settled(it.page);
    expect(search()).toEqual({});
    expect(await text('.story')).toBe(before);
    await it.page.goForward();
    await settled(it.page);
    expect(await text('.story')).toBe(after);
  });

  test('keeps filters from view to view, and shows which of them a view cannot use and why', async () => {
    await open(it.page, `${shop.url}/?period=last_30&channel=Email`);
    expect(await it.page.getByLabel('Channel', { exact: true }).isEnabled()).toBe(true);
    await it.page.getByRole('link', { name: 'Data quality', exact: true }).click();
    await settled(it.page);
    expect(search()).toEqual({ view: 'quality', period: 'last_30', channel: 'Email' });
    const channel = it.page.locator('.field', { has: it.page.getByLabel('Channel', { exact: true }) });
    expect(await channel.locator('select').isDisabled()).toBe(true);
    expect(await channel.getAttribute('title')).toContain('Not in this view');
  });

  test('a filter by channel narrows the figures down as the API does', async () => {
    await open(it.page, `${shop.url}/?view=channels&period=all&channel=Email`);
    const names = await it.page.locator('#channels tbody th').allTextContents();
    expect(names).toEqual(['Email']);
    expect(await it.page.getByLabel('Channel', { exact: true }).inputValue()).toBe('Email');
  });

  test('can be walked by keyboard alone', async () => {
    await open(it.page, shop.url);
    const focused = () => it.page.evaluate('document.activeElement.textContent.trim()');
    await it.page.keyboard.press('Tab');
    expect(await focused()).toBe('Skip to the figures');
    await it.page.keyboard.press('Enter');
    expect(await it.page.evaluate('document.activeElement.id')).toBe('figures');
    await it.page.keyboard.press('Tab');
    expect(await it.page.evaluate("document.activeElement.closest('.panel').id")).toBe('period');
    expect(await it.page.locator('.tip-layer').textContent()).toContain('before returns');
    await it.page.keyboard.press('Escape');
    expect(await it.page.locator('.tip-layer').count()).toBe(0);
    await it.page.keyboard.press('Tab');
    await it.page.keyboard.press('Enter');
    expect(await it.page.locator('dialog[open] h2').textContent()).toBe('The period in short');
    await it.page.keyboard.press('Escape');
    expect(await it.page.locator('dialog[open]').count()).toBe(0);
    await it.page.locator('.top nav a', { hasText: 'Channels' }).focus();
    await it.page.keyboard.press('Enter');
    await settled(it.page);
    expect(search()).toEqual({ view: 'channels' });
    expect(await it.page.evaluate('document.activeElement.id')).toBe('figures');
    const head = it.page.locator('#channels thead th').first();
    await head.locator('button').focus();
    await it.page.keyboard.press('Enter');
    expect(await head.getAttribute('aria-sort')).toBe('ascending');
    const names = await it.page.locator('#channels tbody th').allTextContents();
    expect(names).toEqual(names.toSorted((a, b) => a.localeCompare(b)));
  });

  test('reads Italian: words, figures, and the language of the document', async () => {
    await open(it.page, shop.url);
    await it.page.getByLabel('Language').selectOption('it');
    await settled(it.page);
    expect(search().lang).toBe('it');
    await expect.poll(() => it.page.evaluate('document.documentElement.lang')).toBe('it');
    expect(await it.page.title()).toBe('Panoramica · ropo');
    const { rows, period } = await shop.api('purchases?by=all&from=2025-04-01&to=2025-04-30');
    await open(it.page, `${shop.url}/?lang=it&from=${period.from}&to=${period.to}`);
    const sold = new Intl.NumberFormat('it-IT', { style: 'currency', currency: 'EUR', useGrouping: true });
    expect((await text('.story'))!.replaceAll(/\s/g, ' ')).toContain(
      sold.format(Number(rows[0]!.sold)).replaceAll(/\s/g, ' '),
    );
    expect(it.complaints).toEqual([]);
  });

  test('says why there is nothing, and what went wrong, and tries again', async () => {
    await open(it.page, `${shop.url}/?from=2019-01-01&to=2019-01-31`);
    expect(await text('#period .instead')).toContain('Nothing in this period');
    let fails = true;
    await it.page.route('**/v1/kpis/reconciliation*', (route) =>
      fails ? route.fulfill({ status: 500, body: '{"title":"broken","status":500}' }) : route.continue(),
    );
    await open(it.page, `${shop.url}/?view=quality`);
    expect(await text('#reconciliation [role=alert]')).toContain('could not be loaded');
    fails = false;
    await it.page.getByRole('button', { name: 'Try again' }).click();
    await settled(it.page);
    expect(await it.page.locator('#reconciliation table').count()).toBe(1);
  });

  test('a period without data says from when to when there are some, and leads there', async () => {
    await open(it.page, `${shop.url}/?from=2019-01-01&to=2019-01-31`);
    expect(await text('#period .instead')).toMatch(/There are purchases from 1 \w+ \d{4} to \d+ \w+ 2025/);
    await it.page.locator('#period .instead a').click();
    await settled(it.page);
    expect(search()).toEqual({});
    expect(await it.page.locator('.tile').count()).toBeGreaterThan(0);
    // Inside the days of the data, the filters are what leaves nothing.
    await open(it.page, `${shop.url}/?view=channels&channel=Nobody`);
    expect(await text('#channels .instead')).toContain('clear filters');
    expect(await it.page.locator('#channels .instead a').count()).toBe(0);
  });

  test('says in words whether a change is for the better, and nothing where it is neither', async () => {
    await open(it.page, `${shop.url}/?from=2025-04-01&to=2025-04-30`);
    const { rows } = await shop.api('purchases?by=all&from=2025-04-01&to=2025-04-30&compare=previous_period');
    const isMore = Number(rows[0]!.sold) > Number(rows[0]!.sold_before);
    const tile = (title: string) => it.page.locator('.tile', { hasText: title }).first().locator('.change');
    expect(await tile('Sold').textContent()).toContain(isMore ? ', better' : ', worse');
    expect(await tile('Media spend').textContent()).not.toMatch(/better|worse/);
  });

  test('of one channel it does not say that it brought the most', async () => {
    await open(it.page, `${shop.url}/?channel=Email`);
    expect(await text('.story')).toContain('Email brought ');
    expect(await text('.story')).not.toContain('the most');
  });

  test('on a phone the view that one is in stands in sight, and closed filters say what is set', async () => {
    const { page } = await watchedPage(browser, { viewport: { width: 390, height: 844 } });
    await open(page, `${shop.url}/?view=quality&period=last_30`);
    const box = await page.locator('.top nav a[aria-current]').boundingBox();
    expect(box!.x).toBeGreaterThanOrEqual(0);
    expect(box!.x + box!.width).toBeLessThanOrEqual(390);
    const summary = page.locator('.filters summary');
    expect(await summary.textContent()).toContain('Last 30 days');
    expect(await page.locator('.filters details').getAttribute('open')).toBeNull();
    await page.context().close();
  });

  test('asks for a token where the API wants one, and sends it from then on', async () => {
    await it.page.route('**/v1/**', (route) =>
      route.request().headers().authorization === 'Bearer secret'
        ? route.continue()
        : route.fulfill({ status: 401, body: '{"title":"Who are you?","status":401}' }),
    );
    await it.page.goto(shop.url);
    await it.page.getByLabel('Token').fill('secret');
    await it.page.getByRole('button', { name: 'Open' }).click();
    await settled(it.page);
    expect(await it.page.locator('#period').count()).toBe(1);
    expect(await it.page.evaluate('localStorage.length')).toBe(0);
  });

  test('names from the data stay text, whatever stands in them', async () => {
    const nasty = '<img src=x onerror="alert(1)"><b>Spring</b>';
    await it.page.route('**/v1/kpis/attribution*', async (route) => {
      const answer = await (await route.fetch()).json();
      for (const row of answer.rows) if (row.label === 'Direct') row.label = nasty;
      await route.fulfill({ json: answer });
    });
    await open(it.page, `${shop.url}/?view=channels`);
    const names = await it.page.locator('#channels tbody th').allTextContents();
    expect(names).toContain(nasty);
    expect(await it.page.locator('main img, main b').count()).toBe(0);
    await open(it.page, shop.url);
    expect(await it.page.locator('main img, main b').count()).toBe(0);
    expect(it.complaints).toEqual([]);
  });

  test('offers the figures of a build that came meanwhile', async () => {
    await it.page.clock.install();
    await it.page.goto(shop.url);
    await it.page.clock.runFor(2000);
    await settled(it.page);
    expect(await it.page.locator('.newer').count()).toBe(0);
    await it.page.route('**/v1/build', (route) => route.fulfill({ json: { build_id: 'another' } }));
    await it.page.clock.runFor(31_000);
    await it.page.getByRole('button', { name: 'Show them' }).click();
    await it.page.clock.runFor(2000);
    await settled(it.page);
    expect(await it.page.locator('.newer').count()).toBe(0);
  });
});
