import { dayText } from '../../domain/freshness/days.ts';
import {
  type Source,
  type SourceDay,
  type SourceState,
  shopFreshness,
} from '../../domain/freshness/source-rhythm.ts';
import type { ColumnArray } from '../../ports.ts';
import { buildStep } from '../build-step.ts';
import { readFitting } from '../models/model-inputs.ts';

/** What stands for all sources together. */
const WHOLE_SHOP = 'shop';

/** How far each source reaches and whether it has fallen silent, by its own rhythm. */
export const measureRhythms = buildStep(
  'measure_rhythms',
  ['source_days'],
  [
    {
      name: 'source_rhythms',
      folder: 'marts',
      grain:
        'One row per source of data, and one for the shop: whether it still delivers by its own rhythm, and the last day of which it has told all.',
      key: ['source'],
    },
  ],
  async (warehouse, make) => {
    const shop = shopFreshness(sourceDaysOf(await readFitting(warehouse, 'source_days')));
    const whole: SourceState = {
      status: shop.status,
      lastDay: shop.now,
      completeThrough: shop.completeThrough,
      longestGap: null,
      silentDays: null,
    };
    const rows: [string, SourceState][] = [...shop.sources, [WHOLE_SHOP, whole]];
    const day = (value: number | null) => (value === null ? null : dayText(value));
    const days = (value: number | null) => value ?? Number.NaN;
    await make('source_rhythms', {
      source: rows.map(([source]) => source),
      status: rows.map(([, { status }]) => status),
      last_day: rows.map(([, { lastDay }]) => day(lastDay)),
      complete_day: rows.map(([, { completeThrough }]) => day(completeThrough)),
      longest_gap_days: Float64Array.from(rows, ([, { longestGap }]) => days(longestGap)),
      silent_days: Float64Array.from(rows, ([, { silentDays }]) => days(silentDays)),
    });
  },
);

export function sourceDaysOf(rows: Record<string, ColumnArray>): Map<Source, SourceDay[]> {
  const sources = new Map<Source, SourceDay[]>();
  const days = rows.day_no as Int32Array;
  const minutes = rows.last_minute as Int32Array;
  for (const [row, name] of (rows.source as Source[]).entries()) {
    const known = sources.get(name) ?? [];
    known.push({ day: days[row]!, lastMinute: minutes[row]! });
    sources.set(name, known);
  }
  return sources;
}
