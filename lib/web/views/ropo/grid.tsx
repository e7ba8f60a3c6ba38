import { type HeatCell, HeatTable } from '../../charts/heat-table.tsx';
import { type Figures, type Row, useFigures } from '../../figures.ts';
import { Panel } from '../../parts/panel.tsx';
import { useKpi } from '../../use-kpi.ts';
import { term } from '../../words/api-terms.ts';
import { type Language, useLanguage, useWords } from '../../words/language.ts';
import { ropoWords } from '../../words/ropo.ts';
import { largest, numberIn, textIn } from '../cells.ts';

type Words = (typeof ropoWords)['en'];

/** Windows across, levels down; each cell the corrected share of the same purchases. */
export function GridPanel() {
  const words = useWords(ropoWords);
  const figures = useFigures();
  const language = useLanguage();
  const asked = useKpi('ropo-grid');
  return (
    <Panel id="ropo-grid" title={words.gridTitle} lead={words.gridHint} asked={asked} height={200}>
      {(_, rows) => {
        const windows = [...new Set(rows.map((row) => textIn(row, 'label')))];
        const levels = [...new Set(rows.map((row) => textIn(row, 'level')))];
        const most = largest(rows, 'corrected_share');
        return (
          <HeatTable
            caption={words.gridTitle}
            corner={words.gridCorner}
            columns={windows.map((window) => term(window, language))}
            rows={levels.map((level) => ({
              name: term(level, language),
              cells: windows.map((window) => {
                const row = rows.find((one) => one.label === window && one.level === level);
                return row ? cellOf(row, most, words, figures, language) : null;
              }),
            }))}
          />
        );
      }}
    </Panel>
  );
}

function cellOf(row: Row, most: number, words: Words, { share }: Figures, language: Language): HeatCell {
  const value = numberIn(row, 'corrected_share');
  const [naive, chance] = [numberIn(row, 'naive_share'), numberIn(row, 'placebo_share')];
  const found = naive === null || chance === null ? '' : words.gridFound(share(naive), share(chance));
  const isMarked = value !== null && row.window_driven === 'window-driven';
  const verdict = term(textIn(row, 'verdict'), language);
  return {
    strength: value === null ? null : Math.max(0, value) / most,
    text: value === null ? words.noFigure : share(value),
    tip: [found, verdict, isMarked ? term('window-driven', language) : ''].filter(Boolean).join('; '),
    isMarked,
  };
}
