import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Row } from '../../lib/ports.ts';
import { type RopoRows, ropoRowsShop } from './ropo-rows-shop.ts';

const WINDOW = 21;
let it: RopoRows;
beforeAll(async () => {
  it = await ropoRowsShop(['ropo_min_persons,4,persons,', `ropo_window_days,${WINDOW},days,`]);
});
afterAll(() => it?.remove());

const STEPS = [
  'all store purchases',
  'person identified',
  'person seen online before',
  'researched: any product',
  'of these credited',
  'researched: category',
  'researched: product',
  'researched: SKU',
];
/** Which step a step's lines are those of, less its remainders. */
const PARENT = new Map([
  ['person identified', 'all store purchases'],
  ['person seen online before', 'person identified'],
  ['researched: any product', 'person seen online before'],
  ['researched: category', 'researched: any product'],
  ['researched: product', 'researched: category'],
  ['researched: SKU', 'researched: product'],
]);
const GROUPINGS = ['all', 'store', 'region', 'category', 'day', 'week', 'month', 'quarter', 'year'];
const COUNTS = ['receipts', 'lines', 'sold', 'revenue'];

const inCents = (value: unknown) => Math.round(Number(value) * 100);

/** The step that a line reaches and why no further, looked at by itself. */
function reached(line: Row): { step: number; reason: string } {
  const found = it.matches.filter(
    (match) => match.line_no === line.line_no && Number(match.lag_seconds) <= WINDOW * 86_400,
  );
  const has = (level: string, comparison = 'research') =>
    found.some((match) => match.level === level && match.comparison === comparison);
  if (line.person_id === null)
    return {
      step: 0,
      reason: line.unidentified_reason === 'consent_denied' ? 'no consent' : 'no identifier',
    };
  if (line.first_seen_online === null) return { step: 1, reason: 'never seen online' };
  if (String(line.first_seen_online) >= String(line.converted_at))
    return { step: 1, reason: 'seen online only afterwards' };
  if (Number(line.observed_days) < WINDOW)
    return { step: 2, reason: 'clickstream does not cover the window' };
  if (!has('any'))
    return {
      step: 2,
      reason: has('any', 'in_aisle') ? 'viewed only in the store' : 'no product viewed in the window',
    };
  if (!has('category')) return { step: 3, reason: 'only other categories viewed' };
  if (!has('product')) return { step: 5, reason: 'only other products viewed' };
  return has('sku') ? { step: 7, reason: '' } : { step: 6, reason: 'only other SKUs viewed' };
}

