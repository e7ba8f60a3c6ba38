import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { KpiRow } from '../../lib/domain/kpi.ts';
import { KPIS } from '../../lib/domain/kpi-catalogue.ts';
import { withChanceTakenOut } from '../../lib/domain/store-estimates.ts';
import { addedUp, mergeBy, type PeopleRule, suppress, togetherLabel } from '../../lib/domain/suppression.ts';

const K = 10;
const RULE: PeopleRule = {
  describes: 'people',
  persons: ['people'],
  merge: addedUp('people'),
  apart: ['step'],
};

/** Lopsided: most groups have few people, some very many, and nobody known stands behind others. */
const people = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 0, max: K + 2 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 5_000 }) },
);
const answer = fc
  .record({
    labels: fc.uniqueArray(fc.string({ minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 12 }),
    currencies: fc.subarray(['EUR', 'USD', null], { minLength: 1 }),
    models: fc.subarray(['first_touch', 'last_touch', 'markov'], { minLength: 1 }),
    steps: fc.subarray(['a', 'b'], { minLength: 1 }),
  })
  .chain(({ labels, currencies, models, steps }) =>
    fc.tuple(
      ...labels.flatMap((label) =>
        currencies.flatMap((currency) =>
          models.flatMap((model) =>
            steps.map((step) =>
              fc.record({
                label: fc.constant(label),
                currency: fc.constant(currency),
                model: fc.constant(model),
                step: fc.constant(step),
                people,
                revenue_minor: fc.integer({ min: -1_000, max: 100_000 }),
              }),
            ),
          ),
        ),
      ),
    ),
  )
  .map((rows): KpiRow[] => rows);

const keyOf = (row: KpiRow) => JSON.stringify([row.currency, row.model, row.step]);
const totals = (rows: readonly KpiRow[], leftOut: readonly string[] = []) => {
  const sums: Record<string, number> = {};
  for (const row of rows) {
    if (leftOut.includes(String(row.currency ?? ''))) continue;
    sums[keyOf(row)] = (sums[keyOf(row)] ?? 0) + Number(row.revenue_minor);
  }
  return sums;
};
const isTogether = (row: KpiRow) => row.label === togetherLabel(K);

describe('small groups', () => {
  test('what is shown adds up to what there was, of every currency, model and text', () => {
    fc.assert(
      fc.property(answer, (rows) => {
        const { rows: shown, hidden } = suppress(rows, RULE, K);
        const [before, after] = [totals(rows, hidden), totals(shown, hidden)];
        for (const cell of Object.keys(before)) {
          const ofCell = rows.filter((row) => keyOf(row) === cell);
          const currency = ofCell[0]!.currency;
          const seen = shown.filter((row) => row.currency === currency && !isTogether(row));
          const members = ofCell.filter((row) => !seen.some(({ label }) => label === row.label));
          const counts = members.map((row) => Number(row.people)).filter((count) => count > 0);
          const isSafe = counts.length === 0 || (counts.length > 1 && Math.max(...counts) >= K);
          if (members.length === 0 || isSafe) expect(after[cell]).toBe(before[cell]);
          // Only when no group is left to join is a cell left out: there is nothing to take it from a total with.
          else expect(seen.filter((row) => Number(row.people) > 0)).toEqual([]);
        }
      }),
    );
  });

  test('no row is shown behind which one to nine known people stand', () => {
    fc.assert(
      fc.property(answer, (rows) => {
        for (const row of suppress(rows, RULE, K).rows)
          expect(Number(row.people) === 0 || Number(row.people) >= K).toBe(true);
      }),
    );
  });

  test('a merged row is of two groups or more, one of which has enough people: none of them is the rest of a total', () => {
    fc.assert(
      fc.property(answer, (rows) => {
        const { rows: shown, hidden } = suppress(rows, RULE, K);
        for (const together of shown.filter((row) => isTogether(row) && Number(row.people) > 0)) {
          const seen = shown.filter((row) => keyOf(row) === keyOf(together)).map((row) => row.label);
          const members = rows.filter(
            (row) =>
              keyOf(row) === keyOf(together) && !seen.includes(row.label ?? null) && Number(row.people) > 0,
          );
          expect(members.length).toBeGreaterThanOrEqual(2);
          expect(Math.max(...members.map((row) => Number(row.people)))).toBeGreaterThanOrEqual(K);
        }
        for (const currency of hidden)
          expect(shown.filter((row) => (row.currency ?? '') === currency && Number(row.people) > 0)).toEqual(
            [],
          );
      }),
    );
  });

  test('a label that is hidden in one model or text is hidden in all: none tells another', () => {
    fc.assert(
      fc.property(answer, (rows) => {
        const { rows: shown } = suppress(rows, RULE, K);
        for (const row of shown.filter((each) => !isTogether(each))) {
          const same = (other: KpiRow) => other.label === row.label && other.currency === row.currency;
          if (rows.some((other) => same(other) && Number(other.people) > 0))
            expect(shown.filter(same)).toHaveLength(rows.filter(same).length);
        }
      }),
    );
  });

  test('the order of rows changes nothing', () => {
    fc.assert(
      fc.property(
        answer.chain((rows) =>
          fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length })),
        ),
        ([rows, shuffled]) => {
          const sorted = (all: readonly KpiRow[]) =>
            all.map((row) => JSON.stringify(Object.entries(row).sort())).sort();
          const [one, other] = [suppress(rows, RULE, K), suppress(shuffled, RULE, K)];
          expect(sorted(other.rows)).toEqual(sorted(one.rows));
          expect([...other.hidden].sort()).toEqual([...one.hidden].sort());
          expect(other.suppressed).toBe(one.suppressed);
        },
      ),
    );
  });

  test('k of one leaves every row as it is', () => {
    fc.assert(
      fc.property(answer, (rows) => {
        const { rows: shown, hidden, suppressed } = suppress(rows, RULE, 1);
        expect(shown).toHaveLength(rows.length);
        expect({ hidden, suppressed }).toEqual({ hidden: [], suppressed: 0 });
      }),
    );
  });

  test('an interval of merged rows is never narrower than of persons who stand in each of them', () => {
    const merge = mergeBy({ constant: ['min_persons'], atLeast: ['persons'], squares: ['xx', 'xy', 'yy'] });
    const person = fc.record({
      x: fc.double({ min: -1, max: 3, noNaN: true }),
      y: fc.double({ min: 0.1, max: 5, noNaN: true }),
    });
    const sums = (all: readonly { x: number; y: number }[]) => ({
      min_persons: 1,
      compared: all.length,
      persons: all.length,
      x: all.reduce((sum, { x }) => sum + x, 0),
      y: all.reduce((sum, { y }) => sum + y, 0),
      xx: all.reduce((sum, { x }) => sum + x * x, 0),
      xy: all.reduce((sum, { x, y }) => sum + x * y, 0),
      yy: all.reduce((sum, { y }) => sum + y * y, 0),
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(person, person), { minLength: 12, maxLength: 40 }), (pairs) => {
        const exact = sums(pairs.map(([a, b]) => ({ x: a.x + b.x, y: a.y + b.y })));
        const merged = merge([sums(pairs.map(([a]) => a)), sums(pairs.map(([, b]) => b))]);
        const [one, other] = withChanceTakenOut([exact, merged]);
        expect(other!.share).toBeCloseTo(Number(one!.share), 5);
        if (one!.share_low == null || other!.share_low == null) return;
        const width = (row: KpiRow) => Number(row.share_high) - Number(row.share_low);
        if (Number(one!.share_high) < 0.999 && Number(other!.share_high) < 0.999)
          expect(width(other!)).toBeGreaterThanOrEqual(width(one!) - 1e-5);
      }),
    );
  });

  test('every KPI says whether it is about people, and why not where it is not', () => {
    for (const { privacy } of KPIS) {
      if (privacy.describes === 'records') expect(privacy.why.length).toBeGreaterThan(20);
      else expect(privacy.persons.length).toBe(privacy.groups?.length ?? privacy.persons.length);
    }
    expect(KPIS.filter(({ privacy }) => privacy.describes === 'people').map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'attribution',
        'attribution-intervals',
        'model-comparison',
        'channel-differences',
        'model-conclusions',
        'paths',
        'ropo',
        'ropo-waterfall',
        'store-visits',
        'showrooming',
        'purchases',
        'returns',
      ]),
    );
  });
});
