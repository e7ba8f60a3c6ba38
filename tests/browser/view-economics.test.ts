import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BUILD_MS, type PageShop, pageShop, settled } from './page-shop.ts';
import { startChromium } from './shop-pages.ts';
import { money, openView, readsInItalian } from './view-pages.ts';

let browser: Browser;
let shop: PageShop;
beforeAll(async () => {
  shop = await pageShop();
  browser = await startChromium();
}, BUILD_MS);
afterAll(async () => {
  await browser?.close();
  await shop?.close();
});

const MARGINS = [
  'net_revenue',
  'cost_of_goods',
  'cm1',
  'variable_cost',
  'cm2',
  'media_cost',
  'cm3',
  'cm4',
  'result',
];

describe('the view of economics', () => {
  test('every margin of every channel is that of the API, and losses say where they begin', async () => {
    const { texts, done } = await openView(browser, shop.url, 'economics', 'model=linear');
    const { rows } = await shop.api('channel-economics?by=channel&model=linear');
    const shown = await texts('#channel-margins tbody tr');
    for (const row of rows.filter((one) => one.currency === 'EUR')) {
      // What no channel is credited with is called as on every other view.
      const name = row.label === '(unattributed)' ? 'Not credited' : String(row.label);
      const text = shown.find((one) => one.startsWith(name) && /^[-€]/.test(one.slice(name.length)));
      for (const margin of MARGINS) if (row[margin] !== null) expect(text).toContain(money(row[margin]));
    }
    const [verdict] = await texts('#channel-results .says');
    for (const row of rows.filter((one) => one.currency === 'EUR' && String(one.turns).startsWith('loss')))
      expect(verdict).toContain(String(row.label));
    await done();
  });

  test('the cascade follows channel and persona, which stay in the address', async () => {
    const { page, texts, done } = await openView(browser, shop.url, 'economics', 'model=linear');
    await page.locator('#margin-cascade select').first().selectOption('Email');
    await settled(page);
    expect(new URL(page.url()).searchParams.get('of')).toBe('Email');
    await page.click('#margin-cascade .toggle');
    const { rows } = await shop.api('channel-economics?by=channel&model=linear');
    const email = rows.find((row) => row.label === 'Email' && row.currency === 'EUR')!;
    expect((await texts('#margin-cascade tbody tr'))[0]).toContain(money(email.result));
    const persona = String((await shop.api('channel-economics?by=persona&model=linear')).rows[0]!.label);
    await page.locator('#margin-cascade select').nth(1).selectOption(persona);
    await settled(page);
    const narrowed = await shop.api(
      `channel-economics?by=channel&model=linear&persona=${encodeURIComponent(persona)}`,
    );
    const its = narrowed.rows.find((row) => row.label === 'Email' && row.currency === 'EUR')!;
    expect((await texts('#margin-cascade tbody tr'))[0]).toContain(money(its.result));
    await done();
  });

  test('assumptions stand beside, those that nobody stated too', async () => {
    const { page, texts, done } = await openView(browser, shop.url, 'economics');
    const { rows } = await shop.api('cost-assumptions');
    await page.locator('#cost-assumptions .table > button').click();
    const shown = (await texts('#cost-assumptions tbody tr')).join('|');
    for (const row of rows.filter((one) => one.currency === undefined || one.currency === 'EUR'))
      expect(shown).toContain(String(row.label).replaceAll('_', ' '));
    await done();
  });

  test('reads in Italian', () => readsInItalian(browser, shop.url, 'economics', 'Quali canali guadagnano'));
});
