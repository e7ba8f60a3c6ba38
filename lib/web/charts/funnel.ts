import { barX } from '@observablehq/plot';
import { COLOUR, drawn, type Frame } from './frame.ts';
import { rowEnds, rowLayout, rowNames } from './row-layout.ts';

export interface FunnelStep {
  name: string;
  /** How many came here, and how many of these went no further. */
  reached: number;
  ended: number;
  /** Both as text, behind the bar. */
  end: string;
  /** The same where there is little room. */
  short?: string;
  tip: string;
}

/** How many reach each step; the part that ends there is hollow. */
export function funnel(frame: Frame, steps: readonly FunnelStep[]): SVGSVGElement {
  const layout = rowLayout(steps, frame.width);
  const at = steps.map((step, index) => ({ ...step, at: index, on: step.reached - step.ended }));
  const inset = { insetTop: layout.insetTop, insetBottom: layout.insetBottom };
  return drawn(frame, {
    ...layout,
    x: { domain: [0, Math.max(...steps.map(({ reached }) => reached), 1)], axis: null },
    y: { type: 'band', domain: at.map((step) => step.at), axis: null, padding: 0 },
    marks: [
      barX(at, { y: 'at', x1: 0, x2: 'on', fill: COLOUR.main, ...inset, title: 'tip' }),
      barX(at, {
        y: 'at',
        x1: 'on',
        x2: 'reached',
        fill: COLOUR.ground,
        stroke: COLOUR.other,
        strokeWidth: 1.5,
        strokeDasharray: '4 3',
        ...inset,
        title: 'tip',
      }),
      ...rowEnds(
        at,
        layout,
        frame.width,
        ({ reached }) => reached,
        () => false,
      ),
      ...rowNames(at, layout, frame.width),
    ],
  });
}
