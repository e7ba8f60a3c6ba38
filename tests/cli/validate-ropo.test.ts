import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TRIAL_WORLDS } from '../../lib/validate/ropo/trial-worlds.ts';
import { type Workplace, workplace } from './run-ropo.ts';

let place: Workplace;
beforeAll(() => {
  place = workplace();
});
afterAll(() => place.remove());

describe('ropo validate ropo', () => {
  test('measures every world and prints a row for each', async () => {
    const { code, stdout, stderr } = await place.ropo(
      ...['validate', 'ropo', '--seeds', '2', '--persons', '70', '--format', 'json'],
    );
    expect(stderr).toContain(`of ${TRIAL_WORLDS.length} worlds`);
    expect(code).toBe(0);
    const { worlds, extrapolation } = JSON.parse(stdout);
    expect(worlds.length + extrapolation.length).toBe(TRIAL_WORLDS.length);
  });

  test.each([
    [['validate', 'ropos'], 'There is nothing to validate in "ropos"; there are: ropo, identity'],
    [['validate', 'ropo', '--worlds', 'plain'], '--worlds and --coverage are for the attribution models'],
    [['validate', '--seeds', '5'], '--seeds is for ropo'],
    [['validate', 'ropo', '--seeds', '1'], '--seeds'],
  ])('%j is refused', async (words, reason) => {
    const { code, stderr } = await place.ropo(...words);
    expect(code).toBe(2);
    expect(stderr).toContain(reason);
  });
});
