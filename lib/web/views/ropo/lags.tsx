import { lagCurve } from '../../charts/lag-curve.ts';
import { useFigures } from '../../figures.ts';
import { Chart } from '../../parts/chart.tsx';
import { KpiTable } from '../../parts/kpi-table.tsx';
import { Panel } from '../../parts/panel.tsx';
import { useKpi } from '../../use-kpi.ts';
import { term } from '../../words/api-terms.ts';
import { useLanguage, useWords } from '../../words/language.ts';
import { ropoWords } from '../../words/ropo.ts';
import { numberIn, textIn } from '../cells.ts';

/** Days between view and purchase, real against placebo. */
export function LagPanel({ level }: { level: string }) {
  const words = useWords(ropoWords);
  const figures = useFigures();
  const language = useLanguage();
  const asked = useKpi('ropo-lags', { filters: { level } });
  return (
    <Panel id="ropo-lags" title={words.lagTitle} asked={asked} height={320} width="half">
      {(answer, rows) => {
        const days = rows.flatMap((row) => {
          const [real, chance] = [numberIn(row, 'real_share'), numberIn(row, 'placebo_share')];
          if (real === null || chance === null) return [];
          const [low, high] = [numberIn(row, 'excess_low'), numberIn(row, 'excess_high')];
          return [{ day: Number(row.label), real, chance, low, high }];
        });
        const end = numberIn(rows[0], 'excess_ends_days');
        const ends = end === null ? null : { day: end, text: words.lagEnds(end) };
        return (
          <Chart
            title={words.lagTitle}
            description={ends?.text ?? words.lagNever}
            height={320}
            reads={[rows, figures]}
            draw={(look) =>
              lagCurve(
                look,
                days,
                { real: words.real, chance: words.placebo, days: words.lagDays, ends },
                figures.share,
              )
            }
            table={
              <KpiTable
                answer={answer}
                rows={rows}
                caption={words.lagTitle}
                columns={[
                  'label',
                  'real_share',
                  'placebo_share',
                  'excess',
                  'excess_low',
                  'excess_high',
                  'remark',
                ]}
                titles={{ label: words.lagDays }}
                cells={{ remark: (row) => term(textIn(row, 'remark'), language) }}
                most={15}
              />
            }
          />
        );
      }}
    </Panel>
  );
}
