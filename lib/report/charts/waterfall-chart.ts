import * as Plot from '@observablehq/plot';
import type { KpiAnswer } from '../../pipeline/report-kpi.ts';
import { type Cells, COLOURS, drawn, numberIn, percent, provenance, textIn } from './drawing.ts';

/** The ROPO waterfall of one currency and label: a bar a step, and in grey what did not reach the next, by reason. */
export function waterfallChart(answer: KpiAnswer): string {
  const first = answer.rows[0];
  const own = answer.rows.filter((row) => row.currency === first?.currency && row.label === first?.label);
  const currency = textIn(first ?? {}, 'currency');
  const all = numberIn(own[0] ?? {}, 'sold') ?? 0;
  const bars = own.map((row, place) => ({
    place,
    name: row.remainder === null ? textIn(row, 'step') : `less: ${textIn(row, 'remainder')}`,
    sold: numberIn(row, 'sold') ?? 0,
    kind: row.remainder === null ? 'step' : 'remainder',
    corrected: correctedPart(row),
    words: words(row, all),
  }));
  const others = new Set(answer.rows.map((row) => `${row.currency}|${row.label}`)).size - 1;
  return drawn(
    {
      height: 40 + bars.length * 26,
      marginBottom: 48,
      marginLeft: 300,
      marginRight: 190,
      x: { labelAnchor: 'center', labelOffset: 40, label: `Sold, ${currency}`, grid: true, tickFormat: '~s' },
      y: { label: null, domain: bars.map(({ name }) => name) },
      marks: [
        Plot.barX(bars, {
          x: 'sold',
          y: 'name',
          fill: (bar: (typeof bars)[number]) => (bar.kind === 'step' ? COLOURS.real : COLOURS.remainder),
        }),
        Plot.barX(bars, { x: 'corrected', y: 'name', fill: COLOURS.corrected, insetTop: 7, insetBottom: 7 }),
        Plot.text(bars, {
          x: 'sold',
          y: 'name',
          text: 'words',
          textAnchor: 'start',
          dx: 6,
          fill: COLOURS.text,
        }),
        Plot.ruleX([0]),
      ],
    },
    {
      title: `${answer.title}: from all store purchases to those researched online`,
      subtitle: `Blue: what reaches a step. Grey: what does not get further. Orange: what is left of a step of research once chance is taken out.`,
      note: `${provenance(answer)}${others > 0 ? ` · ${textIn(first ?? {}, 'label')}, ${currency}; ${others} more in the table` : ''}`,
    },
  );
}

/** Corrected revenue of a step: its sold revenue, in the proportion of the corrected to the naive share. */
function correctedPart(row: Cells): number {
  const [naive, corrected] = [numberIn(row, 'naive_share'), numberIn(row, 'corrected_share')];
  if (naive === null || corrected === null || naive === 0) return 0;
  return ((numberIn(row, 'sold') ?? 0) * Math.max(0, corrected)) / naive;
}

function words(row: Cells, all: number): string {
  const sold = numberIn(row, 'sold') ?? 0;
  const share = percent(all === 0 ? null : sold / all);
  const naive = numberIn(row, 'naive_share');
  if (naive === null) return share;
  return `${share} · naive ${percent(naive)}, chance ${percent(numberIn(row, 'placebo_share'))}, corrected ${percent(numberIn(row, 'corrected_share'))}`;
}
