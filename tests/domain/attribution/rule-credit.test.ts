import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addTouches,
  RULE_MODELS,
  type RuleModel,
  ruleCredit,
  sumTouches,
} from '../../../lib/domain/attribution/rule-credit.ts';
import { pathTable, someRows } from './path-table.ts';

/** The definition, touch by touch. */
function touchByTouch(path: readonly string[], model: RuleModel): number[] {
  const n = path.length;
  const ends = {
    first_touch: [1, 0, 0],
    last_touch: [0, 0, 1],
    position_based: [0.4, 0.2, 0.4],
    j_shaped: [0.2, 0.2, 0.6],
    inverse_j: [0.6, 0.2, 0.2],
  };
  if (model === 'linear') return path.map(() => 1 / n);
  if (model === 'last_non_direct') {
    const paid = path.findLastIndex((channel) => channel !== 'Direct');
    return path.map((_, at) => (at === (paid < 0 ? n - 1 : paid) ? 1 : 0));
  }
  const [first, middle, last] = ends[model] as [number, number, number];
  if (n === 1) return [1];
  if (n === 2) return [first / (first + last), last / (first + last)];
  return path.map((_, at) => (at === 0 ? first : at === n - 1 ? last : middle / (n - 2)));
}

describe('rule models', () => {
  test.each(RULE_MODELS)('%s is its definition touch by touch, and all of it', (model) => {
    fc.assert(
      fc.property(someRows(['A', 'B', 'Direct']), (rows) => {
        const paths = pathTable(rows);
        const credit = ruleCredit(sumTouches(paths, paths.conversions), model);
        const expected = new Map<string, number>();
        for (const [text, conversions] of rows) {
          const path = text.split(' > ');
          for (const [at, share] of touchByTouch(path, model).entries())
            expected.set(path[at]!, (expected.get(path[at]!) ?? 0) + share * conversions);
        }
        for (const [channel, name] of paths.channels.entries())
          expect(credit[channel]).toBeCloseTo(expected.get(name) ?? 0, 9);
      }),
    );
  });

  test('sums of parts are the sums of the whole, to the last bit', () => {
    const rows: [string, number, number][] = [
      ['A > B > A', 3, 0],
      ['Direct', 1, 0],
      ['B > Direct > Direct > A', 7, 1],
      ['A', 2, 2],
    ];
    const whole = pathTable(rows);
    const half = (keep: (path: number) => boolean) =>
      sumTouches(
        whole,
        whole.conversions.map((count, path) => (keep(path) ? count : 0)),
      );
    const added = addTouches([half((path) => path % 2 === 0), half((path) => path % 2 === 1)]);
    for (const model of RULE_MODELS)
      expect(ruleCredit(added, model)).toEqual(ruleCredit(sumTouches(whole, whole.conversions), model));
  });
});
