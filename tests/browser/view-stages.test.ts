import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BUILD_MS, type PageShop, pageShop, settled } from './page-shop.ts';
import { startChromium } from './shop-pages.ts';
import { count, openView, readsInItalian, share } from './view-pages.ts';

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

const LEVELS = ['revenue', 'cost', 'experience', 'digitalisation'];

describe('the view of stages', () => {
  test('each level shows all of its figures, or what would have to be supplied', async () => {
    const { page, texts, done } = await openView(browser, shop.url, 'stages');
    const { rows } = await shop.api('stages?by=all&limit=1000');
    expect(rows.length).toBeGreaterThan(40);
    const customers = (await shop.api('customers?by=all')).rows.find(({ currency }) => currency === 'EUR')!;
    expect(typeof customers.alive_share).toBe('number');
    /** What a figure without a value says: that of customers where they have it, else where it is or what is missing. */
    const instead = (note: string): string => {
      const measure = /: it is (\w+) of customers$/.exec(note)?.[1];
      const value = customers[measure === 'clv_12m' ? 'clv_12m_per_customer' : (measure ?? '')];
      if (typeof value !== 'number') {
        const view = / of (customers|channel-economics)$/.exec(note)?.[1];
        return view === undefined
          ? note
          : `told in another view: ${view === 'customers' ? 'Customers' : 'Economics'}`;
      }
      return measure === 'clv_12m' ? 'all customers, all time' : `${share(value)} all customers, all time`;
    };
    for (const [at, level] of LEVELS.entries()) {
      await page.locator('.choice-tabs button').nth(at).click();
      await settled(page);
      const its = rows.filter((row) => row.level === level && row.currency !== 'GBP');
      const shown = await texts('.stages-figure');
      for (const row of its) {
        const figure = shown.find(
          (text) =>
            text.startsWith(String(row.figure_title)) &&
            (row.value === null
              ? text.includes(instead(String(row.note)))
              : row.unit === 'share'
                ? text.includes(share(row.value))
                : row.unit !== 'count' || text.includes(count(row.value))),
        );
        expect(figure, `${row.figure} ${row.value}`).toBeDefined();
      }
    }
    await done();
  });

  test('of a channel it shows the channel, and says where a figure is of all', async () => {
    const { texts, done } = await openView(browser, shop.url, 'stages', 'of=Email');
    const { rows } = await shop.api('stages?by=channel&limit=1000');
    const row = rows.find((one) => one.label === 'Email' && one.figure === 'product_visit_share')!;
    const shown = await texts('.stages-figure');
    expect(shown).toContainEqual(expect.stringMatching(/^Visits to products/));
    expect(shown.find((text) => text.startsWith('Visits to products'))).toContain(share(row.value));
    expect(shown.find((text) => text.startsWith('Footfall'))).toContain('All channels');
    await done();
  });

  test('reads in Italian', () => readsInItalian(browser, shop.url, 'stages', 'Cinque fasi'));
});
