import { useFigures } from '../../figures.ts';
import { Chart } from '../../parts/chart.tsx';
import { KpiTable } from '../../parts/kpi-table.tsx';
import { Panel } from '../../parts/panel.tsx';
import { useKpi } from '../../use-kpi.ts';
import { useWords } from '../../words/language.ts';
import { qualityWords, termOf } from '../../words/quality.ts';
import { StackedBar } from './stacked-bar.tsx';

const ORDER = ['strong', 'medium', 'weak', 'not identified'];

/** How sure it is whose the purchases are. */
export function StrengthPanel() {
  const words = useWords(qualityWords);
  const figures = useFigures();
  const asked = useKpi('identity-quality', { by: 'match_strength' });
  return (
    <Panel
      id="strength"
      title={words.strength}
      lead={words.strengthLead}
      asked={asked}
      width="half"
      height={230}
    >
      {(answer, rows) => {
        const inOrder = rows.toSorted(
          (a, b) => ORDER.indexOf(String(a.label)) - ORDER.indexOf(String(b.label)),
        );
        const parts = inOrder.map((row) => ({
          name: termOf(words.strengths, row.label),
          value: Number(row.revenue ?? 0),
        }));
        const said = inOrder.map(
          (row) => `${termOf(words.strengths, row.label)} ${figures.share(Number(row.revenue_share ?? 0))}`,
        );
        return (
          <Chart
            title={words.strength}
            description={words.strengthDescribe(said.join(', '))}
            height={120}
            reads={[rows, figures]}
            table={
              <KpiTable
                answer={answer}
                rows={inOrder}
                caption={words.strength}
                columns={['label', 'records', 'revenue', 'revenue_share']}
                cells={{ label: (row) => termOf(words.strengths, row.label) }}
              />
            }
          >
            {({ width }) => (
              <StackedBar
                width={width}
                parts={parts}
                write={(value, share) =>
                  `${figures.money(value, rows[0]?.currency as string | null, { short: true })} · ${figures.share(share)}`
                }
              />
            )}
          </Chart>
        );
      }}
    </Panel>
  );
}
