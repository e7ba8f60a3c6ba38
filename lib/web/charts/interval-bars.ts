import { axisX, barX, dot, gridX, ruleX, ruleY, text, tickX } from '@observablehq/plot';
import { COLOUR, drawn, type Frame, textWidth } from './frame.ts';
import { rowEnds, rowLayout, rowNames } from './row-layout.ts';

export interface IntervalRow {
  name: string;
  /** None where the figure is withheld; then `end` says why. */
  value: number | null;
  low?: number | null;
  high?: number | null;
  /** What stands behind the bar: the figure as text, or why it is not there. */
  end: string;
  /** The same where there is little room. */
  short?: string;
  /** What is told on hover. */
  tip: string;
  /** Not told apart from nothing, or from others: drawn hollow, and `end` should say so. */
  isUnsure?: boolean;
}

export interface IntervalOptions {
  /** 'dot' where zero is not what figures are compared with, as in a ranking. */
  shape?: 'bar' | 'dot';
  /** What all rows are set beside, as a dashed line with its name. */
  reference?: { value: number; name: string } | null;
  /** How values are written on a scale below the rows; without it there is none. */
  scale?: (value: number) => string;
}

/** Room for the name of the reference, above the rows. */
const NAMED = 18;

/**
 * One bar a row from zero to its figure, with a whisker over its interval.
 */
export function intervalBars(
  frame: Frame,
  rows: readonly IntervalRow[],
  { shape = 'bar', reference = null, scale }: IntervalOptions = {},
): SVGSVGElement {
  const layout = rowLayout(rows, frame.width, scale !== undefined);
  const ticks = Math.max(2, Math.floor((frame.width - layout.marginLeft - layout.marginRight) / 110));
  const at = rows.map((row, index) => ({ ...row, at: index }));
  const shown = at.filter(({ value }) => value !== null);
  const ranged = at.filter(({ low, high }) => typeof low === 'number' && typeof high === 'number');
  const known = rows
    .flatMap(({ value, low, high }) => [value, low, high])
    .filter((n) => typeof n === 'number');
  const domain = [Math.min(0, ...known), Math.max(0, ...known) || 1];
  const inset = { insetTop: layout.insetTop, insetBottom: layout.insetBottom };
  const middle = layout.isAbove ? (layout.insetTop - layout.insetBottom) / 2 : 0;
  const reach = ({ value, low, high }: IntervalRow) =>
    Math.max(value ?? domain[0]!, high ?? low ?? domain[0]!, 0);
  return drawn(frame, {
    ...layout,
    ...(reference === null ? {} : { marginTop: layout.marginTop + NAMED, height: layout.height + NAMED }),
    // Half of the first mark of the scale stands left of it.
    ...(scale === undefined
      ? {}
      : { marginLeft: Math.max(layout.marginLeft, Math.ceil(textWidth(scale(domain[0]!)) / 2) + 2) }),
    x: { domain, axis: null },
    y: { type: 'band', domain: at.map((row) => row.at), axis: null, padding: 0 },
    marks: [
      ...(scale === undefined
        ? []
        : [
            gridX({ ticks, stroke: COLOUR.grid, strokeOpacity: 1 }),
            axisX({ ticks, tickFormat: scale, tickSize: 0, fill: COLOUR.quiet, label: null }),
          ]),
      // Where names stand above their bars, the line of zero would run through them.
      layout.isAbove
        ? tickX(at, { y: 'at', x: () => 0, stroke: COLOUR.muted, ...inset })
        : ruleX([0], { stroke: COLOUR.muted }),
      ...(reference === null
        ? []
        : [
            ruleX([reference.value], { stroke: COLOUR.muted, strokeDasharray: '4 3' }),
            text([reference], {
              x: 'value',
              text: 'name',
              frameAnchor: 'top',
              dy: -NAMED / 2 - 2,
              fill: COLOUR.quiet,
            }),
          ]),
      ...(shape === 'bar'
        ? [
            barX(
              shown.filter(({ isUnsure }) => !isUnsure),
              {
                y: 'at',
                x: 'value',
                fill: ({ value }: IntervalRow) => ((value ?? 0) < 0 ? COLOUR.other : COLOUR.main),
                ...inset,
                title: 'tip',
              },
            ),
            barX(
              shown.filter(({ isUnsure }) => isUnsure),
              {
                y: 'at',
                x: 'value',
                fill: COLOUR.ground,
                stroke: COLOUR.main,
                strokeDasharray: '4 2',
                ...inset,
                title: 'tip',
              },
            ),
          ]
        : []),
      ...whiskers(ranged, middle, inset),
      ...(shape === 'dot'
        ? [
            dot(shown, {
              y: 'at',
              x: 'value',
              dy: middle,
              r: 5,
              fill: ({ isUnsure }: IntervalRow) => (isUnsure ? COLOUR.ground : COLOUR.main),
              stroke: COLOUR.main,
              strokeWidth: 2,
              title: 'tip',
            }),
          ]
        : []),
      ...rowEnds(at, layout, frame.width, reach, (row) => row.value === null || row.isUnsure === true),
      ...rowNames(at, layout, frame.width),
    ],
  });
}

function whiskers(rows: readonly (IntervalRow & { at: number })[], dy: number, inset: object) {
  const ends = rows.flatMap((row) => [
    { ...row, end: row.low },
    { ...row, end: row.high },
  ]);
  return [
    ruleY(rows, { y: 'at', x1: 'low', x2: 'high', dy, stroke: COLOUR.text, strokeWidth: 1.5, title: 'tip' }),
    tickX(ends, { y: 'at', x: 'end', stroke: COLOUR.text, strokeWidth: 1.5, ...inset, title: 'tip' }),
  ];
}
