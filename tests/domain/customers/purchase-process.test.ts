import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { prospectOf } from '../../../lib/domain/customers/expected-purchases.ts';
import { expectationsOf } from '../../../lib/domain/customers/prospects.ts';
import { groupHistories } from '../../../lib/domain/customers/purchase-histories.ts';
import {
  chanceAlive,
  fitPurchases,
  likelihood,
  type PurchaseProcess,
} from '../../../lib/domain/customers/purchase-process.ts';
import { type SimulatedCustomer, simulateCustomers } from './simulated-customers.ts';

/** The published estimates for CDNOW in weeks. */
const CDNOW_BG: PurchaseProcess = { leaving: 'bg', r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };

/** Buys at once and leaves at once. */
const STEEP: PurchaseProcess = { leaving: 'mbg', r: 0.05, alpha: 0.5, a: 14.2, b: 0.05 };

const between = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const processes: fc.Arbitrary<PurchaseProcess> = fc.record({
  leaving: fc.constantFrom('mbg', 'bg'),
  r: between(0.05, 20),
  alpha: between(0.5, 200),
  a: between(0.05, 20),
  b: between(0.05, 50),
});
const histories = fc
  .record({ repeats: fc.nat(60), gap: between(0, 1), observed: between(0, 700) })
  .map(({ repeats, gap, observed }) => ({
    repeats,
    observed,
    recency: repeats === 0 ? 0 : observed * gap,
  }));

/** One row per customer. */
const rowsOf = (customers: readonly SimulatedCustomer[]) => ({
  repeats: Int32Array.from(customers, ({ repeats }) => repeats),
  recency: Float64Array.from(customers, ({ recency }) => recency),
  observed: Float64Array.from(customers, ({ observed }) => observed),
  persons: Float64Array.from(customers, () => 1),
});

describe('what a customer will do', () => {
  test('bought twice again, last in week 30.43 of 38.86: 1.226 purchases in 39 weeks (Fader, Hardie and Lee 2005, 6)', () => {
    const expected = prospectOf(CDNOW_BG, 2, 38.86, 39, 0).purchases;
    expect(expected * chanceAlive(CDNOW_BG, 2, 30.43, 38.86)).toBeCloseTo(1.226, 3);
  });

  test('a person without repeat is surely alive in BG/NBD, and less so every day in MBG/NBD', () => {
    expect(chanceAlive(CDNOW_BG, 0, 0, 500)).toBe(1);
    const mbg = { ...CDNOW_BG, leaving: 'mbg' as const };
    expect(chanceAlive(mbg, 0, 0, 0)).toBeCloseTo(mbg.b / (mbg.a + mbg.b), 12);
    expect(chanceAlive(mbg, 0, 0, 500)).toBeLessThan(chanceAlive(mbg, 0, 0, 50));
  });

  test('chances are chances, and buying at all is no likelier than the purchases are many', () => {
    fc.assert(
      fc.property(processes, histories, between(0.1, 400), (process, person, horizon) => {
        const alive = chanceAlive(process, person.repeats, person.recency, person.observed);
        const prospect = prospectOf(process, person.repeats, person.observed, horizon, 0);
        expect(alive).toBeGreaterThanOrEqual(0);
        expect(alive).toBeLessThanOrEqual(1);
        expect(prospect.any).toBeGreaterThanOrEqual(0);
        expect(prospect.any).toBeLessThanOrEqual(1);
        expect(prospect.purchases).toBeGreaterThanOrEqual(prospect.any * (1 - 1e-6));
        // N (N - 1) is no less than 2 (N - 1), whose mean is 2 (E N - P(N > 0)).
        expect(prospect.pairs).toBeGreaterThanOrEqual(
          2 * (prospect.purchases - prospect.any) * (1 - 1e-6) - 1e-9,
        );
      }),
    );
  });

  test('the later the last purchase, the likelier alive', () => {
    fc.assert(
      fc.property(processes, histories, between(0, 1), (process, person, part) => {
        fc.pre(person.repeats > 0);
        const earlier = chanceAlive(process, person.repeats, person.recency * part, person.observed);
        const later = chanceAlive(process, person.repeats, person.recency, person.observed);
        expect(later).toBeGreaterThanOrEqual(earlier);
      }),
    );
  });

  test('a longer horizon brings more, a discount takes some of it, and none of it is below zero', () => {
    fc.assert(
      fc.property(
        processes,
        histories,
        between(1, 200),
        between(1.1, 4),
        (process, person, horizon, longer) => {
          const short = prospectOf(process, person.repeats, person.observed, horizon, 0.001);
          const long = prospectOf(process, person.repeats, person.observed, horizon * longer, 0.001);
          // Nearly all of what is ever to come may be within the shorter one.
          expect(long.purchases).toBeGreaterThanOrEqual(short.purchases * (1 - 1e-6));
          expect(long.discounted).toBeGreaterThanOrEqual(short.discounted * (1 - 1e-6));
          expect(short.discounted).toBeLessThan(short.purchases);
          expect(short.discounted).toBeGreaterThan(short.purchases * Math.exp(-0.001 * horizon));
        },
      ),
      // All that is to come lies in a small part of the horizon: quadrature over the whole of it misses some.
      { examples: [[STEEP, { repeats: 47, observed: 0, recency: 0 }, 200, 4]] },
    );
  });

  test('the unit of time does not matter', () => {
    fc.assert(
      fc.property(processes, histories, between(0.01, 100), (process, person, unit) => {
        const other = { ...process, alpha: process.alpha * unit };
        const { repeats, recency, observed } = person;
        const near = (a: number, b: number) =>
          expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-6 * Math.abs(b));
        near(
          chanceAlive(other, repeats, recency * unit, observed * unit),
          chanceAlive(process, repeats, recency, observed),
        );
        const [one, two] = [
          prospectOf(other, repeats, observed * unit, 90 * unit, 0.002 / unit),
          prospectOf(process, repeats, observed, 90, 0.002),
        ];
        for (const name of ['purchases', 'discounted', 'pairs', 'any'] as const) near(one[name], two[name]);
      }),
    );
  });
});

