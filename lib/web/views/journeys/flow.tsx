import { type FunnelStep, funnel } from '../../charts/funnel.ts';
import { pathFlow } from '../../charts/path-flow.ts';
import { type Figures, type Row, useFigures } from '../../figures.ts';
import { Chart } from '../../parts/chart.tsx';
import { KpiTable } from '../../parts/kpi-table.tsx';
import { Panel } from '../../parts/panel.tsx';
import { useKpi } from '../../use-kpi.ts';
import { term } from '../../words/api-terms.ts';
import { journeysWords } from '../../words/journeys.ts';
import { type Language, useLanguage, useWords } from '../../words/language.ts';
import { numberIn, textIn } from '../cells.ts';
import { flowGraph } from './flow-graph.ts';

/** Where journeys begin, go on and end. */
export function FlowPanel() {
  const words = useWords(journeysWords);
  const figures = useFigures();
  const language = useLanguage();
  const asked = useKpi('journey-flow', { compare: false, limit: 1000 });
  return (
    <Panel id="journey-flow" title={words.flowTitle} lead={words.flowHint} asked={asked} height={460}>
      {(answer, rows) => {
        const { nodes, links, headings } = flowGraph(rows, words, figures, language);
        const ends = nodes.filter(({ kind }) => kind !== 'channel');
        return (
          <Chart
            title={words.flowTitle}
            description={ends.map(({ tip }) => tip).join('; ')}
            height={420}
            reads={[rows, figures]}
            draw={(look) => pathFlow(look, nodes, links, headings, words.flowTitle)}
            table={
              <KpiTable
                answer={answer}
                rows={rows}
                caption={words.flowTitle}
                columns={['step', 'from_channel', 'label', 'journeys', 'purchases']}
                titles={{ step: words.stepHead, from_channel: words.from, label: words.to }}
                cells={{ label: (row) => term(textIn(row, 'label'), language) }}
              />
            }
          />
        );
      }}
    </Panel>
  );
}

/** Steps of drop-off as bars, in the order in which they are reached. */
function stepsOf(
  rows: readonly Row[],
  words: (typeof journeysWords)['en'],
  { count, share }: Figures,
  language: Language,
  isShort: boolean,
): FunnelStep[] {
  return rows.map((row) => {
    const reached = numberIn(row, 'journeys') ?? 0;
    const part = numberIn(row, 'ended_here_share');
    const name = term(textIn(row, 'label'), language);
    const end =
      part === null || row.label === 'purchase'
        ? count(reached)
        : isShort
          ? `${count(reached)} · ${share(part)}`
          : words.endHere(count(reached), share(part));
    return { name, reached, ended: numberIn(row, 'ended_here') ?? 0, end, tip: `${name}: ${end}` };
  });
}

/** Where journeys without a purchase end: by stage of a visit, or by channel. */
export function DropOffPanel({ by }: { by: 'funnel' | 'channel' }) {
  const words = useWords(journeysWords);
  const figures = useFigures();
  const language = useLanguage();
  const asked = useKpi('drop-off', { by, compare: false });
  const title = by === 'funnel' ? words.funnelTitle : words.dropTitle;
  return (
    <Panel
      id={`drop-off-${by}`}
      title={title}
      lead={by === 'funnel' ? words.funnelHint : words.dropHint}
      asked={asked}
      height={200}
      width={by === 'funnel' ? 'half' : 'full'}
    >
      {(answer, rows) => {
        const steps = stepsOf(rows, words, figures, language, by === 'channel');
        return (
          <Chart
            title={title}
            description={steps.map(({ tip }) => tip).join('; ')}
            height={30 * steps.length}
            reads={[rows, figures]}
            draw={(look) => funnel(look, steps)}
            table={
              <KpiTable
                answer={answer}
                rows={rows}
                caption={title}
                columns={['label', 'journeys', 'ended_here', 'ended_here_share', 'purchases']}
                cells={{ label: (row) => term(textIn(row, 'label'), language) }}
              />
            }
          />
        );
      }}
    </Panel>
  );
}
