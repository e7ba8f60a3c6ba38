import { barX, ruleX } from '@observablehq/plot';
import { COLOUR, drawn, type Frame } from './frame.ts';
import { rowEnds, rowLayout, rowNames } from './row-layout.ts';

export interface CascadeStep {
  name: string;
  /** `level` stands from zero; `less` and `more` hang between two levels. */
  kind: 'level' | 'less' | 'more';
  /** Where the bar begins and ends: from zero for a level. */
  from: number;
  to: number;
  /** The figure as text. */
  end: string;
  /** The same where there is little room. */
  short?: string;
  tip: string;
}

/** From a whole to what is left of it, step by step: a waterfall that lies on its side, so that names have room. */
export function cascade(frame: Frame, steps: readonly CascadeStep[]): SVGSVGElement {
  const layout = rowLayout(steps, frame.width);
  const at = steps.map((step, index) => ({ ...step, at: index }));
  const levels = at.filter(({ kind }) => kind === 'level');
  const moves = at.filter(({ kind }) => kind !== 'level');
  const all = steps.flatMap(({ from, to }) => [from, to]);
  const inset = { insetTop: layout.insetTop, insetBottom: layout.insetBottom };
  const domain = [Math.min(0, ...all), Math.max(0, ...all) || 1];
  const isLoss = ({ to }: CascadeStep) => to < 0;
  return drawn(frame, {
    ...layout,
    x: { domain, axis: null },
    y: { type: 'band', domain: at.map((step) => step.at), axis: null, padding: 0 },
    marks: [
      ruleX([0], { stroke: COLOUR.muted }),
      barX(levels, {
        y: 'at',
        x1: 'from',
        x2: 'to',
        fill: (step: CascadeStep) => (isLoss(step) ? COLOUR.other : COLOUR.main),
        ...inset,
        title: 'tip',
      }),
      barX(moves, {
        y: 'at',
        x1: 'from',
        x2: 'to',
        fill: COLOUR.faint,
        stroke: COLOUR.muted,
        strokeWidth: 1,
        ...inset,
        title: 'tip',
      }),
      ...rowEnds(
        at,
        layout,
        frame.width,
        ({ from, to }) => Math.max(from, to),
        ({ kind }) => kind !== 'level',
      ),
      ...rowNames(
        at,
        layout,
        frame.width,

        ({ kind }) => kind === 'level',
      ),
    ],
  });
}
