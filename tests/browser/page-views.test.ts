import { readFileSync } from 'node:fs';
import type { Browser, Download } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  BUILD_MS,
  inMoney,
  open,
  type PageShop,
  pageShop,
  tableOf,
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
afterEach(async () => {
  expect(it.complaints).toEqual([]);
  await it.page.context().close();
});

const SPRING = 'from=2025-04-01&to=2025-06-15';
const text = async (selector: string) => (await it.page.locator(selector).first().textContent())!;
const share = (value: number) => `${(value * 100).toFixed(1)}%`;

async function downloaded(press: () => Promise<void>): Promise<{ name: string; body: Buffer }> {
  const [download] = (await Promise.all([it.page.waitForEvent('download'), press()])) as [Download, unknown];
  return { name: download.suggestedFilename(), body: readFileSync((await download.path())!) };
}

describe('the overview', () => {
  test('says the period in words whose figures are the API’s', async () => {
    await open(it.page, `${shop.url}/?${SPRING}`);
    const [purchases, channels] = await Promise.all([
      shop.api(`purchases?by=all&${SPRING}&compare=previous_period`),
      shop.api(`attribution?by=channel&model=markov&${SPRING}`),
    ]);
    const row = purchases.rows[0]!;
    const story = await text('.story');
    expect(story).toContain(inMoney(Number(row.sold), 'EUR'));
    expect(story).toContain(Number(row.purchases).toLocaleString('en-GB'));
    const change = (Number(row.sold) - Number(row.sold_before)) / Number(row.sold_before);
    expect(story).toContain(
      `${share(Math.abs(change))} ${change > 0 ? 'more' : 'less'} than in the period before`,
    );
    const credited = channels.rows.reduce((sum, one) => sum + Number(one.revenue) - Number(one.returned), 0);
    expect(story).toContain(`${share(credited / Number(row.sold))} of it can be credited`);
    const [first] = channels.rows.toSorted((a, b) => Number(b.revenue) - Number(a.revenue));
    expect(story).toContain(`${first!.label} brought the most, ${inMoney(Number(first!.revenue), 'EUR')}`);
  });

  test('calls a channel ahead only where it can be told from the next', async () => {
    for (const model of ['markov', 'last_touch', 'first_touch', 'linear']) {
      await open(it.page, `${shop.url}/?period=all&model=${model}`);
      const { rows } = await shop.api(`attribution?by=channel&model=${model}`);
      const pairs = (await shop.api(`channel-differences?by=revenue&model=${model}`)).rows;
      const [one, other] = rows
        .toSorted((a, b) => Number(b.revenue) - Number(a.revenue))
        .map(({ label }) => label);
      const pair = pairs.find(({ label }) => label === `${one} - ${other}` || label === `${other} - ${one}`);
      expect(pair, `${one} and ${other}`).toBeDefined();
      expect(await text('.story')).toContain(
        pair!.verdict === 'not distinguishable'
          ? `cannot be told apart from ${other}`
          : `its lead over ${other} is more than chance`,
      );
    }
  });

  test('shows channels as a table too, with the API’s figures', async () => {
    await open(it.page, `${shop.url}/?${SPRING}`);
    await it.page
      .locator('#sources')
      .getByRole('button', { name: /^As table/ })
      .click();
    const [, ...rows] = await tableOf(it.page, 'sources');
    const answer = await shop.api(`attribution?by=channel&model=markov&${SPRING}&compare=previous_period`);
    expect(rows.map(([name, revenue]) => [name, revenue])).toEqual(
      answer.rows.map((row) => [row.label, inMoney(Number(row.revenue), 'EUR')]),
    );
  });
});

describe('the channels', () => {
  test('have every channel with the API’s figures, those that only cost too', async () => {
    await open(it.page, `${shop.url}/?view=channels&${SPRING}&model=linear`);
    const [head, ...rows] = await tableOf(it.page, 'channels');
    const answer = await shop.api(`attribution?by=channel&model=linear&${SPRING}&compare=previous_period`);
    expect(rows).toHaveLength(answer.rows.length);
    const at = (title: string) => head!.indexOf(title);
    for (const row of answer.rows) {
      const shown = rows.find(([name]) => name === row.label)!;
      expect(shown[at('Revenue')]).toBe(inMoney(Number(row.revenue), 'EUR'));
      expect(shown[at('Spend')]).toBe(row.spend === null ? 'n/a' : inMoney(Number(row.spend), 'EUR'));
      expect(shown[at('ROAS')]).toBe(row.roas === null ? 'n/a' : Number(row.roas).toFixed(2));
    }
  });

  test('marks what cannot be told apart', async () => {
    await open(it.page, `${shop.url}/?view=channels&model=markov`);
    const { rows: pairs } = await shop.api('channel-differences?by=revenue&model=markov');
    const [, ...rows] = await tableOf(it.page, 'ranks');
    expect(rows.length).toBeGreaterThan(5);
    const alike = new Set(
      rows.flatMap(([name, , , others]) =>
        others === '–' ? [] : others!.split(', ').map((other) => [name, other].toSorted().join(' - ')),
      ),
    );
    const undistinguished = pairs.filter(({ verdict }) => verdict === 'not distinguishable');
    expect(alike.size).toBe(undistinguished.length);
  });

  test('show each model’s share of each channel', async () => {
    await open(it.page, `${shop.url}/?view=channels`);
    await it.page
      .locator('#models')
      .getByRole('button', { name: /^As table/ })
      .click();
    const [head, ...rows] = await tableOf(it.page, 'models');
    const { rows: all } = await shop.api('attribution-intervals?by=channel');
    const known = all.filter(({ model }) => model === 'last_touch');
    expect(known.length).toBeGreaterThan(3);
    const at = head!.indexOf('Last touch');
    for (const row of known.filter(({ revenue_share }) => revenue_share !== null))
      expect(rows.find(([name]) => name === row.label)![at]).toBe(share(Number(row.revenue_share)));
  });
});

