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
  return drawn(frame, {
    height,
    marginLeft,
    marginRight: 90,
    marginTop: 28,
    marginBottom: 44,
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
        label: words.credit,
        labelArrow: 'none',
        labelAnchor: 'top',
      }),
      line(ends, { x: 'value', y: 'value', stroke: COLOUR.muted, strokeDasharray: '5 4' }),
      text(ends.slice(0, 1), {
        x: 'value',
        y: 'value',
        text: () => words.equal,
        fill: COLOUR.quiet,
        textAnchor: 'start',
        dy: -6,
        dx: 24,
      }),
      ruleX(
        known.filter(({ low, high }) => low !== null && high !== null && low > 0),
        { x: 'spend', y1: 'low', y2: 'high', stroke: COLOUR.main, strokeWidth: 1.5, title: 'tip' },
      ),
      dot(known, { x: 'spend', y: 'revenue', r: 5, fill: COLOUR.main, stroke: COLOUR.ground, title: 'tip' }),
      text(apart(known, y, height - 72), {
        x: 'spend',
        y: 'revenue',
        text: 'name',
        dx: 9,
        textAnchor: 'start',
        fill: COLOUR.text,
        stroke: COLOUR.ground,
        strokeWidth: 3,
      }),
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

/** Names that would stand on each other are left out: the table has them, and pointing at the dot tells them. */
function apart(points: readonly SpendPoint[], [least, most]: [number, number], height: number): SpendPoint[] {
  const place = (value: number) => (Math.log(value / least) / Math.log(most / least)) * height;
  const kept: SpendPoint[] = [];
  for (const point of points.toSorted((a, b) => b.revenue - a.revenue))
    if (kept.every((one) => Math.abs(place(one.revenue) - place(point.revenue)) > 15)) kept.push(point);
  return kept;
}
