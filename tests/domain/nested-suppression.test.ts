import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dropOffShown } from '../../lib/domain/funnel-suppression.ts';
import type { KpiRow } from '../../lib/domain/kpi.ts';
import { kpiNamed } from '../../lib/domain/kpi-catalogue.ts';
import { overlapShown } from '../../lib/domain/overlap-suppression.ts';
import { type PeopleRule, suppress, togetherLabel } from '../../lib/domain/suppression.ts';

const K = 10;
const STAGES = ['product_viewed', 'product_added', 'checkout_started', 'purchase'];

const funnelOf = (people: readonly number[]): KpiRow[] =>
  people.map((count, at) => ({
    label: STAGES[at]!,
    journeys: count,
    ended_here: at === people.length - 1 ? 0 : count - people[at + 1]!,
    purchases: people.at(-1)!,
    people: count,
  }));

describe('a funnel', () => {
  test('of stages with enough people is shown whole', () => {
    const rows = funnelOf([40, 30, 20, 10]);
    expect(dropOffShown(rows, K)).toEqual({ rows, hidden: [], suppressed: 0 });
  });

  test('ends before the first small stage, and nothing before it tells how small', () => {
    const { rows, suppressed } = dropOffShown(funnelOf([40, 22, 7, 3]), K);
    expect(suppressed).toBe(2);
    expect(rows).toEqual([
      { label: 'product_viewed', journeys: 40, ended_here: 18, purchases: null, people: 40 },
      { label: 'product_added', journeys: 22, ended_here: null, purchases: null, people: 22 },
    ]);
  });

  test('never gives a number of a small stage', () => {
    const people = fc
      .array(fc.integer({ min: 1, max: 60 }), { minLength: 4, maxLength: 4 })
      .map((counts) => counts.sort((a, b) => b - a));
    fc.assert(
      fc.property(people, (counts) => {
        const { rows } = dropOffShown(funnelOf(counts), K);
        // What can be known of the next stage from each row: what reached it less what ended there, and the purchases.
        const told = rows.flatMap(({ journeys, ended_here, purchases }) => [
          ...(ended_here === null ? [] : [Number(journeys) - Number(ended_here)]),
          ...(purchases === null ? [] : [Number(purchases)]),
          Number(journeys),
        ]);
        for (const number of told) expect(number).toBeGreaterThanOrEqual(K);
      }),
    );
  });
});

describe('an overlap', () => {
  const pair = (a: string, b: string, both: number, ofA: number, ofB: number): KpiRow[] => [
    { label: a, other_channel: b, people_both: both, channel_people: ofA, people: both },
    { label: b, other_channel: a, people_both: both, channel_people: ofB, people: both },
  ];

  test('whose rest is of few people is shown from neither side', () => {
    const rows = [
      ...pair('Email', 'Search', 95, 100, 300),
      ...pair('Email', 'Social', 40, 100, 50),
      ...pair('Social', 'Search', 9, 50, 300),
      ...pair('Inside', 'Search', 30, 30, 300),
    ];
    const { rows: shown, suppressed } = overlapShown(rows, K);
    expect(suppressed).toBe(4);
    expect(shown.map(({ label, other_channel }) => `${label} ${other_channel}`)).toEqual([
      'Email Social',
      'Social Email',
      'Inside Search',
      'Search Inside',
    ]);
  });
});

describe('lengths that are shown together', () => {
  test.each(['touchpoints_in_all', 'days_in_all'])('have no %s, which would tell them apart', (name) => {
    const rule = kpiNamed('path-lengths')!.privacy as PeopleRule;
    const row = (length: number, purchases: number): KpiRow => ({
      label: String(length),
      currency: 'EUR',
      purchases,
      sold_minor: purchases * 100,
      touchpoints_in_all: length * purchases,
      days_in_all: length * purchases,
      purchases_of_all: 155,
      people: purchases,
    });
    const { rows } = suppress([row(1, 120), row(2, 32), row(7, 3)], rule, K);
    const together = rows.find(({ label }) => label === togetherLabel(K))!;
    // 35 purchases of 2 or 7 with 85 in all would be 32 and 3.
    expect(together).toMatchObject({ purchases: 35, purchases_of_all: 155, [name]: null });
    expect(rows.find(({ label }) => label === '1')).toMatchObject({ [name]: 120 });
  });
});