describe('the data quality', () => {
  test('adds up to the cent, and says by reason where it went', async () => {
    await open(it.page, `${shop.url}/?view=quality`);
    const { rows } = await shop.api('reconciliation?model=markov');
    const [, ...shown] = await tableOf(it.page, 'reconciliation');
    expect(shown.map(([, , amount]) => amount)).toEqual(
      rows.map(({ revenue }) => inMoney(Number(revenue), 'EUR')),
    );
    expect(await text('#reconciliation .sum')).toContain('adds up to the cent');
  });

  test('says so where it does not add up', async () => {
    await it.page.route('**/v1/kpis/reconciliation*', async (route) => {
      const answer = await (await route.fetch()).json();
      answer.rows[0].revenue += 0.01;
      await route.fulfill({ json: answer });
    });
    await open(it.page, `${shop.url}/?view=quality`);
    expect(await text('#reconciliation .sum')).toContain('€0.01 is not accounted for');
  });

  test('shows match rates and freshness as the API has them', async () => {
    await open(it.page, `${shop.url}/?view=quality`);
    await it.page
      .locator('#match')
      .getByRole('button', { name: /^As table/ })
      .click();
    const [, ...match] = await tableOf(it.page, 'match');
    const { rows } = await shop.api('identity-quality?by=source');
    expect(match.map((cells) => cells.at(-1))).toEqual(
      rows.map(({ match_rate: rate }) => (rate === null ? 'n/a' : share(Number(rate)))),
    );
    const [, ...fresh] = await tableOf(it.page, 'freshness');
    expect(fresh).toHaveLength((await shop.api('data-freshness')).rows.length);
  });
});

describe('what can be taken along', () => {
  test('CSV is the API’s own', async () => {
    await open(it.page, `${shop.url}/?view=channels&${SPRING}&compare=none`);
    const { name, body } = await downloaded(() =>
      it.page.getByRole('button', { name: 'Download as CSV: All channels' }).click(),
    );
    expect(name).toBe('attribution_by-channel_2025-04-01_2025-06-15.csv');
    const csv = await fetch(`${shop.url}/v1/kpis/attribution?by=channel&model=markov&${SPRING}&format=csv`);
    expect(body.toString()).toBe(await csv.text());
  });

  test('PNG is a picture with something on it', async () => {
    await open(it.page, shop.url);
    const { name, body } = await downloaded(() =>
      it.page.getByRole('button', { name: 'Download the picture as PNG: Where it came from' }).click(),
    );
    expect(name).toMatch(/^attribution_by-channel_.*\.png$/);
    expect(body.subarray(1, 4).toString()).toBe('PNG');
    expect(body.readUInt32BE(16)).toBeGreaterThan(800);
    expect(body.length).toBeGreaterThan(5000);
  });

  test('a link opens the same figures', async () => {
    await it.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await open(it.page, `${shop.url}/?${SPRING}&model=linear`);
    const story = await text('.story');
    await it.page
      .getByRole('button', { name: 'Copy a link to this panel with its filters: Where it came from' })
      .click();
    const link = (await it.page.evaluate('navigator.clipboard.readText()')) as string;
    expect(link).toMatch(/#sources$/);
    await open(it.page, link);
    expect(await text('.story')).toBe(story);
  });

  test('how a figure is made is told with all that it depends on', async () => {
    await open(it.page, `${shop.url}/?view=channels&${SPRING}`);
    await it.page.getByRole('button', { name: 'How is this made? All channels' }).click();
    const told = await text('dialog[open]');
    const answer = await shop.api(`attribution?by=channel&model=markov&${SPRING}`);
    for (const fact of [
      answer.definition,
      answer.build_id,
      answer.settings_hash,
      answer.model_hash,
      answer.period.zone,
      answer.identity?.graph_version,
    ])
      expect(told).toContain(String(fact));
    expect(told).toContain('sum(revenue_minor) / sum(');
    await it.page.getByText('The SQL, and what was left out').click();
    await expect.poll(() => it.page.locator('dialog[open] pre').count(), { timeout: 30_000 }).toBe(1);
    expect(await text('dialog[open] pre')).toContain('WITH wanted AS');
    expect(await text('dialog[open] .why')).toMatch(/Not credited: buyer unknown, [\d,]+ records/);
  });
});
