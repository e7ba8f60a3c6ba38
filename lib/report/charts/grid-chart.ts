import * as Plot from '@observablehq/plot';
import type { KpiAnswer } from '../../pipeline/report-kpi.ts';
import { COLOURS, drawn, numberIn, percent, provenance, textIn } from './drawing.ts';

/** The grid of windows and levels: the corrected share in each cell, under it the naive one and what chance finds. */
export function gridChart(answer: KpiAnswer): string {
  const currency = answer.rows[0]?.currency;
  const cells = answer.rows
    .filter((row) => row.currency === currency)
    .map((row) => ({
      level: textIn(row, 'level'),
      window: textIn(row, 'label'),
      corrected: numberIn(row, 'corrected_share'),
      main:
        numberIn(row, 'corrected_share') === null
          ? row.level === 'any'
            ? 'no headline'
            : 'not reliable'
          : percent(numberIn(row, 'corrected_share')),
      naive: `naive ${percent(numberIn(row, 'naive_share'))}`,
      chance: `chance ${percent(numberIn(row, 'placebo_share'))}`,
      isDriven: row.window_driven === 'window-driven',
    }));
  const most = Math.max(0.01, ...cells.map(({ corrected }) => corrected ?? 0));
  return drawn(
    {
      height: 330,
      marginLeft: 80,
      marginTop: 30,
      padding: 0.04,
      x: { label: null, axis: 'top', domain: [...new Set(cells.map(({ window }) => window))] },
      y: { label: null, domain: [...new Set(cells.map(({ level }) => level))] },
      color: { type: 'linear', domain: [0, most], range: ['#fff5eb', '#fdae6b'], unknown: '#eeeeee' },
      marks: [
        Plot.cell(cells, { x: 'window', y: 'level', fill: 'corrected' }),
        Plot.text(cells, {
          x: 'window',
          y: 'level',
          text: 'main',
          dy: -10,
          fontSize: 15,
          fontWeight: 600,
          fill: COLOURS.text,
        }),
        Plot.text(cells, { x: 'window', y: 'level', text: 'naive', dy: 10, fontSize: 11, fill: '#555555' }),
        Plot.text(cells, { x: 'window', y: 'level', text: 'chance', dy: 23, fontSize: 11, fill: '#555555' }),
        Plot.cell(
          cells.filter(({ isDriven }) => isDriven),
          { x: 'window', y: 'level', fill: 'none', stroke: COLOURS.corrected, strokeWidth: 2 },
        ),
      ],
    },
    {
      title: `${answer.title}: the corrected share in every cell`,
      subtitle:
        'Large: corrected for chance. Small: naive, and what the placebo finds. Framed: made by the window.',
      note: provenance(answer),
    },
  );
}
