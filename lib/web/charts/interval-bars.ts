import { barX, dot, ruleX, ruleY, tickX } from '@observablehq/plot';
import { COLOUR, drawn, type Frame } from './frame.ts';
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

/**
 * One bar a row from zero to its figure, with a whisker over its interval.
 * @param options.shape 'dot' where zero is not what figures are compared with, as in a ranking
 */
export function intervalBars(
  frame: Frame,
  rows: readonly IntervalRow[],
  { shape = 'bar', reference = null }: { shape?: 'bar' | 'dot'; reference?: number | null } = {},
): SVGSVGElement {
  const layout = rowLayout(rows, frame.width);
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
    x: { domain, axis: null },
    y: { type: 'band', domain: at.map((row) => row.at), axis: null, padding: 0 },
    marks: [
      ruleX([0], { stroke: COLOUR.muted }),
      ...(reference === null ? [] : [ruleX([reference], { stroke: COLOUR.muted, strokeDasharray: '4 3' })]),
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
