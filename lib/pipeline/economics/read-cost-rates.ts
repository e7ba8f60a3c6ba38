import { rateMillionths } from '../../domain/economics/cost-rate.ts';
import { buildStep } from '../build-step.ts';

/** The shop's cost table with exact amounts; what a rate does not say stands as an empty text and means all. */
export const readCostRates = buildStep(
  'read_cost_rates',
  ['seed_cost_rates'],
  [
    {
      name: 'cost_rates',
      folder: 'marts',
      grain:
        "One row per rate of the shop's cost table, its amount in whole millionths; an empty text means all.",
      key: ['rate'],
    },
  ],
  async (warehouse, make) => {
    const rows = await warehouse.query('SELECT * FROM seed_cost_rates ORDER BY rate');
    const text = (name: string) => rows.map((row) => String(row[name] ?? ''));
    await make('cost_rates', {
      rate: text('rate'),
      what: text('what'),
      stage: text('stage'),
      conversion_kind: text('conversion_kind'),
      channel: text('channel'),
      category: text('category'),
      currency: text('currency'),
      rate_millionths: Float64Array.from(rows, (row) =>
        rateMillionths(String(row.what), String(row.amount), String(row.currency ?? '')),
      ),
    });
  },
);
