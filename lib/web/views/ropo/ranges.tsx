import { type IntervalRow, intervalBars } from '../../charts/interval-bars.ts';
import { type Figures, type Row, useFigures } from '../../figures.ts';
import { Chart } from '../../parts/chart.tsx';
import { KpiTable } from '../../parts/kpi-table.tsx';
import { Panel } from '../../parts/panel.tsx';
import { useKpi } from '../../use-kpi.ts';
import { term } from '../../words/api-terms.ts';
import { type Language, useLanguage, useWords } from '../../words/language.ts';
import { ropoWords } from '../../words/ropo.ts';
import { numberIn, textIn } from '../cells.ts';

type Words = (typeof ropoWords)['en'];

/** Stores from the highest share down; those without one last, with their reason. */
export function storeRanks(
  rows: readonly Row[],
  words: Words,
  { share, count }: Figures,
  language: Language,
): IntervalRow[] {
  const ranked = rows.toSorted(
    (a, b) => (numberIn(b, 'corrected_share') ?? -2) - (numberIn(a, 'corrected_share') ?? -2),
  );
  return ranked.map((row) => {
    const value = numberIn(row, 'corrected_share');
    const [low, high] = [numberIn(row, 'corrected_low'), numberIn(row, 'corrected_high')];
    const verdict = term(textIn(row, 'verdict'), language);
    const name = term(textIn(row, 'label'), language);
    const isUnsure = value !== null && (low === null || low <= 0);
    const range = low === null || high === null ? '' : ` (${words.reach(share(low), share(high))})`;
    return {
      name,
      value,
      low,
      high,
      isUnsure,
      end:
        value === null
          ? `${words.withheld}: ${verdict}`
          : isUnsure
            ? `${share(value)}, ${verdict}`
            : share(value),
      short: value === null ? words.withheld : share(value),
      tip: `${name}: ${value === null ? words.withheld : share(value)}${range}\n${verdict}\n${words.people(count(numberIn(row, 'persons') ?? 0))}`,
    };
  });
}

export function StoresPanel({ level }: { level: string }) {
  const words = useWords(ropoWords);
  const figures = useFigures();
  const language = useLanguage();
  const asked = useKpi('ropo', { by: 'store', filters: { level }, compare: false });
  const whole = useKpi('ropo', { by: 'all', filters: { level }, compare: false });
  return (
    <Panel
      id="ropo-stores"
      title={words.storesTitle}
      lead={words.storesHint}
      asked={asked}
      also={[whole]}
      height={280}
    >
      {(answer, rows) => {
        const ranks = storeRanks(rows, words, figures, language);
        const reference = numberIn(whole.rows[0], 'corrected_share');
        const withheld = ranks.filter(({ value }) => value === null);
        return (
          <>
            <Chart
              title={words.storesTitle}
              description={ranks.map(({ name, end }) => `${name}: ${end}`).join('; ')}
              height={30 * ranks.length}
              reads={[rows, reference, figures]}
              draw={(look) =>
                intervalBars(look, ranks, {
                  shape: 'dot',
                  scale: figures.share,
                  reference:
                    reference === null
                      ? null
                      : { value: reference, name: words.wholeShop(figures.share(reference)) },
                })
              }
              table={
                <KpiTable
                  answer={answer}
                  rows={rows}
                  caption={words.storesTitle}
                  columns={[
                    'label',
                    'store_revenue',
                    'identification_rate',
                    'persons',
                    'naive_share',
                    'placebo_share',
                    'corrected_share',
                    'corrected_low',
                    'corrected_high',
                    'ropo_revenue',
                    'verdict',
                  ]}
                  cells={{ verdict: (row) => term(textIn(row, 'verdict'), language) }}
                  reason={(row) => term(textIn(row, 'verdict'), language)}
                />
              }
            />
            {withheld.length > 0 && (
              <ul class="notes">
                {withheld.map(({ name, end }) => (
                  <li key={name}>
                    {name}: {end}
                  </li>
                ))}
              </ul>
            )}
          </>
        );
      }}
    </Panel>
  );
}

/** The share of all store purchases: three assumptions about buyers whom nobody knows, and the bounds without any. */
export function ExtrapolationPanel({ level }: { level: string }) {
  const words = useWords(ropoWords);
  const figures = useFigures();
  const language = useLanguage();
  const asked = useKpi('ropo-extrapolation', { by: 'all', filters: { level }, compare: false });
  return (
    <Panel
      id="ropo-extrapolation"
      title={words.extrapolationTitle}
      lead={words.extrapolationHint}
      asked={asked}
      height={180}
      width="half"
    >
      {(answer, rows) => {
        const ranges = rows.map((row) => assumption(row, words, figures, language));
        const worst = worstCase(rows[0], words, figures);
        const all = worst ? [...ranges, worst] : ranges;
        return (
          <Chart
            title={words.extrapolationTitle}
            description={all.map(({ name, end }) => `${name}: ${end}`).join('; ')}
            height={30 * all.length}
            reads={[rows, figures]}
            draw={(look) => intervalBars(look, all, { shape: 'dot', scale: figures.share })}
            table={
              <KpiTable
                answer={answer}
                rows={rows}
                caption={words.extrapolationTitle}
                columns={[
                  'delta',
                  'share',
                  'share_low',
                  'share_high',
                  'worst_low',
                  'worst_high',
                  'ropo_revenue',
                  'ropo_revenue_low',
                  'ropo_revenue_high',
                ]}
                cells={{
                  delta: (row) =>
                    words.delta[textIn(row, 'delta') as keyof Words['delta']] ?? textIn(row, 'delta'),
                }}
                reason={(row) => term(textIn(row, 'verdict'), language)}
              />
            }
          />
        );
      }}
    </Panel>
  );
}

function assumption(row: Row, words: Words, { share, money }: Figures, language: Language): IntervalRow {
  const value = numberIn(row, 'share');
  const revenue = numberIn(row, 'ropo_revenue');
  const name = words.delta[textIn(row, 'delta') as keyof Words['delta']] ?? textIn(row, 'delta');
  const sum = revenue === null ? '' : ` · ${money(revenue, textIn(row, 'currency'), { short: true })}`;
  return {
    name,
    value,
    low: numberIn(row, 'share_low'),
    high: numberIn(row, 'share_high'),
    end: value === null ? term(textIn(row, 'verdict'), language) : `${share(value)}${sum}`,
    short: value === null ? words.noFigure : share(value),
    tip: `${name}: ${value === null ? words.noFigure : share(value)}`,
  };
}

function worstCase(row: Row | undefined, words: Words, { share }: Figures): IntervalRow | null {
  const [low, high] = [numberIn(row, 'worst_low'), numberIn(row, 'worst_high')];
  if (low === null || high === null) return null;
  const end = words.reach(share(low), share(high));
  return { name: words.worstName, value: null, low, high, end, tip: words.worst(share(low), share(high)) };
}
