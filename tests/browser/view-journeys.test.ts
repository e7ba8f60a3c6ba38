import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BUILD_MS, type PageShop, pageShop } from './page-shop.ts';
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

describe('the view of journeys', () => {
  test('as many journeys end in the picture as in the API, by how they end', async () => {
    const { texts, done } = await openView(browser, shop.url, 'journeys');
    const { rows } = await shop.api('journey-flow?limit=1000');
    const drawn = await texts('#journey-flow svg text');
    for (const [label, name] of [
      ['(purchase)', 'Purchase'],
      ['(no purchase)', 'No purchase'],
      ['(later steps)', 'Later steps'],
    ]) {
      const journeys = rows
        .filter((row) => row.label === label)
        .reduce((sum, row) => sum + Number(row.journeys), 0);
      if (journeys > 0 && journeys < 10_000) expect(drawn).toContain(`${name} ${count(journeys)}`);
    }
    await done();
  });

  test('shows how far visits get, and the most frequent paths first', async () => {
    const { texts, done } = await openView(browser, shop.url, 'journeys');
    const steps = (await texts('#drop-off-funnel svg text')).join('|');
    for (const row of (await shop.api('drop-off?by=funnel')).rows)
      expect(steps).toContain(count(row.journeys));
    const paths = (await shop.api('paths?limit=200')).rows
      .filter((row) => !String(row.label).startsWith('('))
      .toSorted((a, b) => Number(b.purchases) - Number(a.purchases));
    const first = (await texts('#paths tbody tr'))[0];
    expect(first).toContain(count(paths[0]!.purchases));
    await done();
  });

  test('lengths, roles and overlap are those of the API', async () => {
    const { page, texts, done } = await openView(browser, shop.url, 'journeys');
    await page.click('#path-lengths-touchpoints .toggle');
    const lengths = (await texts('#path-lengths-touchpoints tbody tr')).join('|');
    for (const row of (await shop.api('path-lengths?by=touchpoints')).rows)
      expect(lengths).toContain(share(row.share));
    const roles = await texts('#channel-roles tbody tr');
    for (const row of (await shop.api('channel-roles')).rows) {
      const shown = roles.find(
        (text) => text.startsWith(String(row.label)) && /^\d/.test(text.slice(String(row.label).length)),
      );
      for (const role of ['first', 'assist', 'last', 'only']) expect(shown).toContain(count(row[role]));
    }
    const overlap = (await texts('#channel-overlap tbody td')).join('|');
    for (const row of (await shop.api('channel-overlap?limit=1000')).rows)
      expect(overlap).toContain(share(row.share));
    await done();
  });

  test('reads in Italian', () => readsInItalian(browser, shop.url, 'journeys', 'Dove iniziano'));
});
