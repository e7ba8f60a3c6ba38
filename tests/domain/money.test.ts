import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addDecimals,
  amountToMinor,
  currencyExponent,
  formatMinor,
  parseDecimal,
  splitByLargestRemainder,
  toMinor,
} from '../../lib/domain/money.ts';

describe('reading amounts', () => {
  test.each([
    ['19.99', 2, 1999],
    [19.99, 2, 1999],
    ['-0.05', 2, -5],
    ['4.440892e-16', 2, 0],
    ['1e2', 2, 10_000],
    ['1.005', 2, 101],
    ['-1.005', 2, -101],
    ['.5', 2, 50],
    ['7', 0, 7],
    ['7.5', 0, 8],
    ['1.2345', 3, 1235],
    [0.1 + 0.2, 2, 30],
  ])('%s with %i decimals is %i', (text, exponent, minor) => {
    expect(amountToMinor(text, exponent)).toBe(minor);
  });

  test.each(['', '.', 'abc', '1,5', 'NaN', 'Infinity', '1e', '0x10', '--1'])('"%s" is no amount', (text) => {
    expect(amountToMinor(text, 2)).toBeNull();
  });

  test('the quick way and the exact way agree', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -999_999_999, max: 999_999_999 }),
        fc.integer({ min: 0, max: 3 }),
        (digits, places) => {
          const text = (digits / 10 ** places).toFixed(places);
          expect(amountToMinor(text, 2)).toBe(toMinor(parseDecimal(text)!, 2) || 0);
        },
      ),
    );
  });

  test('sums of decimals are exact where doubles are not', () => {
    const tenth = parseDecimal('0.1')!;
    expect(toMinor(addDecimals(Array.from({ length: 10 }, () => tenth)), 2)).toBe(100);
  });

  test('currencies', () => {
    expect(['EUR', 'JPY', 'KWD', 'EURO', 'XXZ'].map(currencyExponent)).toEqual([2, 0, 3, null, null]);
    expect(formatMinor(1_234_567, 'EUR')).toBe('12,345.67');
    expect(formatMinor(-5, 'EUR')).toBe('-0.05');
    expect(formatMinor(1_234_567, 'JPY')).toBe('1,234,567');
  });
});

describe('splitting by largest remainder', () => {
  test('the example of the documentation', () => {
    expect(splitByLargestRemainder(100n, [1n, 1n, 1n])).toEqual([34n, 33n, 33n]);
  });

  test('parts always sum to the whole, keep its sign, and lie within one of their exact share', () => {
    const weights = fc
      .array(fc.bigInt({ min: 0n, max: 10n ** 9n }), { minLength: 1, maxLength: 50 })
      .filter((w) => w.some((x) => x > 0n));
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), weights, (total, w) => {
        const parts = splitByLargestRemainder(total, w);
        const sum = w.reduce((a, b) => a + b, 0n);
        expect(parts.reduce((a, b) => a + b, 0n)).toBe(total);
        for (const [at, part] of parts.entries()) {
          const off = part * sum - total * w[at]!;
          expect(off < sum && off > -sum).toBe(true);
          if (w[at] === 0n) expect(part).toBe(0n);
        }
      }),
    );
  });

  test('nothing to split by is an error', () => {
    expect(() => splitByLargestRemainder(5n, [0n, 0n])).toThrow(
      'Weights [0, 0] must be zero or more and not all zero',
    );
  });
});
