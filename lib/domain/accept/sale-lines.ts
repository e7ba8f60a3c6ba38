import type { Line } from '../contract/index.ts';
import {
  addDecimals,
  type Decimal,
  MAX_MINOR,
  negateDecimal,
  parseDecimal,
  splitByLargestRemainder,
  toMinor,
} from '../money.ts';
import { Refusal } from './outcome.ts';

/** Lines of a document of sale: what each is, whether its signs can be, and its amounts in minor units. */

export interface TypedLine {
  line: Line;
  kind: NonNullable<Line['line_kind']>;
  quantity: number;
  amount: Decimal;
  tax: Decimal;
}

/** Pieces or weight of a line. A larger number is a barcode in the wrong column. */
const MAX_QUANTITY = 1_000_000_000;

const ZERO: Decimal = { digits: 0n, scale: 0 };

function decimalOf(field: string, value: string | number): Decimal {
  const decimal = parseDecimal(value);
  if (decimal === null) throw new Refusal('bad_amount', `${field} "${value}" is not a number`);
  return decimal;
}

/** Decides what a line is and checks that its signs can be; amounts come out signed and without their tax. */
export function typedLine(line: Line, index: number, isRefund: boolean, taxIncluded: boolean): TypedLine {
  const name = `line ${line.line_no ?? index + 1}`;
  let amount = decimalOf(`${name} amount`, line.amount);
  let tax = line.tax == null ? ZERO : decimalOf(`${name} tax`, line.tax);
  if (taxIncluded && toMinor(tax, 6) !== 0 && Math.abs(toMinor(tax, 6)) > Math.abs(toMinor(amount, 6))) {
    throw new Refusal('bad_amount', `${name} has tax ${line.tax}, more than its amount ${line.amount}`);
  }
  const given = line.quantity == null ? null : Number(line.quantity);
  if (given !== null && Math.abs(given) > MAX_QUANTITY)
    throw new Refusal(
      'amount_too_large',
      `${name} has quantity ${line.quantity}; the limit is ${MAX_QUANTITY}`,
    );
  const kind = line.line_kind ?? (isRefund || (amount.digits < 0n && (given ?? -1) < 0) ? 'return' : 'sale');
  if (isRefund) {
    if (amount.digits < 0n)
      throw new Refusal(
        'negative_amount',
        `${name} of a refund has amount ${line.amount}; refunds are positive`,
      );
    amount = negateDecimal(amount);
    tax = negateDecimal(tax);
  } else if (kind === 'return' || kind === 'discount') {
    if (amount.digits > 0n)
      throw new Refusal(
        'negative_amount',
        `${name} is a ${kind} with amount ${line.amount}; it must be zero or less`,
      );
  } else if (kind === 'sale' && amount.digits < 0n) {
    throw new Refusal(
      'negative_amount',
      `${name} is a sale with amount ${line.amount}; it must be zero or more`,
    );
  }
  const quantity = given === null ? (kind === 'return' ? -1 : 1) : isRefund ? -Math.abs(given) : given;
  if (kind === 'sale' && quantity < 0)
    throw new Refusal('negative_amount', `${name} is a sale with quantity ${line.quantity}`);
  if (kind === 'return' && quantity > 0)
    throw new Refusal('negative_amount', `${name} is a return with quantity ${line.quantity}`);
  if (quantity === 0 && kind === 'sale' && toMinor(amount, 3) !== 0) {
    throw new Refusal('zero_quantity', `${name} has quantity 0 and amount ${line.amount}`);
  }
  return {
    line,
    kind,
    quantity,
    tax,
    amount: taxIncluded ? addDecimals([amount, negateDecimal(tax)]) : amount,
  };
}

/**
 * Lines in minor units. Where a total is given, lines finer than the minor unit are rounded so that they still sum
 * to it, and lines that do not are refused.
 */
export function amountsInMinor(
  lines: readonly TypedLine[],
  total: string | number | null | undefined,
  exponent: number,
  isRefund: boolean,
  name: string,
): { amount_minor: number; tax_minor: number }[] {
  const parts = lines.flatMap(({ amount, tax }) => [amount, tax]);
  let minors = parts.map((part) => toMinor(part, exponent));
  if (total != null && parts.length > 0) {
    const given = decimalOf('total', total);
    const stated = toMinor(isRefund ? negateDecimal(given) : given, exponent);
    const exact = addDecimals(parts);
    if (toMinor(exact, exponent) !== stated) {
      throw new Refusal(
        'total_mismatch',
        `${name} has total ${total} but its lines come to ${decimalText(exact)}`,
      );
    }
    if (sum(minors) !== stated) minors = roundedTogether(parts, stated, exponent);
  }
  const largest = Math.max(0, ...minors.map(Math.abs), Math.abs(sum(minors)));
  if (largest > MAX_MINOR)
    throw new Refusal('amount_too_large', `${name} holds ${largest} minor units; the limit is ${MAX_MINOR}`);
  return lines.map((_, index) => ({ amount_minor: minors[2 * index]!, tax_minor: minors[2 * index + 1]! }));
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

/** Rounds each part down and hands the missing units to the largest remainders. */
function roundedTogether(parts: readonly Decimal[], stated: number, exponent: number): number[] {
  const scale = Math.max(exponent, ...parts.map((part) => part.scale));
  const unit = 10n ** BigInt(scale - exponent);
  const exact = parts.map((part) => part.digits * 10n ** BigInt(scale - part.scale));
  const floors = exact.map((value) => (value >= 0n ? value / unit : -((-value + unit - 1n) / unit)));
  const remainders = exact.map((value, index) => value - floors[index]! * unit);
  const missing = BigInt(stated) - floors.reduce((a, b) => a + b, 0n);
  const shares = remainders.some((r) => r > 0n) ? splitByLargestRemainder(missing, remainders) : remainders;
  return floors.map((floor, index) => Number(floor + shares[index]!));
}

function decimalText({ digits, scale }: Decimal): string {
  const negative = digits < 0n ? '-' : '';
  const text = String(digits)
    .replace('-', '')
    .padStart(scale + 1, '0');
  return scale === 0 ? negative + text : `${negative}${text.slice(0, -scale)}.${text.slice(-scale)}`;
}
