import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitAdditiveHazard, oneStep } from '../../../lib/domain/attribution/additive-hazard.ts';
import { countLone, type Dimensions, type JourneyRows } from '../../../lib/domain/attribution/journeys.ts';
import {
  type Estimate,
  type HazardJourneys,
  hazardCredit,
  hazardEstimate,
  pathModelEstimate,
} from '../../../lib/domain/attribution/model-replicates.ts';
import {
  markovModel,
  type PathModel,
  shapleyModel,
  shapleyRateModel,
} from '../../../lib/domain/attribution/path-model.ts';
import { channelShares } from '../../../lib/domain/attribution/path-shares.ts';
import type { PathCounts } from '../../../lib/domain/attribution/paths.ts';
import { poissonOne } from '../../../lib/domain/attribution/poisson.ts';
import { drawBlock, replicatesOf } from '../../../lib/domain/attribution/replicates.ts';
import { pathTable } from './path-table.ts';

const SEED = 5;
/** Paths that the journeys of these tests are on. */
const NAMES = ['A', 'B', 'C', 'A > B', 'B > A > A', 'A > C', 'A > B > C'];
const PATHS = pathTable(NAMES.map((path) => [path, 0, 0]));
const MODELS: [string, (paths: PathCounts) => PathModel][] = [
  ['Markov, order 1', (paths) => markovModel(paths, 1)],
  ['Markov, order 2', (paths) => markovModel(paths, 2)],
  ['Shapley, conversions', shapleyModel],
  ['Shapley, conversion rate', (paths) => shapleyRateModel(paths, { seed: 1, permutations: 10 })],
];

interface Journey {
  person: number;
  path: number;
  currency: number;
  net: number;
}
const rowsOf = (journeys: readonly Journey[]): JourneyRows => ({
  person: Int32Array.from(journeys, ({ person }) => person),
  path: Int32Array.from(journeys, ({ path }) => path),
  currency: Int32Array.from(journeys, ({ currency }) => currency),
  net: Float64Array.from(journeys, ({ net }) => net),
});
const dimensionsOf = (persons: number): Dimensions => ({ persons, channels: 3, currencies: 2 });
const ALL = Int32Array.of(0, 1, 2);
const identity = Int32Array.from(NAMES, (_, path) => path);

const journeysOf = (persons: number) =>
  fc.array(
    fc.record({
      person: fc.nat({ max: persons - 1 }),
      path: fc.nat({ max: NAMES.length - 1 }),
      currency: fc.integer({ min: -1, max: 1 }),
      net: fc.nat({ max: 900 }),
    }),
    { minLength: 1, maxLength: 30 },
  );

/** Figures of all replicates as channel x currency x replicate. */
const all = (estimate: Estimate, persons: number, replicates: number) =>
  replicatesOf({ seed: SEED, persons, replicates, figures: 6 }, estimate);

/** A replicate in plain words: each journey stands there as often as its person was drawn, and all is fitted anew. */
function plainReplicate(
  journeys: readonly Journey[],
  make: (paths: PathCounts) => PathModel,
  times: (person: number) => number,
): Float64Array {
  const conversions = new Float64Array(NAMES.length);
  const nulls = new Float64Array(NAMES.length);
  for (const { person, path, currency } of journeys)
    (currency >= 0 ? conversions : nulls)[path]! += times(person);
  const model = make({ ...PATHS, conversions, nulls });
  const { values } = model.worth(model.total(conversions, nulls));
  const figures = new Float64Array(6);
  for (const currency of [0, 1]) {
    const bySet = new Float64Array(model.sets.starts.length - 1);
    for (const journey of journeys)
      if (journey.currency === currency)
        bySet[model.sets.setOf[journey.path]!]! += times(journey.person) * journey.net;
    for (const [channel, amount] of channelShares(model.sets, values, bySet).entries())
      figures[channel * 2 + currency] = amount;
  }
  return figures;
}

