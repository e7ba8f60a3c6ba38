import { describe, expect, test } from 'vitest';
import { sortedByKey } from '../../lib/domain/radix-sort.ts';

/** Keys that need one digit, two, and more than 32 bits; of few values, so that many are equal. */
const KEYS: Record<string, (number: number) => number> = {
  'one digit': (number) => (number * 7919) % 251,
  'two digits': (number) => ((number * 48271) % 65_537) * 17,
  'more than 32 bits': (number) => ((number * 7919) % 1009) * 9_007_199_254 + ((number * 31) % 7),
  'all equal': () => 3,
  none: () => 0,
};

describe('sorting by digits', () => {
  test.each(Object.entries(KEYS))('is the stable sort by key: %s', (_, keyOf) => {
    for (const count of [0, 1, 100, 4095, 4096, 20_000]) {
      const numbers = Int32Array.from({ length: count }, (__, at) => (at * 7) % count);
      const expected = Array.from(numbers).sort((a, b) => keyOf(a) - keyOf(b));
      const given = numbers.slice();
      expect(Array.from(sortedByKey(numbers, keyOf)), `${count} numbers`).toEqual(expected);
      expect(numbers, 'what was given stays').toEqual(given);
    }
  });
});
