import { intervalBars } from '../../charts/interval-bars.ts';
import { useFigures } from '../../figures.ts';
import { Chart } from '../../parts/chart.tsx';
import { KpiTable } from '../../parts/kpi-table.tsx';
import { Panel } from '../../parts/panel.tsx';
import { useKpi } from '../../use-kpi.ts';
import { useWords } from '../../words/language.ts';
import { qualityWords, termOf } from '../../words/quality.ts';

/** Of each source, how many records are of somebody known. */
export function MatchPanel() {
  const words = useWords(qualityWords);
  const figures = useFigures();
  const asked = useKpi('identity-quality', { by: 'source' });
  return (
    <Panel id="match" title={words.match} lead={words.matchLead} asked={asked} width="half" height={230}>
      {(answer, rows) => {
        const bars = rows.map((row) => {
          const rate = (row.match_rate as number | null) ?? null;
          const name = termOf(words.sources, row.label);
          const end =
            rate === null
              ? '–'
              : words.matchEnd(
                  figures.share(rate),
                  figures.count(Number(row.linked)),
                  figures.count(Number(row.records)),
                );
          return { name, value: rate, end, tip: `${name}: ${end}` };
        });
        const known = bars.filter(({ value }) => value !== null).toSorted((a, b) => b.value! - a.value!);
        const best = known[0];
        const worst = known.at(-1);
        return (
          <Chart
            title={words.match}
            description={
              best && worst
                ? words.matchDescribe(
                    best.name,
                    figures.share(best.value!),
                    worst.name,
                    figures.share(worst.value!),
                  )
                : words.matchLead
            }
            height={160}
            reads={[rows, figures]}
            draw={({ width }) => intervalBars({ width }, bars)}
            table={
              <KpiTable
                answer={answer}
                rows={rows}
                caption={words.match}
                columns={['label', 'records', 'with_person', 'linked', 'match_rate']}
                cells={{ label: (row) => termOf(words.sources, row.label) }}
              />
            }
          />
        );
      }}
    </Panel>
  );
}
