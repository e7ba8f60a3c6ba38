import type { Published } from '../pipeline/report-kpi.ts';
import type { Contestant } from './league.ts';

/**
 * What a model that knows a base rate says that each channel brought: the purchases that it explains by the channel's
 * touchpoints, at the mean value of all purchases. Credit divides whole purchases, also those that the model itself
 * says would have come anyway; here they are left to the base rate.
 */
export async function withBaseRateKept(
  published: Published,
  channels: readonly string[],
): Promise<Contestant[]> {
  const [sales] = await published.query(
    'SELECT CAST(sum(revenue_minor) AS double) / count(*) AS mean_minor FROM conversions',
  );
  const meanOrder = Number(sales?.mean_minor ?? 0);
  const rows = await published.query(
    'SELECT model, channel, explained_conversions AS explained FROM channel_values ORDER BY model, group_no',
  );
  const models = new Map<string, number[]>();
  for (const { model, channel, explained } of rows) {
    // Models without a base rate have no such figure.
    if (explained === null || !Number.isFinite(Number(explained))) continue;
    const revenue = models.get(String(model)) ?? channels.map(() => 0);
    revenue[channels.indexOf(String(channel))]! += Number(explained) * meanOrder;
    models.set(String(model), revenue);
  }
  return [...models].map(([model, credited]) => ({
    name: `${model} (base rate kept)`,
    kind: 'model',
    credited,
  }));
}
