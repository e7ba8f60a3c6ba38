import { axisX, dot, gridX, ruleX, ruleY, tickX } from '@observablehq/plot';
import { COLOUR, drawn, type Frame, textWidth } from './frame.ts';
import { rowLayout, rowNames } from './row-layout.ts';

export interface SpreadRow {
  name: string;
  /** What each of the other models says. */
  others: readonly { value: number; tip: string }[];
  /** What the chosen model says; null where it says nothing. */
  value: number | null;
  low: number | null;
  high: number | null;
  tip: string;
}

/** One row a name: a mark for what each model says, and the chosen one as a dot with its interval. */
export function modelSpread(
  frame: Frame,
  rows: readonly SpreadRow[],
  figure: (value: number) => string,
): SVGSVGElement {
  const at = rows.map((row, index) => ({ ...row, at: index, end: '' }));
  const layout = rowLayout(at, frame.width, true);
  const others = at.flatMap((row) => row.others.map((one) => ({ ...one, at: row.at })));
  const spans = at
    .map((row) => ({
      at: row.at,
      values: [...row.others.map(({ value }) => value), ...(row.value === null ? [] : [row.value])],
    }))
    .filter(({ values }) => values.length > 1)
    .map((row) => ({ at: row.at, from: Math.min(...row.values), to: Math.max(...row.values) }));
  const dy = layout.isAbove ? (layout.insetTop - layout.insetBottom) / 2 : 0;
  const inset = { insetTop: layout.insetTop + 2, insetBottom: layout.insetBottom + 2 };
  return drawn(frame, {
    ...layout,
    // Half of the last tick stands right of it.
    marginRight: Math.ceil(textWidth(figure(1)) / 2) + 6,
    marginLeft: Math.max(layout.marginLeft, Math.ceil(textWidth(figure(0)) / 2) + 2),
    x: { nice: true, zero: true },
    y: { type: 'band', domain: at.map((row) => row.at), axis: null, padding: 0 },
    marks: [
      gridX({ ticks: Math.max(2, Math.floor(frame.width / 150)), stroke: COLOUR.grid, strokeOpacity: 1 }),
      axisX({
        ticks: Math.max(2, Math.floor(frame.width / 150)),
        tickFormat: figure,
        tickSize: 0,
        fill: COLOUR.quiet,
        label: null,
      }),
      ruleX([0], { stroke: COLOUR.muted }),
      ruleY(spans, {
        y: 'at',
        x1: 'from',
        x2: 'to',
        dy,
        stroke: COLOUR.faint,
        strokeWidth: 6,
        strokeLinecap: 'round',
      }),
      tickX(others, { y: 'at', x: 'value', ...inset, stroke: COLOUR.muted, strokeWidth: 2, title: 'tip' }),
      ruleY(
        at.filter(({ low, high }) => low !== null && high !== null),
        { y: 'at', x1: 'low', x2: 'high', dy, stroke: COLOUR.main, strokeWidth: 2, title: 'tip' },
      ),
      dot(
        at.filter(({ value }) => value !== null),
        {
          y: 'at',
          x: 'value',
          dy,
          r: 5,
          fill: COLOUR.main,
          stroke: COLOUR.ground,
          strokeWidth: 1.5,
          title: 'tip',
        },
      ),
      ...rowNames(at, layout, frame.width),
    ],
  });
}
