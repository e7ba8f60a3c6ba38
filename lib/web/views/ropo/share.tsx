import { intervalBars } from '../../charts/interval-bars.ts';
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

/** The share in one sentence: what was found, what chance alone finds, what is left and how sure. */
function sentence(row: Row, words: Words, { share }: Figures, language: Language): string {
  const [naive, chance, corrected] = ['naive_share', 'placebo_share', 'corrected_share'].map((name) =>
    numberIn(row, name),
  );
  const [low, high] = [numberIn(row, 'corrected_low'), numberIn(row, 'corrected_high')];
  if (naive == null || chance == null || low === null || high === null)
    return words.saysNothing(term(textIn(row, 'verdict'), language));
  return corrected == null
    ? words.saysRange(share(naive), share(chance), share(low), share(high))
    : words.says(share(naive), share(chance), share(corrected), share(low), share(high));
}

function worth(row: Row, words: Words, { money }: Figures): string {
  const [revenue, low, high] = ['ropo_revenue', 'ropo_revenue_low', 'ropo_revenue_high'].map((name) =>
    numberIn(row, name),
  );
  if (revenue == null || low == null || high == null) return '';
  const write = (value: number) => money(value, textIn(row, 'currency'), { short: true });
  return words.worth(write(revenue), write(low), write(high));
}

/** Naive, by chance, and what is left of it. */
export function SharePanel({ level }: { level: string }) {
  const words = useWords(ropoWords);
  const figures = useFigures();
  const language = useLanguage();
  const asked = useKpi('ropo', { by: 'all', filters: { level }, compare: false });
  return (
    <Panel id="ropo-share" title={words.shareTitle} asked={asked} height={220} width="half">
      {(answer, rows) => {
        const row = rows[0];
        if (!row) return null;
        const says = sentence(row, words, figures, language);
        const verdict = term(textIn(row, 'verdict'), language);
        return (
          <>
            <p class="says">
              {says} {worth(row, words, figures)}
            </p>
            <Chart
              title={words.shareTitle}
              description={says}
              height={96}
              reads={[row, figures]}
              draw={(look) => intervalBars(look, shareBars(row, words, figures, verdict))}
              table={
                <KpiTable
                  answer={answer}
                  rows={rows}
                  caption={words.shareTitle}
                  columns={[
                    'label',
                    'naive_share',
                    'placebo_share',
                    'corrected_share',
                    'corrected_low',
                    'corrected_high',
                    'week_shift_share',
                    'mirror_share',
                    'persons',
                  ]}
                  cells={{ label: (one) => term(textIn(one, 'label'), language) }}
                  reason={(one) => term(textIn(one, 'verdict'), language)}
                />
              }
            />
            <p class="faint">
              {words.verdict}: {verdict}. {term(textIn(row, 'measured_as'), language)}.
            </p>
          </>
        );
      }}
    </Panel>
  );
}

function shareBars(row: Row, words: Words, { share }: Figures, verdict: string) {
  const [low, high] = [numberIn(row, 'corrected_low'), numberIn(row, 'corrected_high')];
  const corrected = numberIn(row, 'corrected_share');
  const range = low === null || high === null ? '' : words.reach(share(low), share(high));
  const bar = (name: string, value: number | null) => ({
    name,
    value,
    end: value === null ? words.noFigure : share(value),
    tip: `${name}: ${value === null ? words.noFigure : share(value)}`,
  });
  return [
    bar(words.naive, numberIn(row, 'naive_share')),
    { ...bar(words.chance, numberIn(row, 'placebo_share')), isUnsure: true },
    {
      name: words.corrected,
      value: corrected,
      low,
      high,
      end: corrected === null ? range || words.noFigure : `${share(corrected)} (${range})`,
      short: corrected === null ? words.noFigure : share(corrected),
      tip: `${words.corrected}: ${corrected === null ? verdict : share(corrected)} ${range}`,
    },
  ];
}
