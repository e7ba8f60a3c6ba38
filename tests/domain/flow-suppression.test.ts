import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { withMeans } from '../../lib/domain/channel-count-means.ts';
import { flowShown, OTHERS } from '../../lib/domain/flow-suppression.ts';
import type { KpiRow } from '../../lib/domain/kpi.ts';
import { tQuantile } from '../../lib/domain/ropo/student-t.ts';

const flow = (step: string, from_channel: string, label: string, people: number): KpiRow => ({
  step,
  from_channel,
  label,
  people,
  journeys: people + 1,
  purchases: 1,
});
const sumOf = (rows: readonly KpiRow[], name: string) =>
  rows.reduce((sum, row) => sum + Number(row[name]), 0);

describe('small flows', () => {
  const rows = fc
    .uniqueArray(
      fc.record({
        step: fc.constantFrom('1', '2'),
        from: fc.constantFrom('A', 'B', 'C'),
        to: fc.constantFrom('A', 'B', 'C', '(purchase)', '(no purchase)'),
        people: fc.integer({ min: 1, max: 25 }),
      }),
      { selector: ({ step, from, to }) => `${step}${from}${to}`, maxLength: 25 },
    )
    .map((all) => all.map(({ step, from, to, people }) => flow(step, from, to, people)));

  test('are never shown, and nothing is shown twice', () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 2, max: 15 }), (all, least) => {
        const { rows: shown, suppressed } = flowShown(all, least);
        for (const row of shown) expect(Number(row.people)).toBeGreaterThanOrEqual(least);
        expect(sumOf(shown, 'journeys')).toBeLessThanOrEqual(sumOf(all, 'journeys'));
        const single = shown.filter(({ from_channel }) => from_channel !== OTHERS);
        expect(single.length + suppressed).toBe(all.length);
        for (const row of single) expect(all).toContainEqual(row);
      }),
    );
  });

  test('do not follow from what goes in and out beside them', () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 2, max: 15 }), (all, least) => {
        const { rows: shown } = flowShown(all, least);
        for (const end of ['from_channel', 'label'])
          for (const row of all) {
            const isBeside = (other: KpiRow) => other.step === row.step && other[end] === row[end];
            const left = all.filter((other) => isBeside(other) && !shown.includes(other));
            const isWhole = left.length === all.filter(isBeside).length;
            if (left.length === 0 || isWhole) continue;
            expect(left.length).toBeGreaterThan(1);
            expect(Math.max(...left.map(({ people }) => Number(people)))).toBeGreaterThanOrEqual(least);
          }
      }),
    );
  });

  test('stand together by where they went', () => {
    const { rows: shown, suppressed } = flowShown(
      [flow('1', 'A', 'X', 40), flow('1', 'B', 'X', 4), flow('1', 'B', 'Y', 12), flow('1', 'C', 'X', 11)],
      10,
    );
    expect(suppressed).toBe(3);
    expect(shown).toEqual([
      flow('1', 'A', 'X', 40),
      { step: '1', from_channel: OTHERS, label: 'X', people: 11, journeys: 5 + 12, purchases: 2 },
    ]);
  });
});

describe('what customers spend on average', () => {
  const customers = [120_00, 80_00, 310_00, 45_00, 95_00];
  const squares = customers.reduce((sum, minor) => sum + (minor / 100) ** 2, 0);
  const sold = customers.reduce((sum, minor) => sum + minor, 0);
  const row = {
    customers: 5,
    sold_minor: sold,
    sold_squares: squares,
    revenue_minor: sold,
    costed_minor: sold,
    goods_cost_minor: 300_00,
  };

  test('has the interval of Student: mean 130, s 104.52, t 2.776 of four degrees of freedom', () => {
    const [answer] = withMeans([row]);
    expect(tQuantile(0.95, 4)).toBeCloseTo(2.776, 3);
    // s^2 = (10^2 + 50^2 + 180^2 + 85^2 + 35^2) / 4 = 10862.5; t x s / sqrt(5) = 129.41
    expect(Number(answer!.mean_low) / 100).toBeCloseTo(130 - 129.41, 1);
    expect(Number(answer!.mean_high) / 100).toBeCloseTo(130 + 129.41, 1);
    expect(answer).toMatchObject({ mean_margin: 70_00, withheld: null });
  });

  test('has none of one customer, and no margin where costs are not known', () => {
    const [one, unknown] = withMeans([
      { ...row, customers: 1 },
      { ...row, costed_minor: sold * 0.9 },
    ]);
    expect(one).toMatchObject({ mean_low: null, mean_high: null });
    expect(unknown).toMatchObject({ mean_margin: null, withheld: expect.stringContaining('90%') });
  });
});
