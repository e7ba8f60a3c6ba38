import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type ServedShop, servedShop } from '../collector/served-shop.ts';
import { basic, event, type Json } from '../collector/small-collector.ts';
import { startChromium } from './shop-pages.ts';

let browser: Browser;
let page: Page;
let it: ServedShop;
/** What the page complained of: errors, and what its policy forbade. */
let complaints: string[];

beforeAll(async () => {
  browser = await startChromium();
});
afterAll(() => browser?.close());
beforeEach(async () => {
  it = await servedShop();
  page = await browser.newPage();
  complaints = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', (dialog) => {
    complaints.push(dialog.message());
    void dialog.dismiss();
  });
});
afterEach(async () => {
  await page.close();
  await it.remove();
});

const send = (batch: Json[]) =>
  fetch(`${it.url}/v1/batch`, { method: 'POST', body: JSON.stringify({ batch }), headers: basic(it.key) });

const PATIENCE = { timeout: 60_000, interval: 50 };
/** Waits for so many rows. The page's policy lets nobody wait inside it. */
const shown = (rows: number) => expect.poll(() => page.locator('#events tr').count(), PATIENCE).toBe(rows);
const says = (selector: string, text: string) =>
  expect.poll(() => page.locator(selector).textContent(), PATIENCE).toBe(text);

const cells = async () =>
  (await page.evaluate(
    "Array.from(document.querySelectorAll('#events tr'), (row) => Array.from(row.cells, (cell) => cell.textContent))",
  )) as string[][];

describe('the live page', () => {
  test('shows events as they arrive, what became of them and why, and the sums', async () => {
    await page.goto(`${it.url}/live`);
    await says('#state', 'Watching');
    expect(await page.isVisible('#empty')).toBe(true);
    const viewed = event({
      messageId: 'seen',
      properties: { sku: 'SKU-1' },
      context: {
        page: { url: 'https://shop.example/shoes/' },
        campaign: { source: 'google', medium: 'cpc', name: 'Spring' },
        consent: { measurement: 'granted' },
      },
    });
    await send([viewed, { type: 'track', event: 'no id' }]);
    await shown(2);
    await send([viewed]);
    await shown(3);
    const rows = await cells();
    expect(rows[0]!.slice(1, 3)).toEqual(['repeated', 'site']);
    expect(
      rows
        .slice(1)
        .map((row) => row.slice(1))
        .sort(),
    ).toEqual([
      [
        'rejected',
        'site',
        'web_events',
        '',
        '',
        '',
        '',
        '',
        expect.stringContaining('unreadable: no_message_id'),
      ],
      [
        'stored',
        'site',
        'Product Viewed',
        'shop.example/shoes/',
        'google / cpc / Spring',
        'SKU-1',
        'granted',
        '',
        '',
      ],
    ]);
    expect(await page.isVisible('#empty')).toBe(false);
    for (const [name, value] of Object.entries({
      received: 3,
      stored: 1,
      duplicates: 1,
      rejected: 1,
      waiting: 0,
      pending: 0,
    }))
      expect(await page.textContent(`#count-${name}`), name).toBe(String(value));
    expect(complaints).toEqual([]);
  });

  test('what events hold stays text, whatever it looks like', async () => {
    const evil = '<img src=x onerror="alert(1)"><script>alert(2)</script>';
    await page.goto(`${it.url}/live`);
    await send([
      event({
        event: evil,
        properties: { sku: evil },
        context: {
          page: { url: 'https://shop.example/%3Cb%3E' },
          campaign: { source: evil, medium: evil, name: evil },
        },
      }),
    ]);
    await shown(1);
    const [row] = await cells();
    expect(row![3]).toBe(evil);
    expect(await page.locator('#events img, #events script, #events b').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  test('shows no personal data', async () => {
    await page.goto(`${it.url}/live`);
    await send([
      event({
        userId: 'customer-77',
        anonymousId: 'device-77',
        traits: { email: 'anna@example.com', phone: '+390212345678' },
        context: {
          page: { url: 'https://shop.example/?email=anna@example.com', referrer: 'https://x.example/' },
        },
      }),
      { type: 'track', event: 'bad', userId: 'customer-77', email: 'anna@example.com' },
    ]);
    await shown(2);
    const text = `${await page.textContent('body')} ${await (await fetch(`${it.url}/live/events`)).text()}`;
    expect(text).not.toMatch(/customer-77|device-77|anna|390212345678/);
  });

  test('keeps the last 200, can be paused, and goes on after the server was started anew', async () => {
    await page.goto(`${it.url}/live`);
    await send(Array.from({ length: 450 }, (_, i) => event({ event: `Number ${i}` })));
    await shown(200);
    await page.click('#pause');
    expect(await page.getAttribute('#pause', 'aria-pressed')).toBe('true');
    expect(await page.textContent('#state')).toBe('Paused');
    await send([event({ event: 'While paused' })]);
    await it.server.drained();
    expect((await cells()).flat()).not.toContain('While paused');
    await page.click('#pause');
    await says('#events tr:first-child td:nth-child(4)', 'While paused');
    await it.server.close();
    await says('#state', 'The server does not answer');
  });

  test('reads in the dark as well: contrast of text on its ground', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.goto(`${it.url}/live`);
      const contrasts = (await page.evaluate(`(() => {
        const canvas = document.createElement('canvas').getContext('2d');
        const luminance = (color) => {
          canvas.fillStyle = color;
          canvas.fillRect(0, 0, 1, 1);
          const [r, g, b] = Array.from(canvas.getImageData(0, 0, 1, 1).data, (part) => {
            const c = part / 255;
            return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
          });
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const ground = luminance(getComputedStyle(document.body).backgroundColor);
        const probe = document.querySelector('#events').appendChild(document.createElement('tr'));
        return ['', 'stored', 'repeated', 'waiting', 'rejected', 'erased'].map((name) => {
          probe.className = name;
          const text = luminance(getComputedStyle(probe).color);
          return (Math.max(text, ground) + 0.05) / (Math.min(text, ground) + 0.05);
        });
      })()`)) as number[];
      for (const contrast of contrasts) expect(contrast, colorScheme).toBeGreaterThan(4.5);
    }
  });
});