describe.each(MODELS)('%s in the replicates', (_, make) => {
  test('is the model fitted anew to persons counted as often as they were drawn', () => {
    const persons = 8;
    // Everyone has a second journey, so that nobody is counted by path and every draw is known.
    const second = Array.from({ length: persons }, (_, person) => ({
      person,
      path: 0,
      currency: -1,
      net: 0,
    }));
    fc.assert(
      fc.property(journeysOf(persons), (some) => {
        const journeys = [...some, ...second, ...second];
        const listed = countLone(rowsOf(journeys), persons, identity, NAMES.length);
        expect(Math.max(...listed.lone)).toBe(0);
        const found = all(pathModelEstimate(make(PATHS), listed, dimensionsOf(persons), ALL), persons, 55);
        for (const replicate of [0, 1, 49, 50, 54]) {
          const plain = plainReplicate(journeys, make, (person) => poissonOne(SEED, person, replicate));
          for (const [figure, amount] of plain.entries())
            expect(found[figure * 55 + replicate]).toBeCloseTo(amount, 6);
        }
      }),
      { numRuns: 25 },
    );
  });

  test('hands out all that the drawn purchases brought, in each currency', () => {
    fc.assert(
      fc.property(journeysOf(12), (journeys) => {
        const listed = countLone(rowsOf(journeys), 12, identity, NAMES.length);
        const found = all(pathModelEstimate(make(PATHS), listed, dimensionsOf(12), ALL), 12, 10);
        for (let replicate = 0; replicate < 10; replicate++) {
          for (const currency of [0, 1]) {
            const given = ALL.reduce(
              (sum, channel) => sum + found[(channel * 2 + currency) * 10 + replicate]!,
              0,
            );
            const brought = journeys
              .filter((journey) => journey.currency === currency)
              .reduce((sum, { person, net }) => sum + net * poissonOne(SEED, person, replicate), 0);
            expect(given).toBeCloseTo(brought, 6);
          }
        }
      }),
      { numRuns: 25 },
    );
  });
});

describe('persons counted by path', () => {
  test('move the figures as much as they would one by one', () => {
    // 40 buyers of A > B and 30 of A; 300 persons who saw B and did not buy: B's removal effect wobbles with them.
    const buyers = Array.from({ length: 70 }, (_, person) => ({
      person,
      path: person < 40 ? 3 : 0,
      currency: 0,
      net: 100,
    }));
    const lookers = Array.from({ length: 300 }, (_, at) => ({
      person: 70 + at,
      path: at % 3 === 0 ? 1 : 0,
      currency: -1,
      net: 0,
    }));
    const rows = rowsOf([...buyers, ...lookers]);
    const counted = countLone(rows, 370, identity, NAMES.length);
    expect(Array.from(counted.lone.slice(0, 2))).toEqual([200, 100]);
    const listed = { ...rows, lone: new Float64Array(NAMES.length) };
    const spread = (journeys: typeof counted) => {
      const model = markovModel(PATHS, 1);
      const values = all(pathModelEstimate(model, journeys, dimensionsOf(370), ALL), 370, 600);
      const ofB = values.subarray(2 * 600, 3 * 600);
      const mean = ofB.reduce((a, b) => a + b, 0) / 600;
      return { mean, deviation: Math.sqrt(ofB.reduce((a, b) => a + (b - mean) ** 2, 0) / 599) };
    };
    const [together, apart] = [spread(counted), spread(listed)];
    // Two draws of the same law: means within 5 standard errors, deviations within 5 x 1 / sqrt(2 x 600).
    expect(Math.abs(together.mean - apart.mean)).toBeLessThan(
      (5 * Math.SQRT2 * apart.deviation) / Math.sqrt(600),
    );
    expect(Math.abs(together.deviation / apart.deviation - 1)).toBeLessThan(5 / Math.sqrt(600));
  });
});

describe('campaigns', () => {
  test('add up to the figures of their channels', () => {
    const journeys = rowsOf([
      { person: 0, path: 3, currency: 0, net: 100 },
      { person: 1, path: 6, currency: 0, net: 50 },
    ]);
    const listed = countLone(journeys, 2, identity, NAMES.length);
    // Groups A and B are campaigns of channel 0, C is channel 1.
    const found = all(
      pathModelEstimate(shapleyModel(PATHS), listed, { persons: 2, channels: 2, currencies: 1 }, [0, 0, 1]),
      2,
      20,
    ).subarray(0, 40);
    for (let replicate = 0; replicate < 20; replicate++) {
      const [first, second] = [poissonOne(SEED, 0, replicate), poissonOne(SEED, 1, replicate)];
      expect(found[replicate]).toBeCloseTo(100 * first + (second * 100) / 3, 9);
      expect(found[20 + replicate]).toBeCloseTo((second * 50) / 3, 9);
    }
  });
});

