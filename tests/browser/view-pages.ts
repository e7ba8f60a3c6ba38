import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import { open, watchedPage } from './page-shop.ts';

export interface ViewPage {
  page: Page;
  /** Text of the elements, without what is told on hover only. */
  texts(selector: string): Promise<string[]>;
  /** Closes it; it must not have complained of anything. */
  done(): Promise<void>;
}

/** A view over all time, drawn whole. */
export async function openView(
  browser: Browser,
  url: string,
  view: string,
  more = '',
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<ViewPage> {
  const { page, complaints } = await watchedPage(browser, options);
  await open(page, `${url}/?view=${view}&period=all${more === '' ? '' : `&${more}`}`);
  return {
    page,
    texts: (selector) =>
      page.evaluate(`Array.from(document.querySelectorAll(${JSON.stringify(selector)}), (element) => {
        const copy = element.cloneNode(true);
        for (const hidden of copy.querySelectorAll('title, .unseen')) hidden.remove();
        return copy.textContent.replace(/\\s+/g, ' ').trim();
      })`),
    async done() {
      expect(complaints).toEqual([]);
      await page.context().close();
    },
  };
}

/** Figures as an English reader sees them. */
export const share = (value: number | string | null | undefined) =>
  new Intl.NumberFormat('en-GB', {
    style: 'percent',
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  }).format(Number(value));
export const count = (value: number | string | null | undefined) =>
  new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1 }).format(Number(value));
export const money = (value: number | string | null | undefined, currency = 'EUR') =>
  new Intl.NumberFormat('en-GB', { style: 'currency', currency }).format(Number(value));

/** In Italian, on a phone: the words are there, the page is no wider than the phone, and no column is titled in English. */
export async function readsInItalian(
  browser: Browser,
  url: string,
  view: string,
  words: string,
): Promise<void> {
  const { page, texts, done } = await openView(browser, url, view, 'lang=it', {
    viewport: { width: 360, height: 740 },
    locale: 'it-IT',
  });
  expect((await texts('main')).join(' ')).toContain(words);
  expect(await page.getAttribute('html', 'lang')).toBe('it');
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
  const english = new Set([
    'What',
    'Store',
    'Channel',
    'Purchases',
    'Customers',
    'from',
    'to',
    'Share',
    'Value',
    'Note',
  ]);
  expect((await texts('thead th')).filter((title) => english.has(title))).toEqual([]);
  await done();
}
