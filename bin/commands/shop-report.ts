import { type KpiAnswer, type Published, reportKpi } from '../../lib/pipeline/report-kpi.ts';
import { conclusionLines } from '../../lib/report/show-comparison.ts';
import { cellText, kpiTable, suppressedText } from '../../lib/report/show-kpi.ts';
import { textTable } from '../../lib/report/text-table.ts';
import { compareModels } from './compare.ts';
import { say } from './context.ts';

/** The report of `npm start`: channels by model, the ROPO waterfall, and whether the revenue adds up. */
export async function showShop(published: Published): Promise<void> {
  const attribution = await reportKpi(published, { kpi: 'attribution', by: 'channel' });
  const label = attribution.data_label ? `[${attribution.data_label}] ` : '';
  say(`${label}Revenue, purchases, spend and ROAS by channel and model, net of returns, all time`);
  for (const currency of currenciesOf(attribution)) {
    for (const measure of ['revenue', 'conversions', 'roas'] as const) {
      say();
      say(channelsByModel(attribution, currency, measure));
    }
  }
  const suppressed = suppressedText(attribution);
  if (suppressed) say(`\nNote: ${suppressed}.`);
  await showAgreement(published, label);
  const waterfall = await reportKpi(published, { kpi: 'ropo-waterfall' });
  say(`\n${label}${waterfall.title}: ${waterfall.definition}`);
  say(kpiTable(waterfall));
  say(`${waterfall.caveat}.`);
  say(`\n${label}Reconciliation: received = attributed + unattributed + excluded`);
  for (const line of await reconciliationLines(published)) say(line);
}

/** Models that the start-up report shows; `ropo report attribution` shows all that there are. */
const SHOWN = [
  'first_touch',
  'last_touch',
  'linear',
  'position_based',
  'time_decay',
  'markov',
  'shapley_rate',
  'additive_hazard',
];

/** What does not depend on the model, a few lines of each kind. */
async function showAgreement(published: Published, label: string): Promise<void> {
  for (const { currency, conclusions } of (await compareModels(published)).currencies) {
    say(`\n${label}What the models agree on, ${currency}; npx ropo compare shows them side by side`);
    for (const line of conclusionLines(conclusions, 4)) say(line);
  }
}

const currenciesOf = ({ rows }: KpiAnswer) => [...new Set(rows.map((row) => String(row.currency)))].sort();

/** Channels down, models across; spend beside them where the measure is revenue. */
function channelsByModel(
  { rows, columns }: KpiAnswer,
  currency: string,
  measure: 'revenue' | 'conversions' | 'roas',
): string {
  const own = rows.filter((row) => row.currency === currency);
  const all = [...new Set(own.flatMap(({ model }) => (model == null ? [] : [String(model)])))];
  const known = SHOWN.filter((model) => all.includes(model));
  const models = known.length > 0 ? known : all;
  const channels = [...new Set(own.map((row) => String(row.label)))];
  const { title, unit } = columns.find(({ name }) => name === measure)!;
  const value = (channel: string, model: string, name: string) =>
    own.find((row) => row.label === channel && row.model === model)?.[name] ?? null;
  const spend = (channel: string) => value(channel, models[0]!, 'spend');
  const total = (model: string) =>
    own.filter((row) => row.model === model).reduce((sum, row) => sum + Number(row[measure]), 0);
  const whole = (amount: number) => Math.round(amount).toLocaleString('en-US');
  const show = (amount: unknown) =>
    amount === null
      ? '-'
      : unit === 'money'
        ? whole(Number(amount))
        : cellText(Number(amount), unit, currency);
  const table = channels.map((channel) => [
    channel,
    ...(measure === 'revenue' ? [show(spend(channel))] : []),
    ...models.map((model) => show(value(channel, model, measure))),
  ]);
  if (measure !== 'roas') {
    const spent = channels.reduce((sum, channel) => sum + Number(spend(channel)), 0);
    table.push([
      'total',
      ...(measure === 'revenue' ? [whole(spent)] : []),
      ...models.map((model) => show(total(model))),
    ]);
  }
  const right = (text: string) => ({ title: text, align: 'right' as const });
  return textTable(
    [
      {
        title: measure === 'conversions' ? title : `${title}${measure === 'roas' ? '' : `, ${currency}`}`,
        align: 'left',
      },
      ...(measure === 'revenue' ? [right(`Spend, ${currency}`)] : []),
      ...models.map(right),
    ],
    table,
  );
}

/** One line a currency; models are listed only where they differ. */
async function reconciliationLines(published: Published): Promise<string[]> {
  const { rows } = await reportKpi(published, { kpi: 'reconciliation' });
  const lines = new Map<string, string[]>();
  for (const model of new Set(rows.map((row) => String(row.model)))) {
    for (const currency of new Set(rows.map((row) => String(row.currency)))) {
      const own = rows.filter((row) => row.model === model && row.currency === currency);
      const cents = (bucket: string) =>
        own.filter((row) => row.bucket === bucket).reduce((sum, row) => sum + Number(row.revenue), 0);
      const parts = (bucket: string) =>
        own
          .filter((row) => row.bucket === bucket)
          .map(
            (row) =>
              `${String(row.label).replaceAll('_', ' ')} ${cellText(Number(row.revenue), 'money', currency)}`,
          )
          .join(', ');
      const show = (bucket: string) => cellText(cents(bucket), 'money', currency);
      const text = `${currency} received ${show('received')} = attributed ${show('attributed')} + unattributed ${show('unattributed')} + excluded ${show('excluded')}`;
      const whereTo = ['unattributed', 'excluded']
        .map((bucket) => `  ${bucket}: ${parts(bucket) || 'nothing'}`)
        .join('\n');
      const key = `${text}\n${whereTo}`;
      lines.set(key, [...(lines.get(key) ?? []), model]);
    }
  }
  const all = [...lines.values()].flat().length;
  return [...lines].map(([text, models]) => {
    const [first, ...rest] = text.split('\n');
    const whose = models.length * lines.size === all ? 'for every model' : `for ${models.join(', ')}`;
    return [`${first}, ${whose}`, ...rest].join('\n');
  });
}
