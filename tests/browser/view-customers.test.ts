import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BUILD_MS, type PageShop, pageShop, settled } from './page-shop.ts';
import { startChromium } from './shop-pages.ts';
import { count, money, openView, readsInItalian, share } from './view-pages.ts';

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

describe('the view of customers', () => {
  test('groups, their value with its interval and who is still a customer are those of the API', async () => {
    for (const by of ['persona', 'segment', 'first_channel']) {
      const { page, texts, done } = await openView(browser, shop.url, 'customers', `customers_by=${by}`);
      const rows = (await shop.api(`customers?by=${by}`)).rows.filter((row) => row.currency === 'EUR');
      await page.click('#customer-value .toggle');
      const groups = await texts('#customer-groups tbody tr');
      const values = (await texts('#customer-value tbody tr')).join('|');
      const alive = (await texts('#customer-churn svg text')).join('|');
      for (const row of rows) {
        const text = groups.find(
          (one) => one.startsWith(String(row.label)) && /^\d/.test(one.slice(String(row.label).length)),
        );
        expect(text).toContain(count(row.customers));
        expect(text).toContain(money(row.revenue));
        if (row.clv_12m !== null) expect(values).toContain(money(row.clv_12m));
        if (row.clv_12m_low !== null) expect(values).toContain(money(row.clv_12m_low));
        if (row.alive_share !== null) expect(alive).toContain(share(row.alive_share));
      }
      await done();
    }
  });

  test('grouping is chosen by keyboard and leads back', async () => {
    const { page, texts, done } = await openView(browser, shop.url, 'customers');
    const before = await texts('#customer-groups tbody th');
    await page.locator('.choice-tabs button').nth(1).focus();
    await page.keyboard.press('Enter');
    await settled(page);
    expect(new URL(page.url()).searchParams.get('customers_by')).toBe('segment');
    expect(await texts('#customer-groups tbody th')).not.toEqual(before);
    await page.goBack();
    await settled(page);
    expect(await texts('#customer-groups tbody th')).toEqual(before);
    await done();
  });

  test('what was predicted stands beside what came', async () => {
    const { page, texts, done } = await openView(browser, shop.url, 'customers');
    const { rows } = await shop.api('customer-value-calibration?by=decile');
    expect(
      await page
        .locator('#customer-value-calibration svg circle, #customer-value-calibration svg path')
        .count(),
    ).toBeGreaterThan(rows.length);
    await page.click('#customer-value-calibration .toggle');
    const shown = await texts('#customer-value-calibration tbody tr');
    for (const [at, row] of rows.entries()) {
      expect(shown[at]).toContain(count(row.predicted));
      expect(shown[at]).toContain(count(row.actual));
    }
    await done();
  });

  test('reads in Italian', () => readsInItalian(browser, shop.url, 'customers', 'Chi sono i clienti'));
});
