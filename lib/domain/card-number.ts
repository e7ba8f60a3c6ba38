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

/** Groups of digits with one blank or dash between, no part of a longer word or number, that may hold a card's. */
const DIGIT_GROUPS = /(?<![\p{L}\p{N}])(?<!\p{N}[ -])\d+(?:[ -]\d+)*(?![\p{L}\p{N}])/gu;
const GROUP = /\d+/g;
/** Digits of a card number, and those that the networks' numbers begin with. */
const [SHORTEST, LONGEST] = [13, 19];
const BEGINS_AS_CARD = /^[2-6]/;

/**
 * A text that is kept as it came, with what looks like a card number taken out, also where other digits stand next to
 * it ("4111 1111 1111 1111 12/27").
 */
export function withoutCardNumbers(text: string): string {
  return text.length < SHORTEST ? text : text.replace(DIGIT_GROUPS, withoutCardIn);
}

function withoutCardIn(run: string): string {
  if (run.length < SHORTEST) return run;
  const groups = Array.from(run.matchAll(GROUP), ({ 0: digits, index }) => ({ digits, from: index }));
  let clean = '';
  let done = 0;
  for (let first = 0; first < groups.length; first++) {
    if (!BEGINS_AS_CARD.test(groups[first]!.digits)) continue;
    const last = lastOfCard(groups, first);
    if (last === null) continue;
    clean += run.slice(done, groups[first]!.from) + CARD_NUMBER_REMOVED;
    done = groups[last]!.from + groups[last]!.digits.length;
    first = last;
  }
  return clean + run.slice(done);
}

/** The last of the groups that make a card number from the first on, the longest that there is. */
function lastOfCard(groups: readonly { digits: string }[], first: number): number | null {
  let digits = '';
  let found: number | null = null;
  for (let last = first; last < groups.length; last++) {
    if (digits.length + groups[last]!.digits.length > LONGEST) break;
    digits += groups[last]!.digits;
    if (digits.length >= SHORTEST && passesLuhn(digits)) found = last;
  }
  return found;
}
