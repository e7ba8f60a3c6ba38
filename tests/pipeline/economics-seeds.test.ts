import { expect, test } from 'vitest';
import { costRateProblem, rateMillionths } from '../../lib/domain/economics/cost-rate.ts';
import { targetProblem } from '../../lib/domain/targets/target-row.ts';
import { temporaryShop } from '../temporary-shop.ts';
import { costRates } from './cost-rates.ts';

const PARCEL = { what: 'per_order', stage: 'variable', amount: '5.90', currency: 'EUR' };

test.each([
  [{}, null],
  [{ conversion_kind: 'receipt', channel: 'Email' }, null],
  [{ what: 'per_parcel' }, 'what "per_parcel" must be one of'],
  [{ stage: 'media' }, 'stage "media" must be one of'],
  [{ conversion_kind: 'shop' }, 'conversion_kind "shop"'],
  [{ amount: '' }, 'amount is missing'],
  [{ amount: '-1' }, 'amount "-1" must be zero or more'],
  [{ amount: '100000000' }, 'more than a billion'],
  [{ currency: '' }, 'currency "" is no ISO 4217 code'],
  [{ currency: 'EURO' }, 'currency "EURO"'],
  [{ what: 'share_of_revenue', amount: '1.2', currency: '' }, 'amount "1.2" must be a share'],
  [{ what: 'share_of_revenue', amount: '0.2' }, 'currency "EUR" must be empty'],
  [{ category: 'toys' }, 'category "toys" must be empty'],
  [{ stage: 'cost_of_goods' }, 'what "per_order" must be share_of_revenue'],
  [
    { stage: 'cost_of_goods', what: 'share_of_revenue', amount: '0.4', currency: '', channel: 'Email' },
    'must be empty',
  ],
  [{ stage: 'fixed' }, 'what "per_order" does not go with stage fixed'],
  [{ what: 'per_month' }, 'what "per_month" does not go with stage variable'],
  [{ what: 'per_month', stage: 'fixed' }, 'channel is missing'],
])('a rate with %j: %s', (changes, problem) => {
  const found = costRateProblem({ ...PARCEL, ...changes });
  if (problem === null) expect(found).toBeNull();
  else expect(found).toContain(problem);
});

test('a rate is kept exactly, finer than a minor unit too', () => {
  expect(rateMillionths('per_order', '0.0035', 'EUR')).toBe(350_000);
  expect(rateMillionths('per_order', 12.5, 'JPY')).toBe(12_500_000);
  expect(rateMillionths('per_order', '1.234', 'KWD')).toBe(1_234_000_000);
  expect(rateMillionths('share_of_revenue', '0.0137', '')).toBe(13_700);
});

const SOLD = { quarter: '2025-Q3', kpi: 'purchases', measure: 'sold', value: '1000', currency: 'EUR' };

test.each([
  [{}, null],
  [{ store_id: 's1' }, null],
  [{ quarter: '2025-5' }, 'quarter "2025-5" must be like 2025-Q3'],
  [{ measure: 'average_order_value' }, 'must be one of'],
  [{ value: '0' }, 'value "0" must be a number above zero'],
  [{ currency: '' }, 'currency "" is no ISO 4217 code'],
  [{ measure: 'purchases' }, 'currency "EUR" must be empty'],
  [{ kpi: 'attribution', measure: 'revenue' }, 'model is missing'],
  [{ model: 'linear' }, 'model "linear" must be empty'],
  [{ channel: 'Email' }, 'channel "Email" must be empty'],
])('a target with %j: %s', (changes, problem) => {
  const found = targetProblem({ ...SOLD, ...changes });
  if (problem === null) expect(found).toBeNull();
  else expect(found).toContain(problem);
});

test('a build names file and line of a rate that cannot be, and what was published stays', async () => {
  const shop = await temporaryShop();
  try {
    await shop.shop.build();
    costRates(shop, 'parcel,per_order,variable,,,,5.9,EUR', 'odd,per_order,variable,,,,5.9,');
    await expect(shop.shop.build()).rejects.toThrow(
      /cost_rates\.csv, line 3: currency "" is no ISO 4217 code/,
    );
    expect(await shop.ask('SELECT count(*) AS n FROM cost_rates')).toEqual([{ n: 0 }]);
  } finally {
    shop.remove();
  }
});
