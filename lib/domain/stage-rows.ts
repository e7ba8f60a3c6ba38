import type { KpiRow } from './kpi.ts';
import { currencyExponent } from './money.ts';
import type { StageFigure } from './stage-figure.ts';
import { ALL_CHANNELS, STAGE_FIGURES } from './stage-figures.ts';
import { addedUp, groupedBy, type PeopleRule, type Suppressed, suppress } from './suppression.ts';

const OF_CHANNELS: PeopleRule = { describes: 'people', persons: ['people'], merge: addedUp('people') };

/**
 * Each figure is a breakdown by channel of its own, of other people than the others: small cells are looked for in each by
 * itself. One of which nothing can be shown stays as a row without a value.
 */
export function figuresShown(rows: readonly KpiRow[], least: number): Suppressed {
  const shown: KpiRow[] = [];
  let suppressed = 0;
  for (const [figure, ofFigure] of groupedBy(rows, (row) => String(row.figure))) {
    const inner = suppress(ofFigure, OF_CHANNELS, least);
    suppressed += inner.suppressed;
    shown.push(
      ...inner.rows,
      ...inner.hidden.map((currency) => ({
        figure,
        label: ofFigure[0]!.label ?? null,
        currency: currency || null,
        numerator: null,
        denominator: null,
        people: null,
        note: `fewer than ${least} people`,
      })),
    );
  }
  return { rows: shown, hidden: [], suppressed };
}

/**
 * Rows of the matrix: each figure with what it is and its value, or why there is none. Of all channels every figure of the
 * model has a row; by channel only those that are told so.
 */
export function stageRows(rows: readonly KpiRow[]): KpiRow[] {
  const isByChannel = rows.some(({ label }) => label !== ALL_CHANNELS);
  const byFigure = groupedBy(rows, (row) => String(row.figure));
  return STAGE_FIGURES.flatMap((figure) => {
    const its = byFigure.get(figure.figure) ?? [];
    if (its.length > 0) return its.map((row) => figureRow(figure, row));
    return isByChannel ? [] : [missingRow(figure)];
  });
}

const textsOf = ({ figure, stage, level, place, title, unit, formula }: StageFigure): KpiRow => ({
  stage,
  level,
  place,
  figure,
  figure_title: title,
  unit,
  formula,
});

function figureRow(figure: StageFigure, row: KpiRow): KpiRow {
  const currency = row.currency == null ? null : String(row.currency);
  const minor = 10 ** (currency === null ? 2 : (currencyExponent(currency) ?? 2));
  const [over, under] = [row.numerator, row.denominator].map((sum) => (sum == null ? null : Number(sum)));
  const hundredths = figure.isInHundredths ? 100 : 1;
  const numerator = over == null ? null : over / (figure.money ? minor : hundredths);
  const denominator = under == null ? null : under / (figure.money === 'both' ? minor : hundredths);
  const value = figure.isSum ? numerator : over == null || !under ? null : over / under;
  // Money is scaled with the answer, so it stays in minor units here.
  const scaled = value !== null && figure.unit === 'money' && figure.isSum ? over! : value;
  return {
    ...textsOf(figure),
    label: row.label ?? null,
    currency,
    value: scaled == null ? null : rounded(scaled, figure.unit),
    numerator,
    denominator: figure.isSum ? null : denominator,
    people: row.people ?? null,
    note: row.note ?? (value === null ? noteOf(figure) : null),
  };
}

const rounded = (value: number, unit: StageFigure['unit']) =>
  unit === 'money' ? Math.round(value) : Number(value.toFixed(6));

const noteOf = ({ needs, isElsewhere }: StageFigure) =>
  isElsewhere ? `not told here: it needs ${needs}` : `nothing supplied in these months: it needs ${needs}`;

const missingRow = (figure: StageFigure): KpiRow => ({
  ...textsOf(figure),
  label: ALL_CHANNELS,
  currency: null,
  value: null,
  numerator: null,
  denominator: null,
  people: null,
  note: noteOf(figure),
});
