import { axisX, axisY, dot, gridX, gridY, line, ruleX, text } from '@observablehq/plot';
import { COLOUR, drawn, type Frame, textWidth } from './frame.ts';

export interface SpendPoint {
  name: string;
  spend: number;
  revenue: number;
  low: number | null;
  high: number | null;
  tip: string;
}

/** Credited revenue over spend, both on scales by factors, with the line where they are equal. */
export function spendCredit(
  frame: Frame,
  points: readonly SpendPoint[],
  words: { spend: string; credit: string; equal: string },
  figure: (value: number) => string,
): SVGSVGElement {
  const known = points.filter(({ spend, revenue }) => spend > 0 && revenue > 0);
  const x = reach(known.map(({ spend }) => spend));
  const y = reach(
    known.flatMap(({ spend, revenue, low, high }) => [revenue, low ?? revenue, high ?? revenue, spend]),
  );
  const ends = [Math.max(x[0], y[0]), Math.min(x[1], y[1])].map((value) => ({ value }));
  const across = roundSteps(x, Math.max(2, Math.floor(frame.width / 110)));
  const up = roundSteps(y, 6);
  const height = Math.max(300, Math.min(420, Math.round(frame.width * 0.6)));
  const marginLeft = textWidth(figure(y[1])) + 16;
  const marginRight = 90;
  const named = namesBeside(known, {
    x: along(x, marginLeft, frame.width - marginRight),
    y: along(y, height - MARGIN_BOTTOM, MARGIN_TOP),
    width: frame.width,
  });
  return drawn(frame, {
    height,
    marginLeft,
    marginRight,
    marginTop: MARGIN_TOP,
    marginBottom: MARGIN_BOTTOM,
    x: { type: 'log', domain: x },
    y: { type: 'log', domain: y },
    marks: [
      gridX({ ticks: across, stroke: COLOUR.grid, strokeOpacity: 1 }),
      gridY({ ticks: up, stroke: COLOUR.grid, strokeOpacity: 1 }),
      axisX({
        ticks: across,
        tickFormat: figure,
        tickSize: 0,
        fill: COLOUR.quiet,
        label: words.spend,
        labelArrow: 'none',
      }),
      axisY({
        ticks: up,
        tickFormat: figure,
        tickSize: 0,
        fill: COLOUR.quiet,
        // The line is named here: beside it, its name would stand on those of channels.
        label: `${words.credit}  ┄ ${words.equal}`,
        labelArrow: 'none',
        labelAnchor: 'top',
      }),
      line(ends, { x: 'value', y: 'value', stroke: COLOUR.muted, strokeDasharray: '5 4' }),
      ruleX(
        known.filter(({ low, high }) => low !== null && high !== null && low > 0),
        { x: 'spend', y1: 'low', y2: 'high', stroke: COLOUR.main, strokeWidth: 1.5, title: 'tip' },
      ),
      dot(known, { x: 'spend', y: 'revenue', r: 5, fill: COLOUR.main, stroke: COLOUR.ground, title: 'tip' }),
      ...SIDES.map((side) =>
        text(
          named.filter((one) => one.side === side),
          {
            x: 'spend',
            y: 'revenue',
            text: 'short',
            title: 'tip',
            dx: side.dx,
            dy: side.dy,
            textAnchor: side.anchor,
            fill: COLOUR.text,
            stroke: COLOUR.ground,
            strokeWidth: 3,
          },
        ),
      ),
    ],
  });
}

/** Values such as 100, 200 and 500 between two; only 100 and 1,000 where those would be too many. */
function roundSteps([least, most]: [number, number], count: number): number[] {
  const powers = Array.from({ length: 16 }, (_, power) => 10 ** (power - 3));
  const between = (factors: readonly number[]) =>
    powers
      .flatMap((power) => factors.map((factor) => factor * power))
      .filter((one) => one >= least && one <= most);
  const fine = between([1, 2, 5]);
  return fine.length <= count ? fine : between([1]);
}

/** A little beyond the least and the most. */
function reach(values: readonly number[]): [number, number] {
  const known = values.filter((value) => value > 0);
  if (known.length === 0) return [1, 10];
  return [Math.min(...known) / 1.3, Math.max(...known) * 1.3];
}

const MARGIN_TOP = 28;
const MARGIN_BOTTOM = 44;
const LONGEST = 28;
const LINE = 15;

/** Where a name may stand beside its dot, the most usual place first. */
const SIDES = [
  { anchor: 'start', dx: 9, dy: 0 },
  { anchor: 'end', dx: -9, dy: 0 },
  { anchor: 'middle', dx: 0, dy: -14 },
  { anchor: 'middle', dx: 0, dy: 14 },
] as const;

/** Pixels along a scale by factors. */
const along =
  ([least, most]: [number, number], from: number, to: number) =>
  (value: number) =>
    from + (Math.log(value / least) / Math.log(most / least)) * (to - from);

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

const areApart = (one: Box, other: Box) =>
  one.right <= other.left || one.left >= other.right || one.bottom <= other.top || one.top >= other.bottom;

/** Each name on the first side where it covers no dot and no other name; what finds no side is told on hover and in the table. */
function namesBeside(
  points: readonly SpendPoint[],
  room: { x: (value: number) => number; y: (value: number) => number; width: number },
) {
  const centre = ({ spend, revenue }: SpendPoint) => ({ x: room.x(spend), y: room.y(revenue) });
  const dots = points.map((point) => {
    const { x, y } = centre(point);
    return { point, box: { left: x - 6, right: x + 6, top: y - 6, bottom: y + 6 } };
  });
  const taken: Box[] = [];
  return points
    .toSorted((a, b) => b.revenue - a.revenue)
    .flatMap((point) => {
      const short = point.name.length > LONGEST ? `${point.name.slice(0, LONGEST - 1)}…` : point.name;
      const { x, y } = centre(point);
      const wide = textWidth(short);
      for (const side of SIDES) {
        const left = x + side.dx - { start: 0, middle: wide / 2, end: wide }[side.anchor];
        const top = y + side.dy - LINE / 2;
        const box = { left, right: left + wide, top, bottom: top + LINE };
        const isFree =
          left >= 0 &&
          box.right <= room.width &&
          taken.every((other) => areApart(box, other)) &&
          dots.every((dot) => dot.point === point || areApart(box, dot.box));
        if (!isFree) continue;
        taken.push(box);
        return [{ ...point, short, side }];
      }
      return [];
    });
}
