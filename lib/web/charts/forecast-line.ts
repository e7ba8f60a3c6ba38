import { areaY, axisX, axisY, dot, gridY, lineY, ruleY, text } from '@observablehq/plot';
import { COLOUR, drawn, type Frame, widest } from './frame.ts';

export interface ForecastPoint {
  /** ISO day, or name of a period; points stand in the order given. */
  name: string;
  /** What was measured; null where it is yet to come. */
  actual: number | null;
  forecast: number | null;
  low: number | null;
  high: number | null;
}

export interface ForecastWords {
  actual: string;
  forecast: string;
  target: string;
}

/** What was, what is expected with its band, and the target as a line; each named where it is drawn. */
export function forecastLine(
  frame: Frame,
  points: readonly ForecastPoint[],
  target: number | null,
  words: ForecastWords,
  figure: (value: number) => string,
): SVGSVGElement {
  const at = points.map((point, index) => ({ ...point, at: index }));
  const known = at.filter(({ actual }) => actual !== null);
  const coming = at.filter(({ forecast }) => forecast !== null);
  const values = points.flatMap(({ actual, forecast, low, high }) => [actual, forecast, low, high]);
  const numbers = [...values, target].filter((n): n is number => n !== null);
  const domain = [Math.min(0, ...numbers), Math.max(...numbers, 0) || 1];
  const isNarrow = frame.width < 480;
  const every = Math.max(1, Math.ceil((points.length * 64) / frame.width));
  const last = (rows: typeof at, of: 'actual' | 'forecast') =>
    rows.slice(-1).map((row) => ({ ...row, value: row[of] }));
  const named = (rows: ReturnType<typeof last>, words_: string, fill: string, dy: number) =>
    text(rows, {
      x: 'at',
      y: 'value',
      text: () => words_,
      dy,
      dx: -6,
      textAnchor: 'end',
      fontWeight: 600,
      fill,
      stroke: COLOUR.ground,
      strokeWidth: 4,
    });
  return drawn(frame, {
    height: isNarrow ? 240 : 280,
    marginLeft: widest(domain.map(figure)) + 18,
    marginRight: 14,
    marginTop: 22,
    marginBottom: 34,
    x: { type: 'point', domain: at.map((point) => point.at) },
    y: { domain },
    marks: [
      gridY({ ticks: 4, stroke: COLOUR.grid, strokeOpacity: 1 }),
      axisY({ ticks: 4, tickFormat: figure, tickSize: 0, fill: COLOUR.quiet, label: null }),
      axisX({
        ticks: at.filter(({ at: index }) => index % every === 0).map(({ at: index }) => index),
        tickFormat: (index: number) => points[index]?.name ?? '',
        tickSize: 0,
        fill: COLOUR.quiet,
        label: null,
      }),
      areaY(
        coming.filter(({ low, high }) => low !== null && high !== null),
        { x: 'at', y1: 'low', y2: 'high', fill: COLOUR.main, fillOpacity: 0.18 },
      ),
      ...(target === null
        ? []
        : [
            ruleY([target], { stroke: COLOUR.other, strokeWidth: 2, strokeDasharray: '6 4' }),
            text([target], {
              y: (value: number) => value,
              text: () => words.target,
              frameAnchor: 'left',
              textAnchor: 'start',
              dx: 6,
              dy: -9,
              fontWeight: 600,
              fill: COLOUR.other,
              stroke: COLOUR.ground,
              strokeWidth: 4,
            }),
          ]),
      lineY(coming, { x: 'at', y: 'forecast', stroke: COLOUR.main, strokeWidth: 2, strokeDasharray: '3 4' }),
      lineY(known, { x: 'at', y: 'actual', stroke: COLOUR.main, strokeWidth: 2.5 }),
      dot(known.length === 1 ? known : [], { x: 'at', y: 'actual', r: 4, fill: COLOUR.main }),
      named(last(known, 'actual'), words.actual, COLOUR.main, -14),
      named(last(coming, 'forecast'), words.forecast, COLOUR.quiet, 16),
    ],
  });
}
