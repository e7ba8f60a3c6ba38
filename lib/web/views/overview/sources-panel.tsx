import { hrefOf } from '../../address.ts';
import { type IntervalRow, intervalBars } from '../../charts/interval-bars.ts';
import { type Figures, type Row, useFigures } from '../../figures.ts';
import { Chart } from '../../parts/chart.tsx';
import { KpiTable } from '../../parts/kpi-table.tsx';
import { Panel } from '../../parts/panel.tsx';
import type { Asked } from '../../use-kpi.ts';
import { useWords } from '../../words/language.ts';
import { modelWords } from '../../words/models.ts';
import { type OverviewWords, overviewWords } from '../../words/overview.ts';
import { shellWords } from '../../words/shell.ts';
import { creditedShare, ranked } from './sentences.ts';

/** Bars that fit on the screen; the rest is in the table and in the view of channels. */
const MOST = 10;

/** Which channels revenue is credited to, and how much to none. */
export function SourcesPanel({ channels, purchases }: { channels: Asked; purchases: Asked }) {
  const words = useWords(overviewWords);
  const shell = useWords(shellWords);
  const models = useWords(modelWords);
  const figures = useFigures();
  const { model } = channels.question;
  return (
    <Panel
      id="sources"
      title={words.sources}
      lead={
        hasIntervals(channels.rows)
          ? words.sourcesLead(models[model ?? ''] ?? model ?? '')
          : words.sourcesLeadPlain(models[model ?? ''] ?? model ?? '')
      }
      asked={channels}
      also={[purchases]}
      width="two-thirds"
      height={380}
    >
      {(answer, rows) => {
        const top = ranked(rows);
        const isWhole =
          channels.leftOut.length === 0 && Object.values(answer.filters).every((one) => one === null);
        const bars = [
          ...barsOf(top.slice(0, MOST), figures, words),
          ...(isWhole ? notCredited(rows, purchases.rows[0], figures, words) : []),
        ];
        const first = top[0];
        return (
          <>
            <Chart
              title={words.sources}
              description={words.sourcesDescribe(
                String(first?.label ?? ''),
                figures.money(Number(first?.revenue ?? 0), first?.currency as string),
                top.length,
              )}
              height={30 * bars.length + 10}
              reads={[rows, purchases.rows, figures]}
              draw={({ width }) => intervalBars({ width }, bars)}
              table={
                <KpiTable
                  answer={answer}
                  rows={rows}
                  caption={words.sources}
                  columns={[
                    'label',
                    'revenue',
                    'revenue_low',
                    'revenue_high',
                    'conversions',
                    'spend',
                    'roas',
                  ]}
                />
              }
            />
            {top.length > MOST && <p class="note">{words.moreChannels(top.length - MOST)}</p>}
            <p class="more">
              <a href={hrefOf({ view: 'channels' })}>{words.moreOn(shell.view.channels)}</a>
            </p>
          </>
        );
      }}
    </Panel>
  );
}

const hasIntervals = (rows: readonly Row[]) => rows.some((row) => typeof row.revenue_low === 'number');

function barsOf(rows: readonly Row[], figures: Figures, words: OverviewWords): IntervalRow[] {
  return rows.map((row) => {
    const money = (value: unknown) => figures.money(Number(value), row.currency as string, { short: true });
    const low = (row.revenue_low as number | null | undefined) ?? null;
    const high = (row.revenue_high as number | null | undefined) ?? null;
    const name = String(row.label);
    const amount = money(row.revenue);
    return {
      name,
      value: Number(row.revenue),
      low,
      high,
      end: amount,
      tip:
        low === null || high === null
          ? `${name}: ${amount}`
          : words.tip(name, amount, money(low), money(high)),
    };
  });
}

function notCredited(
  rows: readonly Row[],
  purchases: Row | undefined,
  figures: Figures,
  words: OverviewWords,
): IntervalRow[] {
  const share = creditedShare(rows, purchases);
  if (share === null || purchases === undefined) return [];
  const value = Number(purchases.sold) * (1 - share);
  const amount = figures.money(value, purchases.currency as string, { short: true });
  const end = `${amount} (${words.ofSold(figures.share(1 - share))})`;
  return [{ name: words.notCredited, value, end, tip: `${words.notCredited}: ${end}`, isUnsure: true }];
}
