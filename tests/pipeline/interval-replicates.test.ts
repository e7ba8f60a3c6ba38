import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';
import { type Answers, everyAnswer } from './every-answer.ts';
import { hundred, latecomer, type Person, recordsOf, settings } from './model-journeys.ts';

/** Intervals with few replicates or none, and of paths that leave touchpoints out. */
let shop: TemporaryShop;
beforeAll(async () => {
  shop = await temporaryShop();
  const spend = ['Search', 'Mail'].map((channel) => ({
    date: '2025-01-02',
    channel,
    cost: '40.00',
    currency: 'EUR',
  }));
  await shop.give({ ...recordsOf([...hundred('p'), latecomer('Mail')]), spend });
});
afterAll(() => shop?.remove());

describe('replicates', () => {
  const rebuilt = async (values: Record<string, string | number>): Promise<Answers> => {
    settings(shop, values);
    await shop.shop.build();
    return everyAnswer(shop);
  };

  test('none: points without intervals, and a comparison that says so', async () => {
    const { answers, comparison, comparisonTable } = await rebuilt({ interval_replicates: 0 });
    for (const name of ['channel_intervals', 'channel_differences', 'model_conclusions'])
      expect(await shop.ask(`SELECT count(*) AS n FROM ${name}`), name).toEqual([{ n: 0 }]);
    expect(comparison.currencies).toEqual([]);
    expect(comparisonTable).toBe('');
    expect(answers.get('attribution by channel')!.rows.length).toBeGreaterThan(50);
  });

  test('one: bounds that are one figure, and nothing can be told apart', async () => {
    const { answers, comparison } = await rebuilt({ interval_replicates: 1 });
    const rows = answers.get('attribution-intervals by channel')!.rows;
    expect(rows).toHaveLength(104);
    for (const row of rows) expect(row.revenue_low).toBe(row.revenue_high);
    for (const by of ['revenue', 'roas']) {
      const pairs = answers.get(`channel-differences by ${by}`)!.rows;
      expect(pairs.length).toBeGreaterThan(12);
      expect(new Set(pairs.map(({ verdict }) => verdict))).toEqual(new Set(['not distinguishable']));
      expect(new Set(pairs.map((row) => row[`${by}_low`]))).toEqual(new Set([null]));
    }
    const kinds = comparison.currencies.flatMap((one) => one.conclusions.map(({ kind }) => kind));
    expect(kinds).not.toContain('ahead');
  });

  test('are of the paths that the model sees: a channel that is left out has no revenue in any of them', async () => {
    const other = await temporaryShop();
    try {
      settings(other, { path_transform: 'remove_if_not_all', interval_replicates: 20 });
      const buyers = Array.from(
        { length: 20 },
        (_, n): Person => ({
          name: `b${n}`,
          touches: [
            [0, 'Mail'],
            [4.9, 'Direct'],
          ],
          orders: [[5, '10.00']],
        }),
      );
      const lookers = buyers.map(
        ({ name }, n): Person => ({ name: `no ${name}`, touches: [[n / 100, 'Mail']] }),
      );
      await other.give(recordsOf([...buyers, ...lookers, latecomer('Mail')]));
      await other.shop.build();
      const rows = await other.ask(
        `SELECT i.model, net_minor, net_low_minor, net_high_minor FROM channel_intervals i
         JOIN fitted_models m ON m.model = i.model AND m.basis IN ('markov', 'shapley', 'shapley_rate')
         WHERE channel = 'Direct' ORDER BY 1`,
      );
      expect(rows).toEqual(
        ['markov', 'markov_campaign', 'shapley', 'shapley_rate'].map((model) => ({
          model,
          net_minor: 0,
          net_low_minor: 0,
          net_high_minor: 0,
        })),
      );
    } finally {
      other.remove();
    }
  });
});
