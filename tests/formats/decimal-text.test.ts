import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decimalOf, decimalText, multiplyExactly } from '../../lib/formats/decimal-text.ts';

test.each([
  ['6', '2.55', '15.30'],
  ['-12', '0.85', '-10.20'],
  ['3', '0.1', '0.3'],
  ['-10', '0.0', '0.0'],
  ['0.42', '2.99', '1.2558'],
  ['123456789', '98765432.12', '12193263113732662.68'],
  ['1e3', '2', '2000'],
])('%s x %s is %s', (a, b, product) => {
  expect(multiplyExactly(a, b)).toBe(product);
});

test.each(['', 'x', '1,5', '£2', 'NaN', 'Infinity', '9'.repeat(61)])('%j is no number', (text) => {
  expect(multiplyExactly('1', text)).toBeNull();
  expect(decimalOf(text)).toBeNull();
});

test('the text of a decimal reads as the same decimal', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.nat(25), (digits, scale) => {
      expect(decimalOf(decimalText({ digits, scale }))).toEqual({ digits, scale });
    }),
  );
});

test('a product has the digits of whole numbers multiplied', () => {
  const cents = fc.integer({ min: -9_999_999, max: 9_999_999 });
  fc.assert(
    fc.property(cents, cents, (a, b) => {
      const text = (n: number) => decimalText({ digits: BigInt(n), scale: 2 });
      expect(multiplyExactly(text(a), text(b))).toBe(
        decimalText({ digits: BigInt(a) * BigInt(b), scale: 4 }),
      );
    }),
  );
});
