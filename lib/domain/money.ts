/**
 * Money as integer minor units with an ISO 4217 currency, parsed exactly: text never passes through a double.
 */

/** Currencies whose minor unit is not a hundredth (ISO 4217). Every other known code has two decimals. */
const EXPONENTS: Record<string, number> = {
  BHD: 3,
  IQD: 3,
  JOD: 3,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  TND: 3,
  BIF: 0,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  ISK: 0,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  PYG: 0,
  RWF: 0,
  UGX: 0,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
};

const KNOWN_CURRENCIES = new Set(Intl.supportedValuesOf('currency'));

/** Decimals of a currency's minor unit (EUR 2, JPY 0, KWD 3), or null for a code that is no currency. */
export function currencyExponent(currency: string): number | null {
  if (!KNOWN_CURRENCIES.has(currency)) return null;
  return EXPONENTS[currency] ?? 2;
}

/** Largest amount of one line or document, in minor units: sums over many thousands of them still fit 64 bits. */
export const MAX_MINOR = 100_000_000_000_000;

/** An exact decimal: `digits` x 10^-`scale`. */
export interface Decimal {
  digits: bigint;
  scale: number;
}

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;

/**
 * Reads a decimal exactly, from text ("19.99", "4.440892e-16") or from a number (its shortest text form).
 * Returns null for anything else, infinities and NaN included.
 */
export function parseDecimal(value: string | number): Decimal | null {
  const match = DECIMAL.exec(String(value));
  if (!match) return null;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  if (whole === '' && fraction === '') return null;
  const digits = BigInt(`${sign === '-' ? '-' : ''}${whole}${fraction}`);
  const scale = fraction.length - Number(exponent);
  return scale >= 0 ? { digits, scale } : { digits: digits * 10n ** BigInt(-scale), scale: 0 };
}

/** Adds exact decimals. */
export function addDecimals(values: readonly Decimal[]): Decimal {
  let scale = 0;
  for (const value of values) scale = Math.max(scale, value.scale);
  let digits = 0n;
  for (const value of values) digits += value.digits * 10n ** BigInt(scale - value.scale);
  return { digits, scale };
}

export function negateDecimal(value: Decimal): Decimal {
  return { digits: -value.digits, scale: value.scale };
}

/**
 * A decimal in whole minor units, halves rounded away from zero.
 * @example toMinor({ digits: 1995n, scale: 3 }, 2) // 200: 1.995 is 2.00
 */
export function toMinor(value: Decimal, exponent: number): number {
  const shift = value.scale - exponent;
  if (shift <= 0) return Number(value.digits * 10n ** BigInt(-shift));
  const unit = 10n ** BigInt(shift);
  const magnitude = value.digits < 0n ? -value.digits : value.digits;
  const rounded = (magnitude * 2n + unit) / (unit * 2n);
  return Number(value.digits < 0n ? -rounded : rounded);
}

const SHORT = /^-?(\d{1,9})(?:\.(\d{1,3}))?$/;

/** `toMinor(parseDecimal(value))` with a quick way for the plain amounts that nearly all records hold. */
export function amountToMinor(value: string | number, exponent: number): number | null {
  const textual = typeof value === 'number' ? String(value) : value;
  const match = SHORT.exec(textual);
  if (match) {
    const fraction = match[2] ?? '';
    if (fraction.length <= exponent) {
      const minor = Number(match[1] + fraction.padEnd(exponent, '0'));
      return textual.startsWith('-') && minor !== 0 ? -minor : minor;
    }
  }
  const decimal = parseDecimal(textual);
  return decimal === null ? null : toMinor(decimal, exponent);
}

/**
 * Splits a whole number over weights so that the parts sum to it exactly: each part is rounded down and the units
 * left over go one by one to the largest remainders, ties to the earlier part (Hamilton's method).
 * Weights are non-negative integers with a positive sum; the total may be negative.
 * @example splitByLargestRemainder(100n, [1n, 1n, 1n]) // [34n, 33n, 33n]
 * @throws RangeError when a weight is negative or all are zero.
 */
export function splitByLargestRemainder(total: bigint, weights: readonly bigint[]): bigint[] {
  const sum = weights.reduce((a, b) => a + b, 0n);
  if (sum <= 0n || weights.some((weight) => weight < 0n)) {
    throw new RangeError(`Weights [${weights.join(', ')}] must be zero or more and not all zero`);
  }
  const magnitude = total < 0n ? -total : total;
  const parts = weights.map((weight) => (magnitude * weight) / sum);
  const left = Number(magnitude - parts.reduce((a, b) => a + b, 0n));
  const byRemainder = weights
    .map((weight, index) => ({ index, remainder: (magnitude * weight) % sum }))
    .sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1));
  for (const { index } of byRemainder.slice(0, left)) parts[index]! += 1n;
  return total < 0n ? parts.map((part) => -part) : parts;
}

/** An amount for people: 1234567 EUR minor units are "12,345.67". */
export function formatMinor(minor: number | bigint, currency: string): string {
  const exponent = currencyExponent(currency) ?? 2;
  const negative = minor < 0;
  const digits = String(minor)
    .replace('-', '')
    .padStart(exponent + 1, '0');
  const whole = digits.slice(0, digits.length - exponent).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${negative ? '-' : ''}${whole}${exponent ? `.${digits.slice(-exponent)}` : ''}`;
}
