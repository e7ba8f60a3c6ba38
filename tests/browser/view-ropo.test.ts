import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BUILD_MS, type PageShop, pageShop, settled } from './page-shop.ts';
import { startChromium } from './shop-pages.ts';
import { money, openView, readsInItalian, share } from './view-pages.ts';

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

describe('the view ROPO', () => {
  test('says what chance alone finds, and what is left, as the API does', async () => {
    const { texts, done } = await openView(browser, shop.url, 'ropo');
    const [row] = (await shop.api('ropo?by=all&level=category')).rows;
    const [says] = await texts('#ropo-share .says');
    expect(says).toContain(`Chance alone finds ${share(row!.placebo_share)}.`);
    expect(says).toContain(`between ${share(row!.corrected_low)} and ${share(row!.corrected_high)}`);
    if (row!.corrected_share !== null)
      expect(says).toContain(`What is left is ${share(row!.corrected_share)}`);
    await done();
  });

  test('has every step of the waterfall and what does not reach the next', async () => {
    const { page, texts, done } = await openView(browser, shop.url, 'ropo');
    const { rows } = await shop.api('ropo-waterfall?by=all');
    const drawn = (await texts('#ropo-waterfall svg text')).join('|');
    for (const row of rows.filter(({ step }) => step !== 'of these credited')) {
      expect(drawn).toContain(String(row.remainder ?? row.step));
      expect(drawn).toContain(share(row.share_of_store));
    }
    await page.click('#ropo-waterfall .toggle');
    const cells = await texts('#ropo-waterfall .chart tbody tr');
    expect(cells).toHaveLength(rows.length);
    for (const [at, row] of rows.entries()) expect(cells[at]).toContain(money(row.revenue));
    await done();
  });

  test('ranks stores by their corrected share; a store without one says why', async () => {
    const { texts, done } = await openView(browser, shop.url, 'ropo');
    const { rows } = await shop.api('ropo?by=store&level=category');
    const drawn = await texts('#ropo-stores svg text');
    const known = rows.filter((row) => row.corrected_share !== null);
    const withheld = rows.filter((row) => row.corrected_share === null);
    for (const row of known) expect(drawn.join('|')).toContain(share(row.corrected_share));
    const order = known
      .toSorted((a, b) => Number(b.corrected_share) - Number(a.corrected_share))
      .map(({ label }) => drawn.indexOf(String(label)));
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    const notes = (await texts('#ropo-stores .notes li')).join('|');
    for (const row of withheld) expect(notes).toContain(`${row.label}: withheld: ${row.verdict}`);
    await done();
  });

  test('what counts as the same product is chosen once, for all panels, by keyboard, and stays in the address', async () => {
    const { page, texts, done } = await openView(browser, shop.url, 'ropo');
    await page.focus('main select');
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => new URL(page.url()).searchParams.get('level')).toBe('product');
    await settled(page);
    const [row] = (await shop.api('ropo?by=all&level=product')).rows;
    expect((await texts('#ropo-share .says'))[0]).toContain(
      `Chance alone finds ${share(row!.placebo_share)}.`,
    );
    await page.reload();
    await settled(page);
    expect(await page.inputValue('main select')).toBe('product');
    await done();
  });

  test('returns stand in both views, by month and by store', async () => {
    const { texts, done } = await openView(browser, shop.url, 'ropo', 'returns_by=store');
    const { rows } = await shop.api('returns?by=store');
    const shown = (await texts('#returns tbody tr')).join('|');
    for (const row of rows) {
      expect(shown).toContain(money(row.returned_by_purchase_date));
      expect(shown).toContain(money(row.returned_by_return_date));
    }
    await done();
  });

  test('draws lags, extrapolation, visits, windows and collected orders with their figures', async () => {
    const { texts, done } = await openView(browser, shop.url, 'ropo');
    const [lag] = (await shop.api('ropo-lags?level=category')).rows;
    if (lag!.excess_ends_days !== null)
      expect((await texts('#ropo-lags svg text')).join('|')).toContain(`After ${lag!.excess_ends_days} days`);
    const extended = (await shop.api('ropo-extrapolation?by=all&level=category')).rows;
    const ranges = (await texts('#ropo-extrapolation svg text')).join('|');
    for (const row of extended.filter((one) => one.share !== null))
      expect(ranges).toContain(share(row.share));
    const visits = (await texts('#store-visits tbody tr')).join('|');
    for (const row of (await shop.api('store-visits?by=store')).rows)
      if (row.research_rate !== null) expect(visits).toContain(share(row.research_rate));
    const windows = (await texts('#ropo-grid tbody td')).join('|');
    for (const row of (await shop.api('ropo-grid')).rows)
      if (row.corrected_share !== null) expect(windows).toContain(share(row.corrected_share));
    const collected = (await texts('#collected-orders tbody tr')).join('|');
    for (const row of (await shop.api('collected-orders?by=purchase_class')).rows)
      expect(collected).toContain(money(row.revenue));
    await done();
  });

  test('reads in Italian', () => readsInItalian(browser, shop.url, 'ropo', 'Il caso da solo trova'));
});
