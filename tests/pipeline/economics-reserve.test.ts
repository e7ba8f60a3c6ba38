import { expect, test } from 'vitest';
import { temporaryShop } from '../temporary-shop.ts';
import { costRates } from './cost-rates.ts';
import { kpiRows } from './kpi-rows.ts';
import { seed } from './seed-file.ts';

/** Five orders of 10.00 a day for forty days; ten days later one of the five comes back, whole. */
const DAYS = 40;
const LAG = 10;
const at = (day: number) => new Date(Date.UTC(2025, 0, 1 + day, 12)).toISOString();

test('the reserve is what the sales of the last days are still to bring, and falls to nothing as it lands', async () => {
  const shop = await temporaryShop();
  try {
    seed(shop, 'settings', 'interval_replicates,0,replicates,none');
    costRates(shop, 'returns,per_return,downstream,,,,3,EUR', 'markdown,share_of_returns,downstream,,,,0.1,');
    const days = Array.from({ length: DAYS }, (_, day) => day);
    await shop.give({
      orders: days.flatMap((day) =>
        [0, 1, 2, 3, 4].map((n) => ({
          order_id: `${day}-${n}`,
          occurred_at: at(day),
          currency: 'EUR',
          lines: [{ amount: '10.00' }],
        })),
      ),
      refunds: days
        .filter((day) => day >= LAG)
        .map((day) => ({
          refund_id: `r${day}`,
          order_id: `${day - LAG}-0`,
          occurred_at: at(day),
          currency: 'EUR',
        })),
    });
    await shop.shop.build();
    const ask = async (from: number, to: number) => {
      const period = { from: at(from).slice(0, 10), to: at(to).slice(0, 10) };
      const [row] = await kpiRows(shop, { kpi: 'channel-economics', model: 'linear', by: 'all', ...period });
      return row!;
    };
    // Of 150 orders old enough 30 came back: of the last 50, ten returns at 3.00 and 100.00 of goods at a tenth.
    expect(await ask(0, DAYS - 1)).toMatchObject({ net_revenue: 1700, downstream_cost: 120, reserve: 40 });
    expect(await ask(0, DAYS - 1 - LAG)).toMatchObject({ reserve: 0 });
    expect(await ask(DAYS - LAG, DAYS - 1)).toMatchObject({ reserve: 40 });
    const cm = await ask(0, DAYS - 1);
    expect(cm.cm4).toBe(Number(cm.cm3) - 120 - 40);
    const expected = (await kpiRows(shop, { kpi: 'cost-assumptions' })).find(
      (row) => row.label === 'returns of one purchase (order)',
    );
    expect(expected?.value).toBe(0.2);
  } finally {
    shop.remove();
  }
});
