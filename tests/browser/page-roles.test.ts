import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RoleName } from '../../lib/api/roles.ts';
import { BUILD_MS, open, type PageShop, pageShop, settled, watchedPage } from './page-shop.ts';
import { startChromium } from './shop-pages.ts';

let browser: Browser;
let shop: PageShop;
beforeAll(async () => {
  shop = await pageShop({ requireToken: true });
  browser = await startChromium();
}, BUILD_MS);
afterAll(async () => {
  await browser?.close();
  await shop?.close();
});

/** A page whose reader has shown a token of a role. */
async function pageAs(role: RoleName) {
  const watched = await watchedPage(browser);
  await watched.page.addInitScript(`sessionStorage.setItem('ropo-token', '${shop.tokens[role]}')`);
  return watched;
}

const OPEN_TO_ALL = ['Overview', 'Channels', 'ROPO', 'Journeys', 'Stages'];
const EXPECTED: Readonly<Record<RoleName, { views: string[]; closed: string[]; panels: string[] }>> = {
  manager: {
    views: [...OPEN_TO_ALL, 'Economics', 'Customers', 'Data quality'],
    closed: [],
    panels: ['period', 'sources', 'certainty', 'movers', 'ropo-share', 'alerts', 'targets'],
  },
  marketer: {
    views: [...OPEN_TO_ALL, 'Customers', 'Data quality'],
    closed: ['economics'],
    panels: ['period', 'sources', 'certainty', 'movers', 'ropo-share', 'alerts', 'targets'],
  },
  partner: {
    views: [...OPEN_TO_ALL, 'Data quality'],
    closed: ['economics', 'customers'],
    panels: ['period', 'sources', 'certainty', 'movers', 'ropo-share'],
  },
};
const ROLES = Object.keys(EXPECTED) as RoleName[];

describe.each(ROLES)('as %s the page', (role) => {
  const { views, closed, panels } = EXPECTED[role];

  test('leads to the views that the role may open, and shows the panels that it may see', async () => {
    const { page, complaints } = await pageAs(role);
    await open(page, shop.url);
    expect(await page.locator('.top nav a').allTextContents()).toEqual(views);
    const shown = await page.locator('main .panel').evaluateAll((all) => all.map(({ id }) => id));
    expect(shown).toEqual(panels);
    expect(await page.locator('main .instead').count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('says in place that a view is not for the role, and what is', async () => {
    for (const view of closed) {
      const { page, complaints } = await pageAs(role);
      await page.goto(`${shop.url}/?view=${view}&period=all`);
      const said = page.locator('main [role=alert]');
      await said.waitFor();
      expect(await said.textContent()).toContain('is not for your role');
      expect(await said.locator('a').allTextContents()).toEqual(views);
      expect(await page.locator('.filters, main .panel').count()).toBe(0);
      await said.locator('a', { hasText: 'Channels' }).click();
      await settled(page);
      expect(await page.locator('#channels tbody tr').count()).toBeGreaterThan(0);
      expect(new URL(page.url()).searchParams.get('period')).toBe('all');
      expect(complaints).toEqual([]);
      await page.context().close();
    }
  });

  test('offers statements and what was left out to those who may ask', async () => {
    const { page } = await pageAs(role);
    await open(page, `${shop.url}/?view=channels`);
    await page.getByRole('button', { name: 'How is this made? All channels' }).click();
    expect(await page.locator('dialog[open] .why').count()).toBe(role === 'partner' ? 0 : 1);
    await page.context().close();
  });
});

test('a link to a panel that is not for the role says so where the panel would be', async () => {
  const { page } = await pageAs('partner');
  await open(page, `${shop.url}/#targets`);
  expect(await page.locator('#targets').textContent()).toContain('not for your role');
  await page.context().close();
});

test('a panel without its figure is not there, and stages link to no view that is closed', async () => {
  const { page } = await pageAs('marketer');
  await open(page, `${shop.url}/?view=customers`);
  expect(await page.locator('#customer-value').count()).toBe(0);
  expect(await page.locator('main .panel').count()).toBeGreaterThan(2);
  for (const level of ['revenue', 'cost', 'experience', 'digitalisation']) {
    await open(page, `${shop.url}/?view=stages&level=${level}`);
    expect(await page.locator('main a[href*="view=economics"]').count()).toBe(0);
  }
  await page.context().close();
});
