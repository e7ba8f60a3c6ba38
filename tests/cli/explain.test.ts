import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Explanation } from '../../lib/pipeline/explanation.ts';
import { EXPLAINED_SHOP } from '../pipeline/explained-shop.ts';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';
import { type Workplace, workplace } from './run-ropo.ts';

let place: Workplace;
let shop: TemporaryShop;
const explain = (...words: string[]) => place.ropo('explain', ...words, '--data', shop.root);

/** Someone who looks again and again: the same product every day at noon, over two months before the purchase. */
const often = Array.from({ length: 40 }, (_, day) => ({
  event_id: `often${day}`,
  event: 'Product Viewed',
  occurred_at: new Date(Date.UTC(2025, 4, 1 + day, 12)).toISOString(),
  url: 'https://shop.example/',
  anonymous_id: 'tablet',
  customer_id: 'often',
  sku: 'A1',
}));
const oddName = {
  receipt_id: 'odd',
  store_id: 's1',
  occurred_at: '2025-06-10T08:00:00Z',
  customer_id: 'often',
  tender: 'card\u001b[31m',
  lines: [{ sku: 'A1\u001b]0;title\u0007', amount: '1234567.8' }],
};

beforeAll(async () => {
  place = workplace();
  shop = await temporaryShop();
  await shop.give(EXPLAINED_SHOP);
  await shop.give({ web_events: often, receipts: [oddName] });
  await shop.shop.build();
});
afterAll(() => {
  shop?.remove();
  place?.remove();
});

describe('ropo explain', () => {
  test('tells people about one receipt, section by section', async () => {
    const { code, stdout, stderr } = await explain('r1');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      /^Receipt r1 in Rome \(s1\), 2025-03-20 12:00:00: a store purchase, EUR 27\.00, paid by card\.$/m,
    );
    const titles = stdout.split('\n').filter((line) => /^[A-Z][^:]*:$/.test(line));
    expect(titles).toEqual([
      'Who:',
      'What the person did before it, in reach:',
      'Research online:',
      'Credit:',
      'Returns:',
      'Left out:',
    ]);
    expect(stdout).not.toMatch(/CARD-9|anna@|tok_anna|NaN|undefined/);
  });

  test('as JSON holds the same, money in minor units', async () => {
    const { code, stdout } = await explain('receipt/s1///r1', '--format', 'json');
    expect(code).toBe(0);
    const explanation = JSON.parse(stdout) as Explanation;
    expect(explanation.build_id).toMatch(/^\d{8}T\d{6}-/);
    expect(explanation.document).toMatchObject({ revenue_minor: 2700, currency: 'EUR' });
    expect(explanation.models.map(({ credited_minor }) => credited_minor)).toEqual(Array(13).fill(2700));
  });

  test('shortens a long timeline with counts, and shows all of it on request', async () => {
    const [short, all] = await Promise.all([explain('odd'), explain('odd', '--all')]);
    const views = (text: string) =>
      text.split('\n').filter((line) => line.includes('  product view  ')).length;
    expect(views(short.stdout)).toBe(12);
    expect(short.stdout).toMatch(/^Earlier ones not listed: .*28 product views.*--all lists everything\.$/m);
    expect(views(all.stdout)).toBe(40);
    expect(all.stdout).not.toContain('not listed');
    expect(short.stdout).toContain('EUR 1,234,567.80');
  });

  test('prints no escape sequence that a till sent', async () => {
    const { stdout } = await explain('odd');
    const isControl = (character: string) =>
      (character < ' ' && character !== '\n') || character === '\u007f';
    expect([...stdout].filter(isControl)).toEqual([]);
  });

  test('of an ambiguous number lists what it may mean, with store and local time, and how to name one', async () => {
    const { code, stdout, stderr } = await explain('7');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('"7" means 3 documents');
    expect(stderr).toMatch(/receipt +s1 +2025-03-20 12:00:00 +Europe\/Rome +receipt\/s1\/\/\/7/);
    expect(stderr).toMatch(/receipt +s2 +2025-03-20 11:00:00 +Europe\/London +receipt\/s2\/\/\/7/);
    expect(stderr).toContain("npx ropo explain 'order/7'");
    const named = await explain('7', '--store', 's2');
    expect(named).toMatchObject({ code: 0, stderr: '' });
    expect(named.stdout).toContain('Receipt 7 in London (s2)');
  });

  test('of an unknown number, a wrong store or no build says so and what to do', async () => {
    const [unknown, elsewhere, unbuilt, format] = await Promise.all([
      explain('nosuch'),
      explain('r1', '--store', 's2'),
      place.ropo('explain', 'r1', '--data', 'nowhere'),
      explain('r1', '--format', 'csv'),
    ]);
    for (const outcome of [unknown, elsewhere, unbuilt, format]) {
      expect(outcome).toMatchObject({ code: 2, stdout: '' });
      expect(outcome.stderr).not.toMatch(/\n +at /);
    }
    expect(unknown.stderr).toContain('There is no receipt or order "nosuch"');
    expect(elsewhere.stderr).toContain('Store s2 has no receipt or order "r1"; elsewhere there is:');
    expect(elsewhere.stderr).toContain('receipt/s1///r1');
    expect(unbuilt.stderr).toContain('npx ropo build');
    expect(format.stderr).toContain('Allowed choices are table, json');
  });
});
