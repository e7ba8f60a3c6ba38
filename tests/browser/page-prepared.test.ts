import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pageAddresses } from '../../lib/api/preparing/page-questions.ts';
import type { Choices } from '../../lib/pipeline/choices.ts';
import { BUILD_MS, open, type PageShop, pageShop, watchedPage } from './page-shop.ts';
import { startChromium } from './shop-pages.ts';

// The page's code is checked as the browser's, not as this program's.
const registry = '../../lib/web/views/registry.ts';

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

/** An address with its parameters in order. */
function inOrder(address: string): string {
  const { pathname, searchParams } = new URL(address, 'http://localhost');
  searchParams.sort();
  return `${pathname}?${searchParams}`;
}

test('what a build is prepared with is what the views of the page ask, and nothing else', async () => {
  const { page } = await watchedPage(browser);
  const asked = new Set<string>();
  page.on('request', (request) => {
    const { pathname, search } = new URL(request.url());
    if (/^\/v1\/(kpis|choices)/.test(pathname)) asked.add(inOrder(pathname + search));
  });
  const { VIEW_NAMES } = (await import(registry)) as { VIEW_NAMES: readonly string[] };
  for (const view of VIEW_NAMES) await open(page, `${shop.url}/?view=${view}`);
  const choices = (await (await fetch(`${shop.url}/v1/choices`)).json()) as Choices;
  const { data_complete_through } = await shop.api('purchases');
  const its = { models: choices.models, lastDay: data_complete_through ?? choices.last_day };
  expect([...asked].sort()).toEqual(pageAddresses(its, 'manager').map(inOrder).sort());
  await page.context().close();
});