describe('the fit', () => {
  test('its gradient is that of its likelihood', () => {
    const rows = rowsOf(
      simulateCustomers(
        { leaving: 'mbg', r: 0.7, alpha: 30, a: 0.6, b: 3 },
        { persons: 300, span: 400, horizon: 1, seed: 'gradient' },
      ),
    );
    for (const leaving of ['mbg', 'bg'] as const) {
      fc.assert(
        fc.property(fc.array(between(-2, 3), { minLength: 4, maxLength: 4 }), (logs) => {
          const f = likelihood(rows, leaving);
          const [gradient, unused] = [new Float64Array(4), new Float64Array(4)];
          f(Float64Array.from(logs), gradient);
          for (const at of logs.keys()) {
            const moved = (step: number) =>
              f(
                Float64Array.from(logs, (x, index) => (index === at ? x + step : x)),
                unused,
              );
            const slope = (moved(1e-5) - moved(-1e-5)) / 2e-5;
            expect(Math.abs(slope - gradient[at]!)).toBeLessThan(1e-4 * (1 + Math.abs(slope)));
          }
        }),
        { numRuns: 20 },
      );
    }
  });

  // Rare and frequent buyers, faithful and fleeting ones, much and little variation between persons.
  test.each<PurchaseProcess & { persons: number; span: number }>([
    { leaving: 'mbg', r: 0.5, alpha: 20, a: 0.8, b: 2.5, persons: 20_000, span: 700 },
    { leaving: 'mbg', r: 2.5, alpha: 15, a: 0.4, b: 8, persons: 5_000, span: 180 },
    { leaving: 'mbg', r: 0.2, alpha: 60, a: 3, b: 4, persons: 60_000, span: 1000 },
    { leaving: 'bg', r: 0.25, alpha: 5, a: 0.8, b: 2.4, persons: 20_000, span: 78 },
  ])(
    'finds known parameters ($leaving, r $r, alpha $alpha, a $a, b $b) within four of its errors',
    (truth) => {
      const customers = simulateCustomers(truth, { ...truth, horizon: 1, seed: `recover ${truth.r}` });
      const fit = fitPurchases(rowsOf(customers), { leaving: truth.leaving, hold: 0 });
      expect(fit.minimum.converged).toBe(true);
      for (const [at, name] of (['r', 'alpha', 'a', 'b'] as const).entries()) {
        const error = Math.hypot(...fit.spread!.subarray(at * 4, at * 4 + 4));
        expect(error).toBeLessThan(0.4);
        expect(Math.abs(Math.log(fit[name] / truth[name]))).toBeLessThan(4 * error);
      }
    },
  );

  test('what it then expects is what simulated customers do: alive, buying, and how often', () => {
    const truth: PurchaseProcess = { leaving: 'mbg', r: 0.5, alpha: 20, a: 0.8, b: 2.5 };
    const customers = simulateCustomers(truth, { persons: 30_000, span: 700, horizon: 365, seed: 'future' });
    const fit = fitPurchases(rowsOf(customers), { leaving: 'mbg' });
    const expected = expectationsOf(fit, { time: 365, discount: 0 });
    const people = customers.map(({ repeats, recency, observed }) => expected(repeats, recency, observed));
    const mean = (of: (at: number) => number) =>
      customers.reduce((sum, _, at) => sum + of(at), 0) / customers.length;
    const alive = mean((at) => people[at]!.alive);
    expect(Math.abs(mean((at) => (customers[at]!.alive ? 1 : 0)) - alive)).toBeLessThan(0.01);
    const bought = mean((at) => people[at]!.alive * people[at]!.prospect.any);
    expect(Math.abs(mean((at) => (customers[at]!.later > 0 ? 1 : 0)) - bought)).toBeLessThan(0.01);
    const purchases = mean((at) => people[at]!.alive * people[at]!.prospect.purchases);
    expect(mean((at) => customers[at]!.later) / purchases).toBeCloseTo(1, 1);
    const pairs = mean((at) => people[at]!.alive * people[at]!.prospect.pairs);
    const came = mean((at) => customers[at]!.later * (customers[at]!.later - 1));
    expect(came / pairs).toBeGreaterThan(0.85);
    expect(came / pairs).toBeLessThan(1.15);
  });

  test('persons alike may be one row: the same fit from far fewer rows', () => {
    const people = simulateCustomers(
      { leaving: 'mbg', r: 0.3, alpha: 8, a: 0.5, b: 2 },
      { persons: 6000, span: 12, horizon: 1, seed: 'weeks' },
    ).map((person) => ({
      repeats: person.repeats,
      recency: Math.floor(person.recency),
      observed: Math.floor(person.observed),
    }));
    const { histories: grouped, rowOf } = groupHistories(
      people.map(({ repeats }) => repeats),
      people.map(({ recency }) => recency),
      people.map(({ observed }) => observed),
    );
    expect(grouped.persons.length).toBeLessThan(600);
    expect(grouped.persons.reduce((a, b) => a + b, 0)).toBe(6000);
    for (const [at, row] of rowOf.entries())
      expect([grouped.repeats[row], grouped.recency[row], grouped.observed[row]]).toEqual([
        people[at]!.repeats,
        people[at]!.recency,
        people[at]!.observed,
      ]);
    const one = fitPurchases(grouped, { leaving: 'mbg' });
    const many = fitPurchases(rowsOf(people.map((person) => ({ ...person, later: 0, alive: true }))), {
      leaving: 'mbg',
    });
    expect(one.logLikelihood).toBeCloseTo(many.logLikelihood, 6);
    expect(one.r).toBeCloseTo(many.r, 4);
    expect(one.b / many.b).toBeCloseTo(1, 3);
    expect(Array.from(one.spread!, (x) => x * x).reduce((a, b) => a + b)).toBeCloseTo(
      Array.from(many.spread!, (x) => x * x).reduce((a, b) => a + b),
      3,
    );
  });

  test('customers who never leave: it still ends, stays in reach, and expects them to go on', () => {
    const rows = rowsOf(
      simulateCustomers(
        { leaving: 'mbg', r: 3, alpha: 30, a: 1e-6, b: 1 },
        { persons: 2000, span: 300, horizon: 1, seed: 'faithful' },
      ),
    );
    const fit = fitPurchases(rows, { leaving: 'mbg' });
    expect(fit.minimum.converged).toBe(true);
    expect(fit.a / (fit.a + fit.b)).toBeLessThan(0.01);
    expect(chanceAlive(fit, 10, 290, 300)).toBeGreaterThan(0.97);
    expect(prospectOf(fit, 10, 300, 300, 0).purchases).toBeGreaterThan(9);
  });
});
