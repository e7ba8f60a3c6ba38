import { describe, expect, test } from 'vitest';
import { conclusionsOf, type ModelFindings } from '../../../lib/domain/attribution/conclusions.ts';

const NOTHING_SPENT = { low: Number.NaN, high: Number.NaN };

/** Findings about A, B and C; pairs as "AB" for A ahead of B. */
function found(
  revenue: number[],
  ahead: string[] = [],
  roas: ModelFindings['roas'] = revenue.map(() => NOTHING_SPENT),
): ModelFindings {
  const number = (letter: string) => 'ABC'.indexOf(letter);
  return {
    model: 'any',
    revenue: Float64Array.from(revenue),
    ahead: new Set(ahead.map((pair) => number(pair[0]!) * revenue.length + number(pair[1]!))),
    roas,
  };
}

const words = (...findings: ModelFindings[]) =>
  conclusionsOf(findings, findings[0]?.revenue.length ?? 3).map(
    ({ kind, channel, other, models }) =>
      `${kind} ${'ABC'[channel]}${other === null ? '' : 'ABC'[other]} ${models}`,
  );

describe('what does not depend on the model', () => {
  test('who is credited with the most, when every model says so', () => {
    const twice = words(found([9, 5, 1]), found([7, 6, 2]));
    expect(twice).toContain('most_revenue A 2');
    expect(words(found([9, 5, 1]), found([5, 9, 1])).join()).not.toContain('most_revenue');
  });

  test('nobody leads where two have the most, or nobody has anything', () => {
    expect(words(found([5, 5, 1]), found([5, 5, 1])).join()).not.toContain('most_revenue');
    expect(words(found([9, 5, 1]), found([9, 9, 1])).join()).not.toContain('most_revenue');
    expect(words(found([0, 0, 0])).join()).not.toContain('most_revenue');
  });

  test('a channel alone leads nobody', () => {
    expect(words(found([9]))).toEqual([]);
  });

  test('who is ahead of whom beyond chance: in every model, either way round', () => {
    expect(words(found([9, 5, 1], ['AB', 'CB']), found([9, 5, 1], ['AB', 'CB']))).toEqual([
      'most_revenue A 2',
      'ahead AB 2',
      'never_distinguishable AC 2',
      'ahead CB 2',
    ]);
  });

  test('ahead in some models and open in others is no conclusion', () => {
    const all = words(found([9, 5, 1], ['AB']), found([9, 5, 1]));
    expect(all.filter((text) => text.includes('AB'))).toEqual([]);
  });

  test('models that contradict each other: the one that more of them put ahead comes first, with how many', () => {
    expect(words(found([2, 1, 0], ['AB']), found([1, 2, 0], ['BA']), found([1, 2, 0], ['BA']))).toContain(
      'depends_on_model BA 2',
    );
    expect(words(found([2, 1, 0], ['AB']), found([1, 2, 0], ['BA']))).toContain('depends_on_model AB 1');
  });

  test('pairs that no model can tell apart', () => {
    expect(words(found([3, 2, 1]), found([3, 2, 1])).slice(1)).toEqual([
      'never_distinguishable AB 2',
      'never_distinguishable AC 2',
      'never_distinguishable BC 2',
    ]);
  });

  test('a return on spend above or below one, bounds included, in every model', () => {
    const roas = (...bounds: [number, number][]) => bounds.map(([low, high]) => ({ low, high }));
    const certain = roas([1.1, 3], [0.2, 0.9], [0.9, 1.2]);
    const alike = words(found([3, 2, 1], [], certain), found([3, 2, 1], [], certain));
    expect(alike.filter((text) => text.includes('spend'))).toEqual([
      'earns_its_spend A 2',
      'below_its_spend B 2',
    ]);
    const other = roas([0.99, 3], [0.2, 1.0], [0.9, 1.2]);
    expect(words(found([3, 2, 1], [], certain), found([3, 2, 1], [], other)).join()).not.toContain('spend');
    expect(words(found([3, 2, 1])).join()).not.toContain('spend');
  });

  test('no models say nothing', () => {
    expect(conclusionsOf([], 3)).toEqual([]);
  });
});
