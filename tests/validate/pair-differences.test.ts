import { expect, test } from 'vitest';
import { simulateWorld } from '../../lib/demo/worlds/simulate-world.ts';
import type { World } from '../../lib/demo/worlds/world.ts';
import { compareAll } from '../../lib/domain/attribution/differences.ts';
import { INTERVAL_MODELS, replicatesByModel } from '../../lib/validate/interval-models.ts';
import { type WorldJourneys, worldJourneys } from '../../lib/validate/world-journeys.ts';
import { purchasesAsPersons, regularsWorld } from './regulars-world.ts';

const SAMPLES = 100;
const PERSONS = 700;
const LEVEL = 0.9;
const REPLICATES = 200;

const alike = regularsWorld('alike', [0.15, 0.15, 0.15, 0.15]);
const different = regularsWorld('different', [0.05, 0.15, 0.15, 0.45]);

type Pair = readonly [first: number, second: number];

/** By model: in how many of the samples any of these pairs is called distinguishable, for each list of pairs. */
function samplesWithAny(
  world: World,
  lists: readonly (readonly Pair[])[],
  { samples = SAMPLES, models = INTERVAL_MODELS, journeysOf = (journeys: WorldJourneys) => journeys } = {},
): { model: string; counts: number[] }[] {
  const found = models.map(({ name }) => ({ model: name, counts: lists.map(() => 0) }));
  for (let seed = 1; seed <= samples; seed++) {
    const journeys = journeysOf(worldJourneys(simulateWorld(world, PERSONS, seed)));
    const drawn = replicatesByModel(journeys, models, { seed, replicates: REPLICATES });
    for (const [at, model] of models.entries()) {
      const replicates = { values: drawn[at]!, replicates: REPLICATES };
      const pairs = compareAll(model.points(journeys), replicates, LEVEL);
      for (const [list, wanted] of lists.entries())
        if (
          pairs.some(
            (pair) =>
              pair.isDistinguishable &&
              wanted.some(([first, second]) => pair.first === first && pair.second === second),
          )
        )
          found[at]!.counts[list]! += 1;
    }
  }
  return found;
}

const ALL_PAIRS: readonly Pair[] = [
  [0, 1],
  [0, 2],
  [0, 3],
  [1, 2],
  [1, 3],
  [2, 3],
];

/** One in ten samples may raise an alarm; by chance, of 100 samples, 17. */
const mostAlarms = (samples: number) =>
  samples * (1 - LEVEL) + 2.5 * Math.sqrt(samples * LEVEL * (1 - LEVEL));

test('among channels that are alike, all pairs together raise few false alarms', () => {
  for (const { model, counts } of samplesWithAny(alike, [ALL_PAIRS]))
    expect(counts[0], model).toBeLessThan(mostAlarms(SAMPLES));
});

test('drawing purchases instead of persons raises many', () => {
  const models = INTERVAL_MODELS.filter(({ name }) => ['last_touch', 'linear', 'markov'].includes(name));
  const wrong = { samples: 40, models, journeysOf: purchasesAsPersons };
  for (const { model, counts } of samplesWithAny(alike, [ALL_PAIRS], wrong))
    expect(counts[0], model).toBeGreaterThan(mostAlarms(40));
});

test('channels that differ clearly are told apart; the two that are alike among them are not', () => {
  for (const { model, counts } of samplesWithAny(different, [[[0, 3]], [[1, 2]]])) {
    // The hazard has to tell channels that never pause from the base rate: it needs more.
    expect(counts[0], model).toBeGreaterThan(model === 'additive_hazard' ? SAMPLES / 2 : SAMPLES * 0.95);
    expect(counts[1], model).toBeLessThan(mostAlarms(SAMPLES));
  }
});
