import { describe, expect, test } from 'vitest';
import { createRandom } from '../../../lib/demo/random.ts';
import {
  COUNT_ERROR_SOURCES,
  customerValue,
  ERROR_SOURCES,
  expectedCount,
  valueInterval,
} from '../../../lib/domain/customers/customer-value.ts';
import { expectationsOf } from '../../../lib/domain/customers/prospects.ts';
import {
  type AmountFit,
  fitAmounts,
  type PurchaseAmounts,
} from '../../../lib/domain/customers/purchase-amounts.ts';
import {
  fitPurchases,
  type PurchaseFit,
  type PurchaseProcess,
} from '../../../lib/domain/customers/purchase-process.ts';
import { simulateCustomers } from './simulated-customers.ts';

const TRUTH: PurchaseProcess = { leaving: 'mbg', r: 0.6, alpha: 40, a: 0.7, b: 3 };
const AMOUNTS: PurchaseAmounts = { p: 3, q: 6, gamma: 5000 };

/** Customers with what they left so far and in the year after, as cents. */
function simulateShop(persons: number, seed: string) {
  const random = createRandom(seed, 'amounts');
  return simulateCustomers(TRUTH, { persons, span: 500, horizon: 365, seed }).map((person) => {
    const rate = random.gamma(AMOUNTS.q) / AMOUNTS.gamma;
    const days = person.repeats + 1;
    return {
      ...person,
      days,
      amount: random.gamma(AMOUNTS.p * days) / rate,
      laterAmount: person.later === 0 ? 0 : random.gamma(AMOUNTS.p * person.later) / rate,
    };
  });
}

function fitShop(people: ReturnType<typeof simulateShop>): { process: PurchaseFit; amounts: AmountFit } {
  const again = people.filter(({ repeats }) => repeats > 0);
  return {
    process: fitPurchases(
      {
        repeats: Int32Array.from(people, ({ repeats }) => repeats),
        recency: Float64Array.from(people, ({ recency }) => recency),
        observed: Float64Array.from(people, ({ observed }) => observed),
        persons: Float64Array.from(people, () => 1),
      },
      { leaving: 'mbg' },
    ),
    amounts: fitAmounts({
      purchases: again.map(({ days }) => days),
      amounts: again.map(({ amount }) => amount),
    }),
  };
}

const Z90 = 1.6448536269514722;

/** What is expected of a group, and within which bounds, with no discount. */
function groupValue(
  people: ReturnType<typeof simulateShop>,
  { process, amounts }: ReturnType<typeof fitShop>,
) {
  const expected = expectationsOf(process, { time: 365, discount: 0 });
  let [value, variance] = [0, 0];
  const errors = new Array<number>(ERROR_SOURCES).fill(0);
  for (const { repeats, recency, observed, days, amount } of people) {
    const one = customerValue(expected(repeats, recency, observed), amounts, days, amount);
    value += one.value;
    variance += one.variance;
    for (const [source, error] of one.errors.entries()) errors[source]! += error;
  }
  return { value, ...valueInterval(value, variance, errors, Z90)! };
}

/** How many purchases are expected of a group, and within which bounds. */
function groupCount(people: ReturnType<typeof simulateShop>, process: PurchaseFit) {
  const expected = expectationsOf(process, { time: 365, discount: Math.log1p(0.1) / 365 });
  let [purchases, variance] = [0, 0];
  const errors = new Array<number>(COUNT_ERROR_SOURCES).fill(0);
  for (const { repeats, recency, observed } of people) {
    const one = expectedCount(expected(repeats, recency, observed));
    purchases += one.count;
    variance += one.variance;
    for (const [source, error] of one.errors.entries()) errors[source]! += error;
  }
  return valueInterval(purchases, variance, errors, Z90)!;
}

describe('the value of a customer', () => {
  test('groups bring what was expected of them as often as the interval says, small ones and lopsided ones too', () => {
    const groups: Record<string, (person: ReturnType<typeof simulateShop>[number], at: number) => boolean> = {
      all: () => true,
      'few of all kinds': (_, at) => at % 25 === 0,
      'bought once': ({ repeats }) => repeats === 0,
      'bought often': ({ repeats }) => repeats >= 6,
    };
    const held = Object.fromEntries(
      Object.keys(groups).flatMap((name) => [
        [name, 0],
        [`purchases, ${name}`, 0],
      ]),
    );
    const worlds = 60;
    for (let world = 0; world < worlds; world++) {
      const people = simulateShop(1000, `world ${world}`);
      const fits = fitShop(people);
      for (const [name, belongs] of Object.entries(groups)) {
        const members = people.filter(belongs);
        const came = members.reduce((sum, { laterAmount }) => sum + laterAmount, 0);
        const { low, high } = groupValue(members, fits);
        if (low <= came && came <= high) held[name]! += 1;
        const bought = members.reduce((sum, { later }) => sum + later, 0);
        const count = groupCount(members, fits.process);
        if (count.low <= bought && bought <= count.high) held[`purchases, ${name}`]! += 1;
      }
    }
    // Of 60 intervals of 90%, 46 or more hold their figure with a chance of 99.9%.
    for (const [name, times] of Object.entries(held)) {
      expect(times, name).toBeGreaterThanOrEqual(46);
    }
    expect(Math.min(...Object.values(held))).toBeLessThan(60);
  });

  test('a later margin is worth less, a part of purchases brings its part, and a miss of the test widens', () => {
    const people = simulateShop(2000, 'discount');
    const { process, amounts } = fitShop(people);
    const [now, later] = [0, Math.log1p(0.25) / 365].map((discount) =>
      expectationsOf(process, { time: 365, discount })(3, 200, 300),
    ) as [ReturnType<ReturnType<typeof expectationsOf>>, ReturnType<ReturnType<typeof expectationsOf>>];
    const plain = customerValue(now, amounts, 4, 4000);
    const discounted = customerValue(later, amounts, 4, 4000);
    expect(discounted.value).toBeLessThan(plain.value);
    expect(discounted.value).toBeGreaterThan(plain.value / 1.25);
    expect(customerValue(now, amounts, 4, 4000, 0, 0.25).value).toBeCloseTo(plain.value / 4, 8);
    const missed = customerValue(now, amounts, 4, 4000, Math.log(0.8));
    const widths = [plain, missed].map(({ value, variance, errors }) => {
      const { low, high } = valueInterval(value, variance, [...errors], Z90)!;
      expect(low).toBeGreaterThan(0);
      return high - low;
    });
    expect(widths[1]).toBeGreaterThan(widths[0]!);
  });

  test('nothing expected has no interval', () => {
    expect(valueInterval(0, 0, [], Z90)).toBeNull();
  });
});
