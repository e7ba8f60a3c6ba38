import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BUILD_MS, open, type PageShop, pageShop, screenshotFolder, watchedPage } from './page-shop.ts';
import { startChromium } from './shop-pages.ts';

const VIEWS = ['overview', 'channels', 'ropo', 'journeys', 'stages', 'economics', 'customers', 'quality'];
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

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

interface Violation {
  id: string;
  nodes: { target: string[]; failureSummary: string }[];
}

/** Opens a view and waits for what comes after its figures too, such as their intervals. */
async function openWhole(page: Page, view: string): Promise<void> {
  await open(page, `${shop.url}/?view=${view}`);
  await page.waitForLoadState('networkidle');
}

describe.each(VIEWS)('the view %s', (view) => {
  test.each(['light', 'dark'] as const)('is usable by everybody, %s', async (colorScheme) => {
    const { page, complaints } = await watchedPage(browser, { colorScheme });
    await openWhole(page, view);
    await page.screenshot({ path: join(screenshotFolder(), `${view}-${colorScheme}.png`), fullPage: true });
    const { ROPO_GUIDE_PICTURES: guide } = process.env;
    if (guide && colorScheme === 'light') await page.screenshot({ path: join(guide, `page-${view}.png`) });
    await page.evaluate(AXE);
    const { violations } = (await page.evaluate(
      `axe.run(document, { runOnly: ${JSON.stringify(RULES)} })`,
    )) as { violations: Violation[] };
    const found = violations.map(({ id, nodes }) => [
      id,
      ...nodes.slice(0, 3).map(({ target, failureSummary }) => `${target.join(' ')}: ${failureSummary}`),
    ]);
    expect(found).toEqual([]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('fits a phone of 360 pixels', async () => {
    const { page, complaints } = await watchedPage(browser, { viewport: { width: 360, height: 740 } });
    await openWhole(page, view);
    await page.screenshot({ path: join(screenshotFolder(), `${view}-phone.png`), fullPage: true });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    const small =
      await page.evaluate(`Array.from(document.querySelectorAll('main button, .top button, .top a, select'))
      .map((one) => [one.textContent.slice(0, 40), one.getBoundingClientRect()])
      .filter(([, box]) => box.width > 0 && (box.width < 24 || box.height < 24))
      .map(([text, box]) => text + ': ' + box.width + ' x ' + box.height)`);
    expect(small).toEqual([]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});

test('the first view is there soon', async () => {
  const { page } = await watchedPage(browser);
  await open(page, shop.url);
  const times: number[] = [];
  for (let time = 0; time < 3; time += 1) {
    const start = performance.now();
    await open(page, shop.url);
    times.push(Math.round(performance.now() - start));
  }
  console.log(`First view with all its figures: ${times.join(', ')} ms`);
  expect(times).toHaveLength(3);
  await page.context().close();
});