describe('the waterfall', () => {
  test.each(GROUPINGS)(
    'by %s: each step is its remainders and the next, and the first is the tills',
    async (by) => {
      const rows = await it.ask({ kpi: 'ropo-waterfall', by });
      const groups = new Set(rows.map(({ label, currency }) => `${label}|${currency}`));
      for (const group of groups) {
        const own = rows.filter(({ label, currency }) => `${label}|${currency}` === group);
        const steps = new Map(
          own.filter(({ remainder }) => remainder === null).map((row) => [row.step, row]),
        );
        expect([...steps.keys()], group).toEqual(STEPS);
        for (const count of COUNTS) {
          const left = (step: string) =>
            own
              .filter((row) => row.step === step && row.remainder !== null)
              .reduce((sum, row) => sum + inCents(row[count]), 0);
          for (const [step, parent] of PARENT)
            expect(inCents(steps.get(step)![count]) + left(parent), `${group} ${step} ${count}`).toBe(
              inCents(steps.get(parent)![count]),
            );
          expect(inCents(steps.get('of these credited')![count]) + left('of these credited'), group).toBe(
            inCents(steps.get('researched: any product')![count]),
          );
          expect(left('researched: SKU')).toBe(0);
        }
      }
      for (const currency of ['EUR', 'CHF']) {
        const tills = it.lines.filter(
          (line) => line.currency === currency && line.purchase_class === 'store',
        );
        const first = rows.filter(
          (row) => row.step === 'all store purchases' && row.remainder === null && row.currency === currency,
        );
        const sum = (count: string) => first.reduce((all, row) => all + inCents(row[count]), 0);
        expect(sum('revenue')).toBe(tills.reduce((all, line) => all + Number(line.revenue_minor), 0));
        expect(sum('sold')).toBe(tills.reduce((all, line) => all + Number(line.sold_minor), 0));
        expect(sum('lines')).toBe(tills.length * 100);
      }
    },
  );

  test('begins with the revenue of the tills as it came in', async () => {
    const [received] = await it.shop.ask(
      "SELECT sum(amount_minor) AS minor FROM sale_lines WHERE document_kind = 'receipt' AND treatment = 'sale' AND currency = 'EUR'",
    );
    const rows = await it.ask({ kpi: 'ropo-waterfall' });
    expect(inCents(rows.find(({ currency }) => currency === 'EUR')!.sold)).toBe(Number(received!.minor));
  });

  test('puts every line where looking at it alone puts it', async () => {
    const rows = await it.ask({ kpi: 'ropo-waterfall' });
    const tally = new Map<string, { lines: number; net: number; receipts: Map<unknown, number> }>();
    const add = (key: string, line: Row) => {
      const cell = tally.get(key) ?? { lines: 0, net: 0, receipts: new Map() };
      cell.lines++;
      cell.net += Number(line.revenue_minor);
      cell.receipts.set(line.conversion_id, 1);
      tally.set(key, cell);
    };
    for (const line of it.lines.filter(({ purchase_class }) => purchase_class === 'store')) {
      const { step, reason } = reached(line);
      for (const [at, name] of STEPS.entries())
        if (at <= step && at !== 4) add(`${name}||${line.currency}`, line);
      if (reason) add(`${STEPS[step]}|${reason}|${line.currency}`, line);
      if (step >= 3)
        add(
          `of these credited|${line.is_credited ? '' : 'researched, but no touchpoint on its path'}|${line.currency}`,
          line,
        );
    }
    for (const row of rows) {
      const key = `${row.step}|${row.remainder ?? ''}|${row.currency}`;
      const cell = tally.get(key);
      expect(row.lines, key).toBe(cell?.lines ?? 0);
      expect(inCents(row.revenue), key).toBe(cell?.net ?? 0);
      if (row.remainder === null) expect(row.receipts, key).toBe(cell?.receipts.size ?? 0);
      tally.delete(key);
    }
    expect([...tally.keys()]).toEqual([]);
  });

  test('shows beside each step of research what chance alone gives, as the ROPO share has it', async () => {
    const rows = await it.ask({ kpi: 'ropo-waterfall' });
    for (const level of ['category', 'product', 'sku']) {
      const shares = await it.ask({ kpi: 'ropo', by: 'all', filters: { level, weight: 'lines' } });
      for (const share of shares) {
        const name = `researched: ${level === 'sku' ? 'SKU' : level}`;
        const step = rows.find(
          (row) => row.step === name && row.remainder === null && row.currency === share.currency,
        );
        expect(step, name).toMatchObject({
          naive_share: share.naive_share,
          placebo_share: share.placebo_share,
          corrected_share: share.own_basket_share,
          placebo: 'own basket',
        });
      }
    }
    const any = await it.ask({ kpi: 'ropo', by: 'all', filters: { level: 'any', weight: 'lines' } });
    for (const share of any) {
      const step = rows.find(
        (row) => row.step === STEPS[3] && row.remainder === null && row.currency === share.currency,
      )!;
      expect(step).toMatchObject({ corrected_share: share.week_shift_share, placebo: 'week shift' });
      expect(step.placebo_share).not.toBeNull();
    }
    for (const row of rows.filter(
      ({ step, remainder }) => !String(step).startsWith('researched') || remainder !== null,
    ))
      expect(row).toMatchObject({ naive_share: null, placebo_share: null });
  });

  test('takes a period and a key of identification', async () => {
    const rows = await it.ask({
      kpi: 'ropo-waterfall',
      from: '2025-03-01',
      to: '2025-03-31',
      filters: { identified_by: 'email' },
    });
    const march = it.lines.filter(
      (line) => String(line.conversion_date).startsWith('2025-03') && line.currency === 'EUR',
    );
    const of = (step: string, remainder: string | null) =>
      rows.find((row) => row.step === step && row.remainder === remainder && row.currency === 'EUR')?.lines;
    expect(of('all store purchases', null)).toBe(march.length);
    expect(of('person identified', null)).toBe(march.filter((line) => line.identified_by === 'email').length);
    expect(of('all store purchases', 'identified by another key')).toBe(
      march.filter((line) => line.person_id !== null && line.identified_by !== 'email').length,
    );
  });
});
