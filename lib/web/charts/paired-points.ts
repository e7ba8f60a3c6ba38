import { axisX, axisY, dot, gridY, ruleX, text } from '@observablehq/plot';
import { COLOUR, drawn, type Frame, textWidth } from './frame.ts';

export interface PairedPoint {
  name: string;
  /** Drawn as a hollow ring. */
  ring: number;
  /** Drawn as a full square. */
  square: number;
  tip: string;
}

/**
 * Two figures beside each other for each name, in an order that means something: a hollow ring and a full square.
 * @param words what ring and square are
 */
export function pairedPoints(
  frame: Frame,
  points: readonly PairedPoint[],
  words: { ring: string; square: string; label: string },
  figure: (value: number) => string,
): SVGSVGElement {
  const at = points.map((point, index) => ({ ...point, at: index }));
  const names = [
    { text: `○ ${words.ring}`, fill: COLOUR.main },
    { text: `■ ${words.square}`, fill: COLOUR.other },
  ];
  const most = Math.max(...points.flatMap(({ ring, square }) => [ring, square]), 0) || 1;
  const marginLeft = textWidth(figure(most)) + 18;
  const isNarrow = marginLeft + names.reduce((sum, one) => sum + textWidth(one.text) + 20, 0) > frame.width;
  return drawn(frame, {
    height: frame.width < 480 ? 240 : 280,
    marginLeft,
    marginRight: 10,
    marginTop: isNarrow ? 52 : 34,
    marginBottom: 44,
    x: { type: 'point', domain: at.map((point) => point.at), padding: 0.5 },
    y: { domain: [0, most], nice: true },
    marks: [
      gridY({ ticks: 4, stroke: COLOUR.grid, strokeOpacity: 1 }),
      axisY({
        ticks: 4,
        tickFormat: (value: number) => (value === 0 ? '0' : figure(value)),
        tickSize: 0,
        fill: COLOUR.quiet,
        label: null,
      }),
      axisX({
        tickFormat: (index: number) => points[index]?.name ?? '',
        tickSize: 0,
        fill: COLOUR.quiet,
        label: words.label,
        labelAnchor: 'center',
        labelArrow: 'none',
      }),
      ...key(names, isNarrow),
      ruleX(at, {
        x: 'at',
        y1: 'ring',
        y2: 'square',
        stroke: COLOUR.muted,
        strokeWidth: 2,
        title: 'tip',
      }),
      dot(at, { x: 'at', y: 'square', symbol: 'square', r: 5, fill: COLOUR.other, title: 'tip' }),
      dot(at, {
        x: 'at',
        y: 'ring',
        r: 6,
        fill: 'none',
        stroke: COLOUR.main,
        strokeWidth: 2.5,
        title: 'tip',
      }),
    ],
  });
}

/** What ring and square are, above the points: beside each other, or one below the other where there is no room. */
const key = (entries: readonly { text: string; fill: string }[], isNarrow: boolean) =>
  entries.map((entry, at) =>
    text([entry.text], {
      text: (word: string) => word,
      frameAnchor: 'top-left',
      dy: isNarrow ? -44 + 18 * at : -26,
      dx: at === 0 || isNarrow ? 0 : textWidth(entries[0]!.text) + 20,
      fontWeight: 600,
      fill: entry.fill,
    }),
  );