describe('weights that are kept', () => {
  test('credit each purchase as channelShares does, and only its person is drawn anew', () => {
    fc.assert(
      fc.property(
        journeysOf(6),
        fc.array(fc.integer({ min: -2, max: 5 }), { minLength: 3, maxLength: 3 }),
        (journeys, weights) => {
          const model = shapleyModel(PATHS);
          const listed = countLone(rowsOf(journeys), 6, identity, NAMES.length);
          const kept = Float64Array.from(weights);
          const found = all(pathModelEstimate(model, listed, dimensionsOf(6), ALL, kept), 6, 5);
          for (let replicate = 0; replicate < 5; replicate++) {
            for (const currency of [0, 1]) {
              const bySet = new Float64Array(model.sets.starts.length - 1);
              for (const journey of journeys)
                if (journey.currency === currency)
                  bySet[model.sets.setOf[journey.path]!]! +=
                    journey.net * poissonOne(SEED, journey.person, replicate);
              const expected = channelShares(model.sets, weights, bySet);
              for (const channel of ALL)
                expect(found[(channel * 2 + currency) * 5 + replicate]).toBeCloseTo(expected[channel]!, 6);
            }
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('the order of the journeys', () => {
  const shuffled = <T>(list: readonly T[]) => list.map((_, at) => list[(at * 7 + 3) % list.length]!);
  const many = Array.from({ length: 50 }, (_, at) => ({
    person: at % 9,
    path: (at * 5) % NAMES.length,
    currency: (at % 3) - 1,
    net: 101 + at * 37,
  }));

  test('changes no digit of a replicate, also where weights are kept', () => {
    const replicatesUnder = (
      journeys: readonly Journey[],
      make: (listed: ReturnType<typeof countLone>) => Estimate,
    ) => all(make(countLone(rowsOf(journeys), 9, identity, NAMES.length)), 9, 40);
    for (const [name, make] of MODELS) {
      const fitted = (listed: ReturnType<typeof countLone>) =>
        pathModelEstimate(make(PATHS), listed, dimensionsOf(9), ALL);
      expect(replicatesUnder(shuffled(many), fitted), name).toEqual(replicatesUnder(many, fitted));
    }
    const kept = (listed: ReturnType<typeof countLone>) =>
      pathModelEstimate(shapleyModel(PATHS), listed, dimensionsOf(9), ALL, Float64Array.of(0.7, 0.2, 0.1));
    expect(replicatesUnder(shuffled(many), kept)).toEqual(replicatesUnder(many, kept));
  });
});

describe('the additive hazard', () => {
  /** Three persons: one bought after A and B, one after B, one (in no currency: no path) after neither. */
  const journeys: HazardJourneys = {
    data: {
      channels: 3,
      starts: Int32Array.of(0, 2, 3, 3),
      channel: Uint16Array.of(0, 1, 1),
      kernel: Float64Array.of(0.5, 1, 0.25),
      exposures: Float64Array.of(4, 6, 3),
      baselineExposure: 60,
    },
    person: Int32Array.of(0, 1, 2),
    currency: Int32Array.of(0, 1, -1),
    net: Float64Array.of(900, 400, 77),
    exposure: {
      person: Int32Array.of(0, 0, 1, 3, 0, 1, 2, 3),
      channel: Int32Array.of(0, 1, 1, 2, -1, -1, -1, -1),
      amount: Float64Array.of(4, 2, 4, 3, 10, 20, 10, 20),
    },
  };
  const dimensions = dimensionsOf(4);

  test('by hand: a purchase is split by rate x kernel, in its own currency; one without a path is not credited', () => {
    const credit = hazardCredit(journeys, Float64Array.of(1, 0.25, 9), [1, 2, 5], dimensions);
    // 900 by 0.5 to 0.25; 2 x 400 all to B in the second currency.
    expect(Array.from(credit)).toEqual([600, 0, 300, 800, 0, 0]);
  });

  test('where all rates are 0 it is split by what is left of the touchpoints', () => {
    const credit = hazardCredit(journeys, Float64Array.of(0, 0, 1), [1, 0, 0], dimensions);
    expect(Array.from(credit)).toEqual([300, 0, 600, 0, 0, 0]);
  });

  test('takes one step from the fit, with conversions and exposures of the persons drawn', () => {
    const fit = fitAdditiveHazard(journeys.data, { tolerance: 1e-10, maxIterations: 500 });
    const found = all(hazardEstimate(journeys, fit, dimensions), 4, 12);
    const { weights } = drawBlock(SEED, 4, 0, 12);
    for (let replicate = 0; replicate < 12; replicate++) {
      const [w0, w1, w2, w3] = [0, 1, 2, 3].map((person) => weights[person * 12 + replicate]!) as [
        number,
        number,
        number,
        number,
      ];
      const drawn = Float64Array.of(w0, w1, w2);
      const exposures = Float64Array.of(4 * w0, 2 * w0 + 4 * w1, 3 * w3);
      const { rates } = oneStep(journeys.data, fit, drawn, exposures, 10 * w0 + 20 * w1 + 10 * w2 + 20 * w3);
      const expected = hazardCredit(journeys, rates, drawn, dimensions);
      for (const [figure, amount] of expected.entries()) expect(found[figure * 12 + replicate]).toBe(amount);
    }
  });
});
