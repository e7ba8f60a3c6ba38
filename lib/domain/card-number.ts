/**
 * Card numbers (PAN) that come where a payment provider's token belongs. They are refused, and nothing that is kept
 * of the refused record holds them: PCI DSS forbids to store them in clear, and a hash of one can be guessed.
 */

/** What stands where a card number was taken out. */
export const CARD_NUMBER_REMOVED = '[card number removed]';

/** A card number alone or as a reader gives it: blanks or dashes between, "%B" or ";" before, track data after. */
const CARD_TEXT = /^[%;]?B?(\d(?:[ .-]?\d){12,18})(?:[=^?].*)?$/s;

/**
 * Whether a value looks like a card number: 13 to 19 digits that pass the Luhn check (ISO/IEC 7812-1, annex B).
 * @example isCardNumber('4111 1111 1111 1111') // true
 * @example isCardNumber('tok_1NqJ2eLkdIwHu7ix') // false
 */
export function isCardNumber(value: string): boolean {
  const digits = CARD_TEXT.exec(value.normalize('NFKC').trim())?.[1]?.replace(/\D/g, '');
  return digits !== undefined && passesLuhn(digits);
}

function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let place = 0; place < digits.length; place++) {
    const digit = Number(digits[digits.length - 1 - place]);
    const doubled = place % 2 === 0 ? digit : digit * 2;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0 && /[1-9]/.test(digits);
}

/** Digits of a card's length that begin as the card networks' numbers do, no part of a longer word or number. */
const CARD_IN_TEXT = /(?<![\p{L}\p{N}])[2-6]\d(?:[ -]?\d){11,17}(?![\p{L}\p{N}])/gu;

/** A text that is kept as it came, with what looks like a card number taken out. */
export function withoutCardNumbers(text: string): string {
  return text.replace(CARD_IN_TEXT, (found) => (isCardNumber(found) ? CARD_NUMBER_REMOVED : found));
}

/**
 * What may be kept of a record that was set aside, and of the text it came as. A record whose payment token is a card
 * number is kept without it, and in the words of its contract alone: its own text may spell the number in many ways.
 */
export function keptAside(value: unknown, original: string): { record: string | null; original: string } {
  if (value === undefined || value === null) return { record: null, original: withoutCardNumbers(original) };
  const token = (value as { payment_token?: unknown }).payment_token;
  if (!holdsCardNumber(token)) return { record: JSON.stringify(value), original };
  const record = JSON.stringify({ ...value, payment_token: CARD_NUMBER_REMOVED });
  return { record, original: record };
}

/** Whether anything in a value is a card number. Long numbers lose digits when they are read: each may have been one. */
function holdsCardNumber(value: unknown): boolean {
  if (typeof value === 'string') return isCardNumber(value);
  if (typeof value === 'number') return Math.abs(value) >= 1e12;
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsCardNumber);
}
