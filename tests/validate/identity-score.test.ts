import { describe, expect, test } from 'vitest';
import { type IdentityTruth, scoreIdentity } from '../../lib/validate/identity/score.ts';

const truthOf = (owners: Record<string, string>, links: string[] = []): IdentityTruth => ({
  ownersOf: new Map(Object.entries(owners).map(([key, people]) => [key, new Set(people)])),
  links: links.map((link) => [link[0]!, link[1]!]),
});
const said = (...persons: string[]) =>
  new Map(persons.flatMap((keys, at) => Array.from(keys, (key) => [key, `p${at}`] as const)));

describe('the score of a partition', () => {
  test('by hand: two people, of five identifiers and of three, one identifier with the wrong one', () => {
    const truth = truthOf({ a: 'X', b: 'X', c: 'X', d: 'X', e: 'X', f: 'Y', g: 'Y', h: 'Y' }, [
      'ab',
      'bc',
      'cd',
      'de',
      'fg',
      'gh',
    ]);
    const score = scoreIdentity(said('abcdf', 'egh'), truth);
    // Said: 10 + 3 pairs. Right: abcd 6, gh 1. True: 10 + 3.
    expect(score.pair_precision).toBeCloseTo(7 / 13, 12);
    expect(score.pair_recall).toBeCloseTo(7 / 13, 12);
    expect(score.pair_f1).toBeCloseTo(7 / 13, 12);
    // B-cubed: a-d 4/5 each, f 1/5, e 1/3, g and h 2/3 each.
    expect(score.person_precision).toBeCloseTo((4 * (4 / 5) + 1 / 5 + 1 / 3 + 2 * (2 / 3)) / 8, 12);
    expect(score.person_recall).toBeCloseTo((4 * (4 / 5) + 1 / 3 + 1 / 5 + 2 * (2 / 3)) / 8, 12);
    expect(score.exact_persons).toBe(0);
    expect(score.judged).toBe(8);
  });

  test('asks for no pair that the own records cannot tell, and says what it is of all', () => {
    const truth = truthOf({ a: 'X', b: 'X', c: 'X', s: 'XY' }, ['ab', 'bs', 'sc']);
    const score = scoreIdentity(said('ab', 'c', 's'), truth);
    expect(score.pair_recall).toBe(1);
    expect(score.pair_recall_of_all).toBeCloseTo(1 / 3, 12);
    expect(score.exact_persons).toBe(1);
  });

  test('tells what became of identifiers of several people and of nobody', () => {
    const truth = truthOf({ a: 'X', b: 'Y', t: 'XY', u: 'XY', v: 'XY' });
    const score = scoreIdentity(said('at', 'u', 'bn', 'm'), truth);
    expect([score.held_apart, score.with_a_user, score.with_others]).toEqual([2, 1, 1]);
    const joined = scoreIdentity(said('abv'), truth);
    expect([joined.held_apart, joined.with_a_user, joined.with_others]).toEqual([0, 0, 1]);
    expect(joined.pair_precision).toBe(0);
    expect(joined.pair_recall).toBeNull();
  });

  test('is one where all is right, and nothing where there is nothing', () => {
    const truth = truthOf({ a: 'X', b: 'X', c: 'Y' }, ['ab']);
    expect(scoreIdentity(said('ab', 'c'), truth)).toMatchObject({
      pair_f1: 1,
      person_f1: 1,
      exact_persons: 1,
      pair_recall_of_all: 1,
    });
    expect(scoreIdentity(new Map(), truth)).toMatchObject({ judged: 0, pair_f1: null, person_f1: null });
  });
});
