import { axisX, barY, ruleX, ruleY, text, tickY } from '@observablehq/plot';
import { COLOUR, drawn, type Frame, widest } from './frame.ts';
import { intervalBars } from './interval-bars.ts';

export interface Column {
  name: string;
  value: number | null;
  low?: number | null;
  high?: number | null;
  /** The figure as text, above the column. */
  end: string;
  tip: string;
}

/** Names so short stand for numbers: they may be left out between others. */
const MARKS = 3;

/** Columns in an order that means something: lengths, days, numbers of channels. */
export function columns(frame: Frame, rows: readonly Column[], label: string): SVGSVGElement {
  const at = rows.map((row, index) => ({ ...row, at: index }));
  const room = frame.width / Math.max(1, rows.length);
  const longest = Math.max(0, ...rows.map(({ name }) => name.length));
  const every = Math.ceil((widest(rows.map(({ name }) => name)) + 8) / room);
  const isTight = every > 1 && longest > MARKS;
  // Names that do not fit beneath columns do fit beside bars.
  if (isTight) return intervalBars(frame, rows);
  const crowded =
    widest(
      rows.map(({ end }) => end),
      12,
    ) +
      2 >
    room;
  const known = rows.flatMap(({ value, high }) => [value ?? 0, high ?? 0]);
  const ranged = at.filter(({ low, high }) => typeof low === 'number' && typeof high === 'number');
  return drawn(frame, {
    height: frame.width < 480 ? 220 : 260,
    marginLeft: 4,
    // A figure wider than its column stands half beside it, also above the last one.
    marginRight: Math.max(
      4,
      Math.ceil(
        (widest(
          rows.map(({ end }) => end),
          12,
        ) -
          room) /
          2,
      ),
    ),
    marginTop: 22,
    marginBottom: 44,
    x: { type: 'band', domain: at.map((row) => row.at), padding: 0.2 },
    y: { domain: [Math.min(0, ...known), Math.max(...known, 0) || 1], axis: null },
    marks: [
      barY(
        at.filter(({ value }) => value !== null),
        { x: 'at', y: 'value', fill: COLOUR.main, title: 'tip' },
      ),
      tickY(
        ranged.flatMap((row) => [
          { ...row, edge: row.low },
          { ...row, edge: row.high },
        ]),
        {
          x: 'at',
          y: 'edge',
          stroke: COLOUR.text,
          insetLeft: room / 4,
          insetRight: room / 4,
        },
      ),
      ruleX(ranged, { x: 'at', y1: 'low', y2: 'high', stroke: COLOUR.text, strokeWidth: 1.5, title: 'tip' }),
      ruleY([0], { stroke: COLOUR.muted }),
      text(crowded ? tallest(at) : at, {
        x: 'at',
        y: ({ value, high }: Column) => Math.max(value ?? 0, high ?? 0, 0),
        text: 'end',
        dy: -9,
        fontSize: 12,
        fill: COLOUR.text,
        title: 'tip',
      }),
      axisX({
        ticks: at.filter((_, index) => index % every === 0).map((row) => row.at),
        tickFormat: (index: number) => rows[index]?.name ?? '',
        tickSize: 0,
        fill: COLOUR.quiet,
        label,
        labelAnchor: 'center',
        labelArrow: 'none',
      }),
    ],
  });
}

const tallest = <Row extends Column>(rows: readonly Row[]) =>
  [...rows].sort((a, b) => (b.value ?? 0) - (a.value ?? 0)).slice(0, 1);
