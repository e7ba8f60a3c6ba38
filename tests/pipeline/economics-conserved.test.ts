import fc from 'fast-check';
import { expect, test } from 'vitest';
import { temporaryShop } from '../temporary-shop.ts';
import { costRates } from './cost-rates.ts';
import { seed } from './seed-file.ts';

/** Shops of every kind at once: odd amounts, long and empty paths, returns in parts, two currencies, crooked rates. */
const purchase = fc.record({
  channels: fc.array(fc.constantFrom('Email', 'Paid Search', 'Display', 'SMS', 'Affiliates'), {
    maxLength: 7,
  }),
  cents: fc.integer({ min: 1, max: 9_999 }),
  pieces: fc.integer({ min: 1, max: 3 }),
  sku: fc.constantFrom('a', 'b', 'c'),
  currency: fc.constantFrom('EUR', 'EUR', 'JPY'),
  day: fc.integer({ min: 0, max: 20 }),
  isKnown: fc.boolean(),
  givenBack: fc.option(fc.integer({ min: 1, max: 9_999 })),
});

const COSTS = [
  'goods_minor',
  'variable_minor',
  'downstream_minor',
  'spend_minor',
  'fixed_minor',
  'revenue_minor',
];

test('every cost comes to the same total for every model, and no part is more than a unit off', async () => {
  const [purchases = []] = fc.sample(fc.array(purchase, { minLength: 160, maxLength: 160 }), {
    numRuns: 1,
    seed: 11,
  });
  const shop = await temporaryShop();
  const at = (day: number, hour: number) => new Date(Date.UTC(2025, 0, 10 + day, hour)).toISOString();
  const amount = (minor: number, currency: string) =>
    currency === 'JPY' ? String(minor) : (minor / 100).toFixed(2);
  try {
    seed(shop, 'settings', 'interval_replicates,0,replicates,none');
    costRates(
      shop,
      'payment,share_of_revenue,variable,,,,0.0137,',
      'parcel,per_order,variable,order,,,1.237,EUR',
      'parcel_jpy,per_order,variable,,,,333.3,JPY',
      'lines,per_line,variable,,,,0.011,EUR',
      'handling,per_return,downstream,,,,2.719,EUR',
      'markdown,share_of_returns,downstream,,,,0.333333,',
      'rest,share_of_revenue,cost_of_goods,,,,0.4321,',
      'agency,per_month,fixed,,Email,,100,EUR',
    );
    await shop.give({
      products: [
        { sku: 'a', unit_cost: '3.33', currency: 'EUR' },
        { sku: 'b', unit_cost: '41', currency: 'JPY' },
      ],
      touches: purchases.flatMap(({ channels, day }, person) =>
        channels.map((channel, step) => ({
          touch_id: `${person}-${step}`,
          occurred_at: at(day, step),
          touch_type: 'click',
          channel,
          customer_id: `c${person}`,
        })),
      ),
      orders: purchases.map(({ cents, pieces, sku, currency, day, isKnown }, person) => ({
        order_id: `o${person}`,
        occurred_at: at(day, 12),
        currency,
        ...(isKnown ? { customer_id: `c${person}` } : {}),
        lines: [
          { sku, quantity: pieces, amount: amount(cents, currency) },
          { sku: 'c', quantity: 1, amount: amount(7, currency) },
        ],
      })),
      refunds: purchases.flatMap(({ givenBack, currency, day }, person) =>
        givenBack === null
          ? []
          : [1, 2].map((part) => ({
              refund_id: `${person}-${part}`,
              order_id: `o${person}`,
              occurred_at: at(day + part, 12),
              currency,
              amount: amount(Math.ceil(givenBack / part), currency),
            })),
      ),
      spend: [
        { date: '2025-01-12', channel: 'Email', cost: '10.01', currency: 'EUR' },
        { date: '2025-01-13', channel: 'SMS', cost: '77', currency: 'JPY' },
      ],
    });
    await shop.shop.build();
    const sums = COSTS.map((cost) => `sum(${cost}) AS ${cost}`).join(', ');
    const totals = await shop.ask(
      `SELECT model, currency, ${sums} FROM economics_daily GROUP BY ALL ORDER BY currency, model`,
    );
    const models = new Set(totals.map(({ model }) => model));
    expect(models.size).toBeGreaterThan(5);
    for (const currency of ['EUR', 'JPY']) {
      const alike = totals
        .filter((row) => row.currency === currency)
        .map(({ model: _, ...rest }) => JSON.stringify(rest, text));
      expect(alike).toHaveLength(models.size);
      expect(new Set(alike).size).toBe(1);
    }
    // Worked out from the bookings alone, each day's total rounded once.
    const [wrong] = await shop.ask(
      `WITH booked AS (
         SELECT day, persona, currency,
           sum(goods_minor) AS goods,
           sum(sold_minor) * 0.0137
             + sum(CASE WHEN booking_kind <> 'sale' THEN 0 WHEN currency = 'EUR' THEN 123.7 + 1.1 * order_lines ELSE 333.3 END) AS variable_cost,
           sum(-returned_minor) * 0.333333 + sum(CASE WHEN booking_kind = 'return' AND currency = 'EUR' THEN 271.9 ELSE 0 END) AS downstream
         FROM cost_bookings GROUP BY ALL),
       kept AS (
         SELECT day, persona, currency, sum(goods_minor) AS goods, sum(variable_minor) AS variable_cost, sum(downstream_minor) AS downstream
         FROM economics_daily WHERE model = 'linear' GROUP BY ALL)
       SELECT
         count(*) AS days,
         count_if(b.goods <> coalesce(k.goods, 0)) AS goods,
         count_if(abs(b.variable_cost - coalesce(k.variable_cost, 0)) > 0.501) AS variable_cost,
         count_if(abs(b.downstream - coalesce(k.downstream, 0)) > 0.501) AS downstream
       FROM booked b LEFT JOIN kept k USING (day, persona, currency)`,
    );
    expect(Number(wrong!.days)).toBeGreaterThan(60);
    expect([wrong!.goods, wrong!.variable_cost, wrong!.downstream].map(Number)).toEqual([0, 0, 0]);
    // And the revenue of each channel is the one that is reported.
    const strays = await shop.ask(
      `SELECT * FROM (SELECT model, channel, currency, sum(revenue_minor) AS kept FROM economics_daily WHERE channel <> '(unattributed)' GROUP BY ALL) e
       FULL JOIN (SELECT model, channel, currency, sum(revenue_minor) AS reported FROM channel_daily GROUP BY ALL) d USING (model, channel, currency)
       WHERE coalesce(kept, 0) <> coalesce(reported, 0)`,
    );
    expect(strays).toEqual([]);
  } finally {
    shop.remove();
  }
});

const text = (_: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value);
