import {
  type ChurnThreshold,
  churnThreshold,
  type Decile,
  decilesOf,
  type Judged,
} from '../../domain/customers/calibration.ts';
import { expectationsOf } from '../../domain/customers/prospects.ts';
import { type AmountFit, fitAmounts } from '../../domain/customers/purchase-amounts.ts';
import { groupHistories } from '../../domain/customers/purchase-histories.ts';
import { fitPurchases, type PurchaseFit } from '../../domain/customers/purchase-process.ts';
import { type CustomerRows, type CustomerSettings, type Histories, pick } from './customer-rows.ts';

/** A fit of the purchase process with what it was made from, or why there is none. */
export interface ProcessFit {
  fit: PurchaseFit | null;
  withheld: string | null;
  persons: number;
  distinct: number;
}

/** Margins of one currency: what is known of the cost of goods, and the fit of margin per day with a purchase. */
export interface MarginFit {
  currency: string;
  /** Margin by revenue where cost is known; null where it is of nothing. */
  rate: number | null;
  /** Part of the revenue whose cost is known. */
  costedShare: number | null;
  fit: AmountFit | null;
  persons: number;
  withheld: string | null;
}

export interface Holdout {
  days: number;
  process: ProcessFit;
  deciles: Decile[];
  threshold: ChurnThreshold | null;
  /** Purchases that came, by those expected; null where none were of either. */
  ratio: number | null;
}

export interface CustomerFits {
  process: ProcessFit;
  margins: ReadonlyMap<string, MarginFit>;
  holdout: Holdout;
}

export function fitCustomers(rows: CustomerRows, settings: CustomerSettings): CustomerFits {
  const people = rowsWhere(rows, (row) => rows.place[row] === 1);
  const process = fitProcess(pick(rows.whole, people), rows.historyDays, settings);
  const early = people.filter((row) => rows.early.observed[row]! >= 0);
  return {
    process,
    margins: new Map(
      [...new Set(rows.currencies)]
        .sort()
        .map((currency) => [currency, fitMargins(rows, currency, settings)] as const),
    ),
    holdout: judge(rows, early, settings),
  };
}

function fitProcess(histories: Histories, days: number, settings: CustomerSettings): ProcessFit {
  const persons = histories.repeats.length;
  const again = histories.repeats.reduce((sum, repeats) => sum + (repeats > 0 ? 1 : 0), 0);
  const none = (withheld: string): ProcessFit => ({ fit: null, withheld, persons, distinct: 0 });
  if (days < settings.minHistoryDays)
    return none(`Purchases cover ${days} days; it takes ${settings.minHistoryDays}`);
  if (again < Math.max(1, settings.minRepeatPersons))
    return none(`${again} people bought on a second day; it takes ${settings.minRepeatPersons}`);
  const grouped = groupHistories(histories.repeats, histories.recency, histories.observed).histories;
  const fit = fitPurchases(grouped, { leaving: 'mbg' });
  const distinct = grouped.persons.length;
  return fit.minimum.converged
    ? { fit, withheld: null, persons, distinct }
    : { fit: null, withheld: 'The fit of the purchase process did not converge', persons, distinct };
}

/**
 * Margin per day with a purchase, fitted on persons with two such days or more who left a margin above zero. Where the
 * cost of part of the goods is not known, that part takes the rate of the rest.
 */
function fitMargins(rows: CustomerRows, currency: string, settings: CustomerSettings): MarginFit {
  const own = rowsWhere(rows, (row) => rows.currencies[row] === currency);
  const sum = (values: Float64Array) => own.reduce((total, row) => total + values[row]!, 0);
  const costed = sum(rows.costed);
  const revenue = sum(rows.revenue);
  const known = {
    currency,
    rate: costed > 0 ? (costed - sum(rows.goodsCost)) / costed : null,
    costedShare: revenue > 0 ? costed / revenue : null,
  };
  const none = (withheld: string, persons = 0): MarginFit => ({ ...known, fit: null, persons, withheld });
  if (known.rate === null) return none('The cost of no goods is known: import products with their unit_cost');
  const fitted = own.filter((row) => rows.currencyDays[row]! > 1 && marginOf(rows, row, known.rate)! > 0);
  if (fitted.length < Math.max(1, settings.minRepeatPersons))
    return none(
      `${fitted.length} people left a margin on two days or more; it takes ${settings.minRepeatPersons}`,
    );
  const fit = fitAmounts({
    purchases: fitted.map((row) => rows.currencyDays[row]!),
    amounts: Float64Array.from(fitted, (row) => marginOf(rows, row, known.rate)!),
  });
  return fit.minimum.converged
    ? { ...known, fit, persons: fitted.length, withheld: null }
    : none('The fit of margins did not converge', fitted.length);
}

/** Revenue net of returns less cost of goods, whole minor units. */
export const marginOf = (
  { revenue, costed, goodsCost }: CustomerRows,
  row: number,
  rate: number | null,
): number | null =>
  rate === null ? null : Math.round(costed[row]! - goodsCost[row]! + (revenue[row]! - costed[row]!) * rate);

/** The estimate made on the first part of the time, against what came in the rest. */
function judge(rows: CustomerRows, early: Int32Array, settings: CustomerSettings): Holdout {
  const histories = pick(rows.early, early);
  const days = rows.holdoutDays;
  const process = fitProcess(histories, rows.historyDays, settings);
  if (process.fit === null) return { days, process, deciles: [], threshold: null, ratio: null };
  // How sure it is of them is not asked here, and costs most of the time.
  const expected = expectationsOf({ ...process.fit, spread: null }, { time: days, discount: 0 });
  const numbers = () => new Float64Array(early.length);
  const judged: Judged = {
    predicted: numbers(),
    pastRate: numbers(),
    chance: numbers(),
    pastChance: numbers(),
    actual: early.map((row) => rows.lateDays[row]!),
  };
  const alive = numbers();
  for (const at of early.keys()) {
    const [repeats, observed] = [histories.repeats[at]!, histories.observed[at]!];
    const person = expected(repeats, histories.recency[at]!, observed);
    const past = observed > 0 ? (repeats / observed) * days : 0;
    alive[at] = person.alive;
    judged.predicted[at] = person.alive * person.prospect.purchases;
    judged.chance[at] = person.alive * person.prospect.any;
    judged.pastRate[at] = past;
    judged.pastChance[at] = -Math.expm1(-past);
  }
  const came = judged.actual.reduce((sum, purchases) => sum + purchases, 0);
  const foreseen = judged.predicted.reduce((sum, purchases) => sum + purchases, 0);
  return {
    days,
    process,
    deciles: decilesOf(judged),
    threshold: churnThreshold(alive, judged.actual),
    ratio: came > 0 && foreseen > 0 ? came / foreseen : null,
  };
}

function rowsWhere(rows: CustomerRows, holds: (row: number) => boolean): Int32Array {
  const found = new Int32Array(rows.persons.length);
  let count = 0;
  for (let row = 0; row < found.length; row++) if (holds(row)) found[count++] = row;
  return found.slice(0, count);
}
