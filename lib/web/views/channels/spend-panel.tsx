import { spendCredit } from '../../charts/spend-credit.ts';
import { type Row, useFigures } from '../../figures.ts';
import { Chart } from '../../parts/chart.tsx';
import { KpiTable } from '../../parts/kpi-table.tsx';
import { Panel } from '../../parts/panel.tsx';
import type { Asked } from '../../use-kpi.ts';
import { term } from '../../words/api-terms.ts';
import { channelsWords } from '../../words/channels.ts';
import { useLanguage, useWords } from '../../words/language.ts';
import { withheldOf } from './withheld.ts';

/** Whether the channel has spend that is not among these figures, such as in another currency. */
const isElsewhere = (row: Row) => withheldOf(row, 'roas') !== '';

/** What was spent on each channel beside what it was credited with. */
export function SpendPanel({ channels }: { channels: Asked }) {
  const words = useWords(channelsWords);
  const figures = useFigures();
  const language = useLanguage();
  return (
    <Panel id="spend" title={words.spend} lead={words.spendLead} asked={channels} width="half" height={420}>
      {(answer, rows) => {
        const money = (value: unknown, currency: unknown) =>
          figures.money(Number(value), currency as string | null, { short: true });
        const spending = rows.filter((row) => typeof row.spend === 'number' && row.spend > 0);
        if (spending.length === 0) return <p class="faint">{words.noSpend}</p>;
        const points = spending.map((row) => ({
          name: String(row.label),
          spend: Number(row.spend),
          revenue: Number(row.revenue ?? 0),
          low: (row.revenue_low as number | null | undefined) ?? null,
          high: (row.revenue_high as number | null | undefined) ?? null,
          tip: words.spendTip(
            String(row.label),
            money(row.spend, row.currency),
            money(row.revenue ?? 0, row.currency),
            typeof row.roas === 'number' ? figures.ratio(row.roas) : '–',
          ),
        }));
        const currency = spending[0]!.currency;
        const names = (which: (row: Row) => boolean) =>
          rows
            .filter(which)
            .map((row) => term(row.label, language))
            .join(', ');
        const left = [
          words.nothingCredited(names((row) => Number(row.spend) > 0 && Number(row.revenue ?? 0) <= 0)),
          words.nothingSpent(names((row) => row.spend === 0 && !isElsewhere(row))),
          words.spendUnknown(names((row) => row.spend == null || (row.spend === 0 && isElsewhere(row)))),
        ].filter((note) => note !== '');
        return (
          <>
            <Chart
              title={words.spend}
              description={words.spendDescribe(
                points.length,
                points.filter(({ spend, revenue }) => revenue > spend).length,
              )}
              height={380}
              reads={[rows, figures]}
              draw={({ width }) =>
                spendCredit(
                  { width },
                  points,
                  { spend: words.spendAxis, credit: words.creditAxis, equal: words.equal },
                  (value) => money(value, currency),
                )
              }
              table={
                <KpiTable
                  answer={answer}
                  rows={spending}
                  caption={words.spend}
                  columns={['label', 'spend', 'revenue', 'roas', 'cpa']}
                />
              }
            />
            {left.map((note) => (
              <p key={note} class="note">
                {note}
              </p>
            ))}
          </>
        );
      }}
    </Panel>
  );
}
