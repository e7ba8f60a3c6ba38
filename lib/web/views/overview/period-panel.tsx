import { type Row, useFigures } from '../../figures.ts';
import { Panel } from '../../parts/panel.tsx';
import { Tile } from '../../parts/tile.tsx';
import { daysAfter } from '../../period.ts';
import { useShop } from '../../shop.ts';
import type { Asked } from '../../use-kpi.ts';
import { useKpi } from '../../use-kpi.ts';
import { term } from '../../words/api-terms.ts';
import { useLanguage, useWords } from '../../words/language.ts';
import { overviewWords } from '../../words/overview.ts';
import { shellWords } from '../../words/shell.ts';
import { withheldOf } from '../channels/withheld.ts';
import { sentencesOf } from './sentences.ts';

export interface OverviewAsked {
  purchases: Asked;
  channels: Asked;
  differences: Asked;
  conclusions: Asked;
  ropo: Asked;
}

/** What happened, in words and in the five figures that everybody asks for first. */
export function PeriodPanel({ purchases, channels, differences, conclusions, ropo }: OverviewAsked) {
  const words = useWords(overviewWords);
  const shell = useWords(shellWords);
  const figures = useFigures();
  const { facts } = useShop();
  const whole = useKpi('attribution', { by: 'all' });
  const weeks = useKpi('purchases', {
    by: facts.audience === 'outside' ? 'month' : 'week',
    compare: false,
  });
  const language = useLanguage();
  const wholeWeeks = wholeOf(weeks.rows, weeks.answer?.period ?? { from: null, to: null });
  const titleOf = (asked: Asked, name: string) =>
    term(asked.answer?.columns.find((column) => column.name === name)?.definition, language) || undefined;
  return (
    <Panel id="period" title={words.period} asked={purchases} height={230}>
      {(answer, rows) => {
        const row = rows[0];
        // While credit is asked for again, that of another period does not stand beside what was sold in this one.
        const credit = isCurrent(whole) ? whole.rows[0] : undefined;
        const isLoading = whole.state === 'loading';
        const few = String(row?.label ?? '').startsWith('(fewer') ? shell.tooFew(answer.min_persons) : null;
        const before = (one: typeof row, name: string) => {
          const value = one?.[`${name}_before`];
          return value === undefined ? undefined : (value as number | null);
        };
        const figure = (one: typeof row, name: string) => one?.[name] as number | null | undefined;
        const currency = row?.currency as string | null | undefined;
        const sentences = sentencesOf(
          {
            period: answer.period,
            comparison: answer.comparison?.kind ?? null,
            purchases: row,
            channels: isCurrent(channels) ? channels.rows : [],
            isWhole:
              channels.leftOut.length === 0 && Object.keys(channels.question.filters ?? {}).length === 0,
            differences: differences.rows,
            conclusions: conclusions.rows,
            ropo: isCurrent(ropo) ? ropo.rows[0] : undefined,
          },
          words,
          figures,
        );
        return (
          <>
            <ul class="story">
              {sentences.map((sentence) => (
                <li key={sentence}>{sentence}</li>
              ))}
            </ul>
            <div class="tiles">
              <Tile
                title={words.sold}
                definition={titleOf(purchases, 'sold')}
                value={figure(row, 'sold')}
                reason={few}
                before={before(row, 'sold')}
                unit="money"
                currency={currency}
                series={wholeWeeks.map((one) => figure(one, 'sold') ?? null)}
              />
              <Tile
                title={words.purchases}
                definition={titleOf(purchases, 'purchases')}
                value={figure(row, 'purchases')}
                reason={few}
                before={before(row, 'purchases')}
                unit="count"
                series={wholeWeeks.map((one) => figure(one, 'purchases') ?? null)}
              />
              <Tile
                title={words.aov}
                definition={titleOf(purchases, 'average_order_value')}
                value={figure(row, 'average_order_value')}
                reason={few}
                before={before(row, 'average_order_value')}
                unit="money"
                currency={currency}
              />
              <Tile
                title={words.credited}
                definition={titleOf(whole, 'revenue')}
                value={figure(credit, 'revenue')}
                isLoading={isLoading}
                reason={few}
                before={before(credit, 'revenue')}
                low={figure(credit, 'revenue_low')}
                high={figure(credit, 'revenue_high')}
                unit="money"
                currency={currency}
                note={words.creditedNote}
              />
              <Tile
                title={words.spend}
                definition={titleOf(whole, 'spend')}
                value={figure(credit, 'spend')}
                isLoading={isLoading}
                reason={few}
                before={before(credit, 'spend')}
                better="neither"
                unit="money"
                currency={currency}
              />
              <Tile
                title={words.roas}
                definition={titleOf(whole, 'roas')}
                value={figure(credit, 'roas')}
                isLoading={isLoading}
                before={before(credit, 'roas')}
                low={figure(credit, 'roas_low')}
                high={figure(credit, 'roas_high')}
                unit="ratio"
                reason={term(withheldOf(credit ?? {}, 'roas'), language) || few || words.noSpend}
              />
            </div>
            {answer.comparison && (
              <p class="note">
                {words.changes(
                  words.moversAgainst[answer.comparison.kind],
                  figures.day(answer.comparison.from),
                  figures.day(answer.comparison.to),
                )}
              </p>
            )}
          </>
        );
      }}
    </Panel>
  );
}

const isCurrent = ({ state }: Asked) => state !== 'loading' && state !== 'stale';

/** Weeks that lie in the period whole: parts of weeks at its ends would look like a fall. Months always do. */
const wholeOf = (rows: readonly Row[], { from, to }: { from: string | null; to: string | null }): Row[] =>
  rows.filter(({ label }) => {
    const first = String(label);
    if (!/^\d{4}-\d{2}-\d{2}$/.test(first)) return /^\d{4}-\d{2}$/.test(first);
    return (from === null || first >= from) && (to === null || daysAfter(first, 6) <= to);
  });
