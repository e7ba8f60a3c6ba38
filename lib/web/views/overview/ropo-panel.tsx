import { hrefOf } from '../../address.ts';
import { intervalBars } from '../../charts/interval-bars.ts';
import { useFigures } from '../../figures.ts';
import { Chart } from '../../parts/chart.tsx';
import { KpiTable } from '../../parts/kpi-table.tsx';
import { Panel } from '../../parts/panel.tsx';
import type { Asked } from '../../use-kpi.ts';
import { useWords } from '../../words/language.ts';
import { overviewWords } from '../../words/overview.ts';
import { shellWords } from '../../words/shell.ts';

/** The share of store revenue that was researched online, never without what chance alone would give. */
export function RopoPanel({ ropo }: { ropo: Asked }) {
  const words = useWords(overviewWords);
  const shell = useWords(shellWords);
  const figures = useFigures();
  return (
    <Panel id="ropo-share" title={words.ropo} lead={words.ropoLead} asked={ropo} width="half" height={180}>
      {(answer, rows) => {
        const row = rows[0];
        const share = (name: string) => (row?.[name] as number | null | undefined) ?? null;
        const write = (name: string) => (share(name) === null ? shell.noFigure : figures.share(share(name)!));
        const low = share('corrected_low');
        const high = share('corrected_high');
        const band = low === null || high === null ? '' : ` (${figures.share(low)} – ${figures.share(high)})`;
        const bars = [
          { name: words.naive, value: share('naive_share'), end: write('naive_share'), tip: words.naive },
          {
            name: words.placebo,
            value: share('placebo_share'),
            end: write('placebo_share'),
            tip: words.placebo,
            isUnsure: true,
          },
          {
            name: words.corrected,
            value: share('corrected_share'),
            low,
            high,
            end: `${write('corrected_share')}${band}`,
            tip: words.corrected,
          },
        ];
        return (
          <>
            <Chart
              title={words.ropo}
              description={words.ropoDescribe(
                write('naive_share'),
                write('placebo_share'),
                write('corrected_share'),
              )}
              height={110}
              reads={[rows, figures]}
              draw={({ width }) => intervalBars({ width }, bars)}
              table={
                <KpiTable
                  answer={answer}
                  rows={rows}
                  caption={words.ropo}
                  columns={[
                    'label',
                    'naive_share',
                    'placebo_share',
                    'corrected_share',
                    'corrected_low',
                    'corrected_high',
                  ]}
                />
              }
            />
            <p class="more">
              <a href={hrefOf({ view: 'ropo' })}>{words.moreOn(shell.view.ropo)}</a>
            </p>
          </>
        );
      }}
    </Panel>
  );
}
