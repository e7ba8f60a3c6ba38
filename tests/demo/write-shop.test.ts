import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { TSchema } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import { isbot } from 'isbot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { APP_AGENTS, BROWSER_AGENTS, CRAWLER_AGENTS } from '../../lib/demo/user-agents.ts';
import { type DemoFile, writeDemoShop } from '../../lib/demo/write-shop.ts';
import { CONTRACTS, type Receipt, type RecordKind } from '../../lib/domain/contract/index.ts';
import { faultsIn, goodLines, recordsOf } from './read-shop.ts';

const PERSONS = 60;
const NUMBERS = ['interval_minutes', 'entries', 'exits', 'clicks', 'impressions'];

let directory: string;
let files: DemoFile[];
let faults: Set<string>;
const progress: number[] = [];

const records = (format: string): Record<string, unknown>[] =>
  files.filter((file) => file.format === format).flatMap((file) => recordsOf(file, faults, NUMBERS));
const cents = (amount: unknown) => Math.round(Number(amount) * 100);

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'ropo-demo-'));
  files = await writeDemoShop({
    directory,
    persons: PERSONS,
    seed: 11,
    onProgress: (done) => progress.push(done),
  });
  faults = new Set(faultsIn(directory).map((fault) => fault.line));
});
afterAll(() => rmSync(directory, { recursive: true }));

