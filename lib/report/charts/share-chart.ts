import * as Plot from '@observablehq/plot';
import type { KpiAnswer } from '../../pipeline/report-kpi.ts';
import { COLOURS, drawn, numberIn, provenance, textIn } from './drawing.ts';

/** ROPO by any grouping: naive, what the placebo finds, and the corrected share with its interval, a line each. */
export function shareChart(answer: KpiAnswer): string {
  const isOfSeveral = new Set(answer.rows.map(({ currency }) => currency)).size > 1;
  const rows = answer.rows.map((row) => ({
    name: isOfSeveral ? `${textIn(row, 'label')}, ${textIn(row, 'currency')}` : textIn(row, 'label'),
    naive: numberIn(row, 'naive_share'),
    placebo: numberIn(row, 'placebo_share'),
    corrected: numberIn(row, 'corrected_share'),
    low: numberIn(row, 'corrected_low'),
    high: numberIn(row, 'corrected_high'),
    verdict: row.corrected_share === null ? textIn(row, 'verdict') : '',
  }));
  const longest = Math.max(...rows.map(({ name }) => name.length), 5);
  return drawn(
    {
      height: 50 + rows.length * 26,
      marginBottom: 48,
      marginLeft: Math.min(300, 20 + longest * 7),
      marginRight: 30,
      x: {
        labelAnchor: 'center',
        labelOffset: 40,
        label: 'ROPO share of identified purchases',
        grid: true,
        tickFormat: '.0%',
      },
      y: { label: null, domain: rows.map(({ name }) => name) },
      marks: [
        Plot.ruleX([0]),
        Plot.link(rows, { x1: 'low', x2: 'high', y: 'name', stroke: COLOURS.corrected, strokeWidth: 3 }),
        Plot.dot(rows, { x: 'corrected', y: 'name', fill: COLOURS.corrected, r: 5 }),
        Plot.dot(rows, { x: 'placebo', y: 'name', stroke: COLOURS.placebo, symbol: 'times', r: 4 }),
        Plot.dot(rows, { x: 'naive', y: 'name', stroke: COLOURS.real, r: 4 }),
        Plot.text(rows, {
          x: () => 0,
          y: 'name',
          text: 'verdict',
          textAnchor: 'start',
          dx: 6,
          fill: '#555555',
        }),
      ],
    },
    {
      title: `${answer.title} by ${answer.by.replaceAll('_', ' ')}`,
      subtitle: 'Orange: corrected, with its 95% interval. Grey cross: what chance finds. Blue ring: naive.',
      note: provenance(answer),
    },
  );
}
