import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';
import { seed, withoutSeeds } from './seed-file.ts';

/** A row in a seed file of the shop's own changes what comes out, and nobody edits SQL for it. */
let shop: TemporaryShop;

const touch = (touch_id: string, day: string, utm_medium: string) => ({
  touch_id,
  occurred_at: `2025-02-${day}T10:00:00Z`,
  touch_type: 'click',
  utm_source: 'partner',
  utm_medium,
  customer_id: 'c1',
});
const order = (order_id: string, day: string, amount: string) => ({
  order_id,
  occurred_at: `2025-02-${day}T20:00:00Z`,
  currency: 'EUR',
  customer_id: 'c1',
  lines: [{ amount }],
});

beforeAll(async () => {
  shop = await temporaryShop();
  await shop.give({
    touches: [
      touch('t1', '01', 'email'),
      touch('t2', '02', 'sms'),
      touch('t3', '03', 'affiliate'),
      touch('t4', '04', 'audio'),
      touch('t5', '06', 'email'),
      touch('t6', '07', 'referral'),
    ],
    orders: [order('o1', '05', '100.01'), order('o2', '08', '50.00'), order('o3', '09', '7.00')],
  });
});
afterAll(() => shop.remove());
afterEach(() => withoutSeeds(shop));

const kinds = (row: string) => seed(shop, 'conversion_kinds', row);
const paths = () =>
  shop.ask('SELECT conversion_id, channel_path FROM paths_to_conversion ORDER BY converted_at');
const pathOf = (conversion_id: string, ...channels: string[]) => ({
  conversion_id,
  channel_path: channels.join(' > '),
});

describe("a shop's own settings", () => {
  test('a new rule model is a row: it gets credit, reconciles and answers by name', async () => {
    seed(shop, 'attribution_models', 'my_model,ends,50,30,20,,false,true,"half first, a fifth last"');
    const { tables } = await shop.shop.build();
    expect(tables.find(({ name }) => name === 'seed_attribution_models')?.rows).toBe(14);
    expect(
      await shop.ask(
        `SELECT position, channel, revenue_minor FROM credits
         WHERE model = 'my_model' AND conversion_id = 'order/o1' ORDER BY position`,
      ),
    ).toEqual([
      { position: 1, channel: 'Email', revenue_minor: 5001 },
      { position: 2, channel: 'SMS', revenue_minor: 1500 },
      { position: 3, channel: 'Affiliates', revenue_minor: 1500 },
      { position: 4, channel: 'Audio', revenue_minor: 2000 },
    ]);
    expect(
      await shop.ask(
        `SELECT bucket, CAST(sum(revenue_minor) AS bigint) AS n FROM reconciliation
         WHERE model = 'my_model' GROUP BY 1 ORDER BY 1`,
      ),
    ).toEqual([
      { bucket: 'attributed', n: 15_701 },
      { bucket: 'received', n: 15_701 },
    ]);
  });

  test('a model can be switched off', async () => {
    seed(shop, 'attribution_models', 'linear,even,,,,,false,false,off');
    await shop.shop.build();
    const models = (await shop.ask('SELECT DISTINCT model FROM credits')).map(({ model }) => model);
    expect(models).toHaveLength(12);
    expect(models).not.toContain('linear');
  });

  test("a shop's own channel rule goes before those of GA4, and only for what it names", async () => {
    seed(
      shop,
      'channel_rules',
      '10,Loyalty Club,,^partner$,^email$,,own',
      '1150,Partners,,,^affiliate$,,own',
    );
    await shop.shop.build();
    expect((await paths())[0]).toEqual(pathOf('order/o1', 'Loyalty Club', 'SMS', 'Partners', 'Audio'));
  });

  test('lookback_steps keeps the last touchpoints of each purchase', async () => {
    kinds('order,30,2,true,');
    await shop.shop.build();
    expect(await paths()).toEqual([
      pathOf('order/o1', 'Affiliates', 'Audio'),
      pathOf('order/o2', 'Email', 'Referral'),
      pathOf('order/o3', 'Email', 'Referral'),
    ]);
  });

  test('lookback_days counts back from each purchase', async () => {
    kinds('order,2,50,true,');
    await shop.shop.build();
    expect(await paths()).toEqual([pathOf('order/o1', 'Audio'), pathOf('order/o2', 'Referral')]);
  });

  test('reuses_touches = false leaves to a purchase what came after the one before', async () => {
    kinds('order,30,50,false,');
    await shop.shop.build();
    expect(await paths()).toEqual([
      pathOf('order/o1', 'Email', 'SMS', 'Affiliates', 'Audio'),
      pathOf('order/o2', 'Email', 'Referral'),
    ]);
    expect(
      await shop.ask(
        "SELECT reason, revenue_minor FROM reconciliation WHERE model = 'linear' AND bucket = 'unattributed'",
      ),
    ).toEqual([{ reason: 'no_touch_in_window', revenue_minor: 700 }]);
  });

  test('a lookback of a year, with the half-life of a week, still gives all credit away', async () => {
    kinds('order,400,50,true,');
    await shop.give({ orders: [{ ...order('o4', '01', '3.00'), occurred_at: '2025-12-20T20:00:00Z' }] });
    await shop.shop.build();
    expect(
      await shop.ask(
        `SELECT model, CAST(sum(revenue_minor) AS bigint) AS n FROM credits
         WHERE conversion_id = 'order/o4' GROUP BY 1 HAVING sum(revenue_minor) <> 300`,
      ),
    ).toEqual([]);
    expect(
      await shop.ask("SELECT count(DISTINCT model) AS n FROM credits WHERE conversion_id = 'order/o4'"),
    ).toEqual([{ n: 13 }]);
  });
});
