import { type CascadeStep, cascade } from '../../charts/cascade.ts';
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

/** A part of the researched, beside the way: not a step that the next one follows from. */
const BESIDE = 'of these credited';

/** Steps as bars: each level whole, and what does not reach the next hanging from it, by reason. */
export function waterfallSteps(
  rows: readonly Row[],
  words: Words,
  figures: Figures,
  language: Language,
): CascadeStep[] {
  let hanging = 0;
  return rows
    .filter((row) => row.step !== BESIDE)
    .map((row) => {
      const revenue = numberIn(row, 'revenue') ?? 0;
      const isLevel = row.remainder == null;
      const name = term(textIn(row, isLevel ? 'step' : 'remainder'), language);
      const from = isLevel ? 0 : hanging;
      const to = isLevel ? revenue : hanging - revenue;
      hanging = to;
      const share = numberIn(row, 'share_of_store');
      const money = figures.money(revenue, textIn(row, 'currency'), { short: true });
      const end = [isLevel ? money : `−${money}`, share === null ? '' : figures.share(share)]
        .filter(Boolean)
        .join(' · ');
      return {
        name,
        kind: isLevel ? ('level' as const) : ('less' as const),
        from,
        to,
        end,
        tip: tipOf(row, name, end, words, figures),
      };
    });
}

function tipOf(row: Row, name: string, end: string, words: Words, { share }: Figures): string {
  const [chance, corrected] = [numberIn(row, 'placebo_share'), numberIn(row, 'corrected_share')];
  const against =
    chance === null || corrected === null ? '' : `\n${words.chanceFinds(share(chance), share(corrected))}`;
  return `${name}: ${end}${against}`;
}

export function WaterfallPanel() {
  const words = useWords(ropoWords);
  const figures = useFigures();
  const language = useLanguage();
  const asked = useKpi('ropo-waterfall', { by: 'all', compare: false });
  return (
    <Panel
      id="ropo-waterfall"
      title={words.waterfallTitle}
      lead={words.waterfallLead}
      asked={asked}
      height={500}
      width="full"
    >
      {(answer, rows) => {
        const steps = waterfallSteps(rows, words, figures, language);
        const cells = {
          step: (row: Row) => term(textIn(row, 'step'), language),
          remainder: (row: Row) => term(textIn(row, 'remainder'), language),
          placebo: (row: Row) => term(textIn(row, 'placebo'), language),
        };
        return (
          <>
            <Chart
              title={words.waterfallTitle}
              description={steps
                .filter(({ kind }) => kind === 'level')
                .map(({ name, end }) => `${name}: ${end}`)
                .join('; ')}
              height={30 * steps.length}
              reads={[rows, figures]}
              draw={(look) => cascade(look, steps)}
              table={
                <KpiTable
                  answer={answer}
                  rows={rows}
                  caption={words.waterfallTitle}
                  columns={['step', 'remainder', 'receipts', 'lines', 'sold', 'revenue', 'share_of_store']}
                  cells={cells}
                />
              }
            />
            <h3>{words.levelsTitle}</h3>
            <p class="lead">{words.levelsHint}</p>
            <KpiTable
              answer={answer}
              rows={rows.filter((row) => row.placebo != null)}
              caption={words.levelsTitle}
              columns={['step', 'naive_share', 'placebo_share', 'corrected_share', 'placebo']}
              cells={cells}
              reason={(row) => term(textIn(row, 'placebo'), language)}
            />
          </>
        );
      }}
    </Panel>
  );
}
