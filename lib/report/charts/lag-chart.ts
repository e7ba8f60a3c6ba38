import * as Plot from '@observablehq/plot';
import type { KpiAnswer } from '../../pipeline/report-kpi.ts';
import { COLOURS, drawn, numberIn, provenance, textIn } from './drawing.ts';

/** The lag curve: by day between view and purchase, what really happened, what the placebo finds, and the excess. */
export function lagChart(answer: KpiAnswer): string {
  const days = answer.rows.map((row) => ({
    day: Number(row.label),
    real: numberIn(row, 'real_share'),
    placebo: numberIn(row, 'placebo_share'),
    low: numberIn(row, 'excess_low'),
    high: numberIn(row, 'excess_high'),
    excess: numberIn(row, 'excess'),
  }));
  const ends = numberIn(answer.rows[0] ?? {}, 'excess_ends_days');
  const placebo = textIn(answer.rows[0] ?? {}, 'placebo');
  const last = days.at(-1)?.day ?? 0;
  const line = (y: 'real' | 'placebo' | 'excess', stroke: string, strokeDasharray?: string) =>
    Plot.lineY(days, {
      x: 'day',
      y,
      stroke,
      strokeWidth: 2,
      ...(strokeDasharray ? { strokeDasharray } : {}),
    });
  const name = (text: string, fill: string, dy: number) =>
    Plot.text([text], {
      frameAnchor: 'top-right',
      dx: -8,
      dy,
      text: (words: string) => words,
      fill,
      fontWeight: 600,
    });
  return drawn(
    {
      height: 340,
      marginBottom: 48,
      marginLeft: 60,
      x: {
        labelAnchor: 'center',
        labelOffset: 40,
        label: 'Days between the last view and the purchase',
        domain: [0, last],
      },
      y: { label: 'Of tested lines', grid: true, tickFormat: '.1%' },
      marks: [
        Plot.areaY(days, { x: 'day', y1: 'low', y2: 'high', fill: COLOURS.corrected, fillOpacity: 0.2 }),
        line('excess', COLOURS.corrected),
        line('placebo', COLOURS.placebo, '4 3'),
        line('real', COLOURS.real),
        Plot.ruleY([0]),
        ...(ends === null
          ? []
          : [
              Plot.ruleX([ends], { stroke: COLOURS.text, strokeDasharray: '2 3' }),
              Plot.text([ends], {
                x: (day: number) => day,
                frameAnchor: 'top',
                dy: 54,
                dx: 6,
                textAnchor: 'start',
                text: (day: number) => `excess ends after ${day} days`,
              }),
            ]),
        name('real', COLOURS.real, 4),
        name(`placebo (${placebo})`, COLOURS.placebo, 20),
        name('excess, with 95% interval', COLOURS.corrected, 36),
      ],
    },
    {
      title: `${answer.title}: real against placebo`,
      subtitle:
        'Store purchases of identified repeat buyers by how long before them the person last viewed online.',
      note: provenance(answer),
    },
  );
}
