import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import { startServer } from '../../bin/commands/serve.ts';
import { newToken, openKeyFile } from '../../lib/adapters/embedded/key-file.ts';
import { openShopDirectory } from '../../lib/adapters/embedded/shop-directory.ts';
import { tokenHash } from '../../lib/api/access/token-access.ts';
import { ROLE_NAMES, type RoleName } from '../../lib/api/roles.ts';
import type { KpiAnswer } from '../../lib/pipeline/kpi-answer.ts';

const PERSONS = 600;
/** Enough for a build beside other tests. */
export const BUILD_MS = 300_000;

process.env.ROPO_IDENTITY_SECRET ??= 'a secret of the tests, no real one';

/** A demo shop, served as it is for people. */
export interface PageShop {
  url: string;
  /** A token of each role, where readers show one. */
  tokens: Readonly<Record<RoleName, string>>;
  /** An answer of the API, asked for without the page. */
  api(path: string): Promise<KpiAnswer>;
  close(): Promise<void>;
}

/**
 * Serves the demo shop of this run of tests; the first call builds it.
 * @param requireToken whether readers show a token; `api` asks as a manager then
 */
export async function pageShop({ requireToken = false } = {}): Promise<PageShop> {
  const folder = process.env.ROPO_PAGE_SHOP ?? mkdtempSync(join(tmpdir(), 'ropo-page-shop-'));
  const done = join(folder, 'is-built');
  const data = join(folder, 'shop');
  if (!existsSync(done)) {
    const start = fileURLToPath(new URL('../../bin/ropo.mjs', import.meta.url));
    const given = ['start', '--once', '--persons', String(PERSONS), '--data', data];
    await promisify(execFile)(process.execPath, [start, ...given], { maxBuffer: 1 << 26 });
    writeFileSync(done, '');
  }
  const directory = openShopDirectory(data);
  const keys = openKeyFile(directory);
  const tokens = Object.fromEntries(ROLE_NAMES.map((role) => [role, newToken()])) as PageShop['tokens'];
  if (requireToken)
    for (const role of ROLE_NAMES)
      keys.add({
        kind: 'reader',
        name: `${role} ${tokens[role].slice(-6)}`,
        role,
        secrets: [tokenHash(tokens[role])],
        created_at: '2026-01-01T00:00:00Z',
      });
  const server = await startServer(directory, 0, { requireToken });
  return {
    url: server.url,
    tokens,
    async api(path) {
      const headers = requireToken ? { authorization: `Bearer ${tokens.manager}` } : {};
      const response = await fetch(`${server.url}/v1/kpis/${path}`, { headers });
      expect(response.status, path).toBe(200);
      return (await response.json()) as KpiAnswer;
    },
    close: () => server.close(),
  };
}

/** A page and what it complained of: errors, and what its policy forbade. */
export interface WatchedPage {
  page: Page;
  complaints: string[];
}

export async function watchedPage(
  browser: Browser,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    locale: 'en-GB',
    timezoneId: 'Europe/Rome',
    acceptDownloads: true,
    ...options,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  return { page, complaints };
}

const SETTLED = `document.querySelectorAll('main .panel').length > 0
  && document.querySelector('[aria-busy=true]') === null && document.querySelector('.skeleton') === null`;

/**
 * Waits until every panel has its figures. The page's policy lets nobody wait inside it; what was pressed has a moment to
 * be noticed first.
 */
export async function settled(page: Page): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 100));
  await expect.poll(() => page.evaluate(SETTLED), { timeout: 60_000, interval: 30 }).toBe(true);
}

export async function open(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await settled(page);
}

/** Texts of a table's rows, its head first; of each cell only what is seen of it. */
export const tableOf = (page: Page, panel: string): Promise<string[][]> =>
  page.evaluate(`Array.from(document.querySelectorAll('#${panel} table tr'), (row) => Array.from(row.cells, (cell) => {
    const copy = cell.cloneNode(true);
    for (const unseen of copy.querySelectorAll('.unseen, small, [hidden]')) unseen.remove();
    return copy.textContent.trim();
  }))`);

/** Where pictures of the page go, for a person to look at. */
export function screenshotFolder(): string {
  const folder = process.env.ROPO_SCREENSHOTS ?? join(tmpdir(), 'ropo-screenshots');
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Amounts as a reader in Great Britain reads them. */
export const inMoney = (value: number, currency: string) =>
  new Intl.NumberFormat('en-GB', { style: 'currency', currency, useGrouping: true }).format(value);
