import { expect, test } from 'vitest';
import { fuzz } from './fuzz/fuzz.ts';
import { mutateJson } from './fuzz/mutate.ts';
import { randomOf } from './fuzz/random.ts';

const INPUTS = 50_000;

test('mutated inputs end as records that can be stored or as reasons why not, and none stops the rest', async () => {
  const { inputs, records, accepted, findings } = await fuzz(20_250_601, (so_far) => so_far < INPUTS);
  expect(
    findings.map(({ problem, input }) => `${problem}\n${input.toString('utf8').slice(0, 2000)}`),
  ).toEqual([]);
  expect(inputs).toBeGreaterThanOrEqual(INPUTS);
  // A fuzzer whose inputs all fail at the door, or all pass, tries nothing.
  expect(accepted).toBeGreaterThan(records / 10);
  expect(accepted).toBeLessThan((records * 9) / 10);
}, 600_000);

test('a seed gives the same inputs again', () => {
  const made = (seed: number) => {
    const random = randomOf(seed);
    return Array.from({ length: 50 }, () => mutateJson('{"a":[1,{"b":"text"}],"c":null}', random));
  };
  expect(made(1)).toEqual(made(1));
  expect(made(1)).not.toEqual(made(2));
  expect(new Set(made(1)).size).toBeGreaterThan(20);
});
