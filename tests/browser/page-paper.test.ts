import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BUILD_MS, open, type PageShop, pageShop, watchedPage } from './page-shop.ts';
import { startChromium } from './shop-pages.ts';

const VIEWS = ['overview', 'channels', 'ropo', 'journeys', 'stages', 'economics', 'customers', 'quality'];
/** A4 upright between margins of 12 mm, in pixels of the page. */
const A4 = 703;

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

/** Shows the page as the printer gets it: a browser tells it before, and lays it out for the width of paper. */
async function printed(page: Page): Promise<void> {
  await page.evaluate("dispatchEvent(new Event('beforeprint'))");
  await page.emulateMedia({ media: 'print' });
  await page.setViewportSize({ width: A4, height: 1000 });
}

const visible = (page: Page, selector: string) =>
  page.evaluate(`Array.from(document.querySelectorAll(${JSON.stringify(selector)}))
    .filter((one) => one.getClientRects().length > 0 && getComputedStyle(one).visibility !== 'hidden')
    .map((one) => one.textContent.trim().slice(0, 40))`) as Promise<string[]>;

describe.each(VIEWS)('the view %s on paper', (view) => {
  test('has no controls, and nothing is wider than the sheet', async () => {
    const { page, complaints } = await watchedPage(browser, { colorScheme: 'dark' });
    await open(page, `${shop.url}/?view=${view}`);
    await printed(page);
    const controls =
      'nav a, .choices select, .actions button, .toggle, .filters, .skip, main button.quiet, main button.link, main input';
    expect(await visible(page, controls)).toEqual([]);
    const wide =
      await page.evaluate(`Array.from(document.querySelectorAll('main svg, main table, main p, main dl'))
      .map((one) => [one.tagName, one.closest('.panel')?.id, Math.round(one.getBoundingClientRect().right)])
      .filter(([, , right]) => right > ${A4} + 1)`);
    expect(wide).toEqual([]);
    const scrolls = await page.evaluate(`Array.from(document.querySelectorAll('main .table, main .drawing'))
      .filter((one) => getComputedStyle(one).overflowX === 'auto' || getComputedStyle(one).maxHeight !== 'none').length`);
    expect(scrolls).toBe(0);
    // Dark screens print dark on white too, with the colours that carry a meaning.
    const [ground, ink, adjust] = (await page.evaluate(`[
      getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color,
      getComputedStyle(document.querySelector('main .panel')).printColorAdjust]`)) as string[];
    expect([ground, ink, adjust]).toEqual(['rgb(255, 255, 255)', 'rgb(22, 32, 42)', 'exact']);
    const title = await visible(page, 'main > h1');
    expect(title).toHaveLength(1);
    const pdf = await page.pdf({ format: 'A4' });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});

test('says what it is of: filters, last day of the data, build and address', async () => {
  const { page } = await watchedPage(browser);
  await open(page, `${shop.url}/?view=channels&from=2025-04-01&to=2025-05-31&model=linear&channel=Email`);
  expect(await visible(page, '.paper-head')).toEqual([]);
  await printed(page);
  const rows = await page
    .locator('.paper-head > div')
    .evaluateAll((all) => all.map((one) => Array.from(one.children, ({ textContent }) => textContent)));
  const said = Object.fromEntries(rows) as Record<string, string>;
  const { build_id } = await shop.api('purchases?by=all');
  expect(said).toMatchObject({
    Period: '1 Apr 2025 – 31 May 2025',
    'Compare with': 'Period before',
    Model: 'Linear',
    Channel: 'Email',
    Build: build_id,
    'Found at': page.url(),
  });
  expect(said['Data complete through']).toMatch(/^\d+ \w+ 2025$/);
  await page.context().close();
});

test('tells in words which rows and which caveats are not seen otherwise', async () => {
  const { page } = await watchedPage(browser);
  await open(page, `${shop.url}/?view=journeys&period=all`);
  const more = await page.locator('#paths .table button.quiet').textContent();
  await printed(page);
  expect(await visible(page, '#paths .only-on-paper')).toContain(
    `${/\d+/.exec(more!)![0]} more rows are not printed.`,
  );
  const caveat = (await shop.api('paths')).caveat!;
  expect(await page.locator('#paths .caveat .only-on-paper').textContent()).toBe(caveat);
  await page.context().close();
});

test('the screen is as before once it is printed', async () => {
  const { page } = await watchedPage(browser);
  await open(page, `${shop.url}/?view=ropo`);
  const widths = () =>
    page.evaluate(
      `Array.from(document.querySelectorAll('main .drawing svg'), (one) => one.getAttribute('width'))`,
    );
  const before = await widths();
  await page.evaluate("dispatchEvent(new Event('beforeprint'))");
  expect(new Set((await widths()) as string[])).toEqual(new Set(['680']));
  await page.evaluate("dispatchEvent(new Event('afterprint'))");
  expect(await widths()).toEqual(before);
  expect(
    await page.evaluate(
      `Array.from(document.querySelectorAll('.table > table'), (one) => one.style.zoom).join('')`,
    ),
  ).toBe('');
  await page.context().close();
});
