import { type CalendarPart, type Comparison, type DayRange, partsOf } from '../domain/comparison-period.ts';
import { type Kpi, LONG_PERIODS, PERIODS } from '../domain/kpi.ts';
import type { KpiAnswer } from './kpi-answer.ts';

type Cells = KpiAnswer['rows'][number];

/** Ends the name of a column that holds what a measure was in the period before. */
export const BEFORE = '_before';

/**
 * An answer with what each of its rows was in another period, in a column per measure. Rows meet by model, texts, label
 * and currency; parts of the calendar by their place in the period. A row that was there before and is not now stands
 * at the end, without figures of now.
 */
export function besideBefore(
  kpi: Kpi,
  now: KpiAnswer,
  before: KpiAnswer,
  kind: Comparison,
  periods: { now: DayRange; before: DayRange },
): KpiAnswer {
  const key = keyOf(kpi, partLabels(now.by, periods));
  const earlier = new Map(before.rows.map((row) => [key(row, 'before'), row]));
  const measures = kpi.measures.filter(({ unit, ofChange }) => unit !== 'text' && !ofChange);
  const rows = now.rows.map((row) => {
    const its = key(row, 'now');
    const match = earlier.get(its);
    earlier.delete(its);
    return { ...row, ...measuresBefore(measures, match), ...changes(kpi.measures, row, match) };
  });
  const gone = Array.from(earlier.values(), (row) => ({
    ...row,
    ...Object.fromEntries([...kpi.measures.map(({ name }) => name), ...(kpi.remarks ?? [])].map(none)),
    ...measuresBefore(measures, row),
  }));
  const beforeColumns = now.columns
    .filter((column) => measures.some(({ name }) => name === column.name))
    .map((column) => ({
      ...column,
      name: `${column.name}${BEFORE}`,
      title: `${column.title}, before`,
      definition: `${column.definition}; in the period that this one is compared with`,
      is_detail: true,
    }));
  return {
    ...now,
    comparison: { kind, ...periods.before },
    columns: [...now.columns, ...beforeColumns],
    rows: [...rows, ...(partLabels(now.by, periods) ? [] : gone)],
  };
}

const none = (name: string) => [name, null] as const;

const measuresBefore = (measures: Kpi['measures'], row: Cells | undefined): Cells =>
  Object.fromEntries(measures.map(({ name }) => [`${name}${BEFORE}`, row?.[name] ?? null]));

/**
 * How far measures are from what they were, where both can be seen: from the figures that are shown, with the bounds of
 * rows that come to the same.
 */
function changes(measures: Kpi['measures'], row: Cells, before: Cells | undefined): Cells {
  const shown = new Map<string, number | null>();
  for (const { name, ofChange } of measures) {
    if (ofChange?.is !== 'change') continue;
    const [now, then] = [row[ofChange.measure], before?.[ofChange.measure]];
    const change =
      typeof now === 'number' && typeof then === 'number' ? Number((now - then).toFixed(9)) : null;
    shown.set(name, change);
    const isKnown = change !== null && Math.abs(change - Number(row[name] ?? Number.NaN)) < 1e-6;
    for (const bound of measures)
      if (bound.ofChange?.is === 'bound' && bound.ofChange.measure === ofChange.measure)
        shown.set(bound.name, isKnown ? ((row[bound.name] as number | null) ?? null) : null);
  }
  return Object.fromEntries(shown);
}

/** The places of the calendar's parts in either period, by label; null where rows are no parts of the calendar. */
function partLabels(by: string, periods: { now: DayRange; before: DayRange }) {
  if (!([...PERIODS, ...LONG_PERIODS] as readonly string[]).includes(by)) return null;
  const places = (range: DayRange) =>
    new Map(partsOf(range, by as CalendarPart).map((label, place) => [label, place]));
  return { now: places(periods.now), before: places(periods.before) };
}

function keyOf(kpi: Kpi, parts: ReturnType<typeof partLabels>) {
  return (row: Cells, when: 'now' | 'before'): string => {
    const label = String(row.label);
    const place = parts?.[when].get(label) ?? label;
    return JSON.stringify([
      row.model ?? null,
      ...kpi.texts.map((name) => row[name]),
      place,
      row.currency ?? null,
    ]);
  };
}
