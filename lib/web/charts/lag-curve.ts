import { areaY, axisX, axisY, gridY, lineY, ruleX, text } from '@observablehq/plot';
import { COLOUR, drawn, type Frame, textWidth } from './frame.ts';

export interface LagDay {
  day: number;
  real: number;
  chance: number;
  /** Interval of real less chance. */
  low: number | null;
  high: number | null;
}

export interface LagWords {
  real: string;
  chance: string;
  days: string;
  /** Where the excess ends, in words; null where it does not. */
  ends: { day: number; text: string } | null;
}

/** What was found so many days before, real against placebo; the band is chance plus the interval of the excess. */
export function lagCurve(
  frame: Frame,
  days: readonly LagDay[],
  words: LagWords,
  share: (value: number) => string,
): SVGSVGElement {
  const banded = days.filter(({ low, high }) => low !== null && high !== null);
  const isNarrow = frame.width < 480;
  const most = Math.max(...days.map(({ real, chance, high }) => Math.max(real, chance + (high ?? 0))), 0.001);
  const endsRight = words.ends !== null && words.ends.day > days.length * 0.55;
  return drawn(frame, {
    height: isNarrow ? 260 : 320,
    marginLeft: textWidth(share(most)) + 16,
    marginRight: 12,
    marginBottom: 44,
    marginTop: 20,
    x: { type: 'linear', domain: [0, Math.max(1, ...days.map(({ day }) => day))] },
    y: { domain: [0, most] },
    marks: [
      gridY({ stroke: COLOUR.grid, strokeOpacity: 1, ticks: 4 }),
      axisY({ ticks: 4, tickFormat: share, tickSize: 0, fill: COLOUR.quiet, label: null }),
      axisX({
        ticks: isNarrow ? 4 : 8,
        tickSize: 4,
        fill: COLOUR.quiet,
        label: words.days,
        labelAnchor: 'center',
        labelArrow: 'none',
      }),
      areaY(banded, {
        x: 'day',
        y1: ({ chance, low }: LagDay) => Math.max(0, chance + low!),
        y2: ({ chance, high }: LagDay) => Math.max(0, chance + high!),
        fill: COLOUR.main,
        fillOpacity: 0.18,
      }),
      ...(words.ends
        ? [
            ruleX([words.ends.day], { stroke: COLOUR.quiet, strokeDasharray: '2 3' }),
            text([words.ends], {
              x: 'day',
              text: 'text',
              frameAnchor: 'top',
              textAnchor: endsRight ? 'end' : 'start',
              dx: endsRight ? -6 : 6,
              dy: -4,
              lineWidth: 22,
              fill: COLOUR.quiet,
            }),
          ]
        : []),
      lineY(days, { x: 'day', y: 'chance', stroke: COLOUR.other, strokeWidth: 2, strokeDasharray: '5 4' }),
      lineY(days, { x: 'day', y: 'real', stroke: COLOUR.main, strokeWidth: 2.5, marker: 'none' }),
      ...key([
        { words: `━━ ${words.real}`, fill: COLOUR.main },
        { words: `╍╍ ${words.chance}`, fill: COLOUR.other },
      ]),
    ],
  });
}

/** What each line is, in the empty corner at the right: the lines themselves meet there. */
const key = (lines: readonly { words: string; fill: string }[]) =>
  lines.map(({ words, fill }, at) =>
    text([words], {
      text: (word: string) => word,
      frameAnchor: 'top-right',
      dy: 26 + at * 20,
      dx: -2,
      fontWeight: 600,
      fill,
      stroke: COLOUR.ground,
      strokeWidth: 4,
    }),
  );