describe('writeDemoShop', () => {
  it('writes the same bytes again', async () => {
    const again = mkdtempSync(join(tmpdir(), 'ropo-demo-'));
    await writeDemoShop({ directory: again, persons: PERSONS, seed: 11 });
    for (const folder of ['', 'truth']) {
      const names = readdirSync(join(directory, folder)).filter((name) => name.includes('.'));
      expect(readdirSync(join(again, folder)).filter((name) => name.includes('.'))).toEqual(names);
      for (const name of names) {
        const [one, other] = [directory, again].map((root) => readFileSync(join(root, folder, name)));
        expect(one!.equals(other!), name).toBe(true);
      }
    }
    rmSync(again, { recursive: true });
  });

  it('writes another shop for another seed', async () => {
    const other = mkdtempSync(join(tmpdir(), 'ropo-demo-'));
    const [first] = (await writeDemoShop({ directory: other, persons: 5, seed: 12 })).slice(5);
    expect(readFileSync(first!.file, 'utf8')).not.toContain(String(records('orders')[0]!.order_id));
    rmSync(other, { recursive: true });
  });

  it.each([
    'stores',
    'products',
    'web_events',
    'touches',
    'orders',
    'refunds',
    'receipts',
    'store_visits',
    'feedback',
    'footfall',
    'spend',
  ] as const)('keeps the contract of %s in every record', (kind: RecordKind) => {
    const schema: TSchema = CONTRACTS[kind];
    const check = TypeCompiler.Compile(schema);
    const all = records(kind);
    expect(all.length).toBeGreaterThan(0);
    for (const record of all) {
      if (!check.Check(record)) {
        expect.fail(`${JSON.stringify(record)}: ${JSON.stringify(check.Errors(record).First())}`);
      }
    }
  });

  it('sends tracking messages with all that Segment sends', () => {
    const messages = records('segment');
    expect(messages.length).toBeGreaterThan(PERSONS * 15);
    for (const message of messages) {
      expect(message).toMatchObject({ messageId: expect.any(String), anonymousId: expect.any(String) });
      expect(['page', 'track', 'identify']).toContain(message.type);
      expect(message.timestamp).toMatch(/^2025-0[1-6]-\d\dT[\d:.]+Z$/);
      expect((message.context as { page: { url: string } }).page.url).toMatch(
        /^https:\/\/www\.demo-shop\.test\//,
      );
    }
    const names = new Set(messages.map((message) => message.event));
    for (const name of [
      'Product Viewed',
      'Products Searched',
      'Product List Viewed',
      'Product Added',
      'Checkout Started',
      'Order Completed',
    ]) {
      expect(names).toContain(name);
    }
  });

  it('adds up: the total of every receipt and order is the sum of its lines', () => {
    for (const kind of ['receipts', 'orders']) {
      for (const { total, lines } of records(kind) as unknown as Receipt[]) {
        expect(lines.reduce((sum, line) => sum + cents(line.amount), 0)).toBe(cents(total));
      }
    }
  });

  it('hands over orders that exist, to their amount', () => {
    const orders = new Map(records('orders').map((order) => [order.order_id, order]));
    const naming = records('receipts').filter(
      (receipt) => receipt.order_id !== undefined,
    ) as unknown as Receipt[];
    const [takenBack, handOvers] = [true, false].map((is) =>
      naming.filter(({ lines }) => lines.some((line) => line.line_kind === 'return') === is),
    );
    expect(handOvers!.length).toBeGreaterThan(0);
    for (const receipt of takenBack!) {
      expect(orders.get(receipt.order_id)!.fulfilment).toBe('ship');
      expect(receipt.lines.every((line) => line.line_kind === 'return')).toBe(true);
    }
    for (const receipt of handOvers!) {
      const order = orders.get(receipt.order_id)!;
      expect(['click_and_collect', 'reserve_and_collect']).toContain(order.fulfilment);
      expect(receipt.total).toBe(order.total);
    }
    for (const refund of records('refunds')) expect(orders.has(refund.order_id)).toBe(true);
  });

  it('numbers receipts uniquely, and repeats in the late file what it repeats exactly', () => {
    const byId = new Map<unknown, string>();
    for (const receipt of records('receipts')) {
      const text = JSON.stringify(receipt);
      expect(byId.get(receipt.receipt_id) ?? text).toBe(text);
      byId.set(receipt.receipt_id, text);
    }
  });

  it('has two time zones, and leaves the offset out only where the store tells it', () => {
    const zones = new Map(records('stores').map((store) => [store.store_id, store.time_zone]));
    expect(new Set(zones.values())).toEqual(new Set(['Europe/Rome', 'Europe/Lisbon']));
    for (const receipt of records('receipts')) {
      const offset = zones.get(receipt.store_id) === 'Europe/Rome' ? /\+0[12]:00$/ : /T\d\d:\d\d:\d\d$/;
      expect(receipt.occurred_at).toMatch(offset);
      expect(String(receipt.occurred_at).slice(0, 10)).toBe(receipt.business_date);
    }
  });

  it('pays for a dozen campaigns and more, with costs that are plausible', () => {
    const spend = records('spend');
    const campaigns = new Set(spend.map((row) => `${row.utm_source}/${row.utm_medium}/${row.utm_campaign}`));
    expect(campaigns.size).toBeGreaterThanOrEqual(12);
    const revenue = [...records('receipts'), ...records('orders')].reduce(
      (sum, one) => sum + cents(one.total),
      0,
    );
    const cost = spend.reduce((sum, row) => sum + cents(row.cost), 0);
    expect(cost / revenue).toBeGreaterThan(0.02);
    expect(cost / revenue).toBeLessThan(0.3);
    for (const row of spend)
      if (row.clicks !== null) expect(Number(row.clicks)).toBeLessThanOrEqual(Number(row.impressions));
  });

  it('names a dozen faulty lines, each in the file it says', () => {
    const known = faultsIn(directory);
    expect(known.length).toBe(12);
    for (const { file, line } of known) {
      const { file: path } = files.find((one) => basename(one.file) === file)!;
      expect(goodLines(path), line).toContain(line);
    }
  });

  it('lists what comes late last and reports progress to the end', () => {
    expect(files.slice(-2).map((file) => basename(file.file))).toEqual([
      'late-web.segment.jsonl.gz',
      'late-receipts.jsonl',
    ]);
    expect(progress.at(-1)).toBe(PERSONS);
    expect([...progress].sort((a, b) => a - b)).toEqual(progress);
  });

  it('refuses a number of persons that is none', async () => {
    await expect(writeDemoShop({ directory, persons: 0, seed: 1 })).rejects.toThrow('Demo shop of 0 persons');
  });
});

describe('user agents', () => {
  it('are told apart by what they are', () => {
    for (const agent of CRAWLER_AGENTS) expect(isbot(agent), agent).toBe(true);
    for (const agent of [...Object.values(BROWSER_AGENTS).flat(), ...APP_AGENTS])
      expect(isbot(agent), agent).toBe(false);
  });
});
