import { type Decimal, parseDecimal } from '../domain/money.ts';

const MAX_CHARACTERS = 60;

/** The decimal that a text says, exactly; null for what is no number, and for more digits than a contract takes. */
export function decimalOf(text: string | undefined): Decimal | null {
  return text === undefined || text.length > MAX_CHARACTERS ? null : parseDecimal(text);
}

/**
 * A decimal as plain text, every digit kept.
 * @example decimalText({ digits: -1530n, scale: 2 }) // '-15.30'
 */
export function decimalText({ digits, scale }: Decimal): string {
  const magnitude = String(digits < 0n ? -digits : digits).padStart(scale + 1, '0');
  const split = magnitude.length - scale;
  const text = scale === 0 ? magnitude : `${magnitude.slice(0, split)}.${magnitude.slice(split)}`;
  return digits < 0n ? `-${text}` : text;
}

const SHORT = /^(-?)(\d{1,7})(?:\.(\d{1,4}))?$/;

/**
 * The exact product of two decimals given as text, or null when one is no number.
 * @example multiplyExactly('-12', '0.85') // '-10.20'
 */
export function multiplyExactly(a: string, b: string): string | null {
  const [shortA, shortB] = [SHORT.exec(a), SHORT.exec(b)];
  if (shortA && shortB) {
    const scale = (shortA[3]?.length ?? 0) + (shortB[3]?.length ?? 0);
    const product = Number(shortA[2] + (shortA[3] ?? '')) * Number(shortB[2] + (shortB[3] ?? ''));
    if (product <= Number.MAX_SAFE_INTEGER) {
      const magnitude = String(product).padStart(scale + 1, '0');
      const split = magnitude.length - scale;
      const negative = product !== 0 && shortA[1] !== shortB[1];
      return `${negative ? '-' : ''}${magnitude.slice(0, split)}${scale ? `.${magnitude.slice(split)}` : ''}`;
    }
  }
  const [left, right] = [decimalOf(a), decimalOf(b)];
  if (left === null || right === null) return null;
  return decimalText({ digits: left.digits * right.digits, scale: left.scale + right.scale });
}
