import type { KpiAnswer } from '../pipeline/report-kpi.ts';
import { type TextColumn, textTable } from './text-table.ts';

/** The models side by side, and what they agree on: from the answers to three KPIs. */
export interface Comparison {
  data_label: string | null;
  build_id: string;
  settings_hash: string;
  currencies: {
    currency: string;
    channels: {
      channel: string;
      /** By model; null where nothing was credited to compare with. */
      models: Record<string, Figures>;
      /** Null of channels that are shown together, as fewer people than a row needs are behind one of them. */
      spread: number | null;
      best_rank: number | null;
      worst_rank: number | null;
    }[];
    conclusions: {
      kind: string;
      channel: string;
      other_channel: string | null;
      statement: string;
      models: number;
    }[];
  }[];
}

interface Figures {
  revenue: number;
  /** Intervals are null of channels that are shown together. */
  revenue_low: number | null;
  revenue_high: number | null;
  share: number;
  /** Null also where no replicate has revenue. */
  share_low: number | null;
  share_high: number | null;
  roas: number | null;
  roas_low: number | null;
  roas_high: number | null;
  config_hash: string;
  model_version: number;
  random_seed: number;
}

/**
 * @param intervals Answer to attribution-intervals.
 * @param spreads Answer to model-comparison.
 * @param conclusions Answer to model-conclusions.
 */
export function comparisonOf(intervals: KpiAnswer, spreads: KpiAnswer, conclusions: KpiAnswer): Comparison {
  const number = (value: unknown) => (value == null ? null : Number(value));
  const currencies = [...new Set(intervals.rows.map((row) => String(row.currency)))].sort();
  return {
    data_label: intervals.data_label,
    build_id: intervals.build_id,
    settings_hash: intervals.settings_hash,
    currencies: currencies.map((currency) => ({
      currency,
      channels: spreads.rows
        .filter((row) => row.currency === currency)
        .map((row) => ({
          channel: String(row.label),
          models: Object.fromEntries(
            intervals.rows
              .filter((cell) => cell.currency === currency && cell.label === row.label && cell.model)
              .map((cell) => [
                String(cell.model),
                {
                  revenue: Number(cell.revenue),
                  revenue_low: number(cell.revenue_low),
                  revenue_high: number(cell.revenue_high),
                  share: Number(cell.revenue_share),
                  share_low: number(cell.share_low),
                  share_high: number(cell.share_high),
                  roas: number(cell.roas),
                  roas_low: number(cell.roas_low),
                  roas_high: number(cell.roas_high),
                  config_hash: String(cell.config_hash),
                  model_version: Number(cell.model_version),
                  random_seed: Number(cell.random_seed),
                },
              ]),
          ),
          spread: number(row.spread),
          best_rank: number(row.best_rank),
          worst_rank: number(row.worst_rank),
        })),
      conclusions: conclusions.rows
        .filter((row) => row.currency === currency && row.models !== null)
        .map((row) => ({
          kind: String(row.kind),
          channel: String(row.channel),
          other_channel: row.other_channel ? String(row.other_channel) : null,
          statement: String(row.label),
          models: Number(row.models),
        })),
    })),
  };
}

const left = (title: string): TextColumn => ({ title, align: 'left' });
const right = (title: string): TextColumn => ({ title, align: 'right' });
const percent = (share: number) => `${(share * 100).toFixed(1)}%`;

/** Channels down, models across, each cell a share with its interval; below it the conclusions in words. */
export function comparisonText(
  { data_label, currencies }: Comparison,
  most = Number.POSITIVE_INFINITY,
): string {
  const label = data_label ? `[${data_label}] ` : '';
  return currencies
    .map(({ currency, channels, conclusions }) =>
      [
        `${label}Share of credited revenue by channel and model, ${currency}, all time, with intervals from resampling persons`,
        '',
        sharesTable(channels),
        '',
        ...conclusionLines(conclusions, most),
      ].join('\n'),
    )
    .join('\n\n');
}

function sharesTable(channels: Comparison['currencies'][number]['channels']): string {
  const models = [...new Set(channels.flatMap((row) => Object.keys(row.models)))].sort();
  if (models.length === 0) return channels.map(({ channel }) => channel).join('\n');
  // As many models in a row of tables as a screen holds.
  const across = 5;
  const tables: string[] = [];
  for (let first = 0; first < models.length; first += across) {
    const some = models.slice(first, first + across);
    tables.push(
      textTable(
        [
          left('Channel'),
          ...some.map(right),
          ...(first === 0 ? [right('Spread, all models'), right('Rank')] : []),
        ],
        channels.map((row) => [
          row.channel,
          ...some.map((model) => cell(row.models[model])),
          ...(first === 0
            ? [spreadOf(row), row.best_rank === null ? '-' : `${row.best_rank} to ${row.worst_rank}`]
            : []),
        ]),
      ),
    );
  }
  return tables.join('\n\n');
}

const spreadOf = ({ spread }: { spread: number | null }) => (spread === null ? '-' : percent(spread));

function cell(figures: Figures | undefined): string {
  if (!figures) return '-';
  const { share, share_low: low, share_high: high } = figures;
  return `${percent(share)} (${low === null || high === null ? '-' : `${percent(low)} - ${percent(high)}`})`;
}

const HEADINGS: Record<string, string> = {
  most_revenue: 'Said by every model',
  earns_its_spend: 'Said by every model',
  below_its_spend: 'Said by every model',
  ahead: 'In every model, beyond chance',
  depends_on_model: 'Depends on the model',
  never_distinguishable: 'Not distinguishable in any model',
};

/** @param most Lines below each heading; what is left out is counted. */
export function conclusionLines(
  conclusions: Comparison['currencies'][number]['conclusions'],
  most = Number.POSITIVE_INFINITY,
): string[] {
  const byHeading = new Map<string, string[]>();
  for (const { kind, channel, other_channel, statement } of conclusions) {
    const heading = HEADINGS[kind] ?? kind;
    const lines = byHeading.get(heading) ?? [];
    byHeading.set(heading, lines);
    lines.push(
      other_channel === null || kind === 'depends_on_model'
        ? statement
        : pairText(kind, channel, other_channel),
    );
  }
  return [...byHeading].flatMap(([heading, lines]) => [
    `${heading}:`,
    ...lines.slice(0, most).map((line) => `  ${line}`),
    ...(lines.length > most
      ? [`  ... and ${lines.length - most} more; npx ropo compare lists them all`]
      : []),
  ]);
}

const pairText = (kind: string, channel: string, other: string) =>
  kind === 'ahead' ? `${channel} is ahead of ${other}` : `${channel} and ${other}`;
