import { text } from '@observablehq/plot';
import { COLOUR, FONT_SIZE, textWidth, widest } from './frame.ts';

/** What stands behind a row's bar: the whole text, or a shorter one where it has no room. */
export interface RowEnd {
  name: string;
  end: string;
  short?: string;
}

/** How rows with a name each stand in a chart: names beside the bars, or above them where there is no room. */
export interface RowLayout {
  isAbove: boolean;
  marginLeft: number;
  marginRight: number;
  height: number;
  marginTop: number;
  marginBottom: number;
  /** Space above a bar inside its row, and below. */
  insetTop: number;
  insetBottom: number;
}

const MIN_PLOT = 240;

/** @param hasAxis whether an axis needs room below */
export function rowLayout(rows: readonly RowEnd[], width: number, hasAxis = false): RowLayout {
  const names = rows.map(({ name }) => name);
  const ends = rows.map((row) => (hasRoomBeside(row, width) ? row.end : (row.short ?? row.end)));
  const left = Math.min(widest(names) + 14, Math.round(width * 0.42));
  const marginRight = Math.min(widest(ends) + 16, Math.round(width * 0.4));
  const isAbove = width - left - marginRight < MIN_PLOT;
  const row = isAbove ? 44 : 30;
  const marginTop = 4;
  const marginBottom = hasAxis ? 40 : 6;
  return {
    isAbove,
    marginLeft: isAbove ? 2 : left,
    marginRight: isAbove ? 10 : marginRight,
    marginTop,
    marginBottom,
    height: marginTop + marginBottom + row * names.length,
    insetTop: isAbove ? 23 : 5,
    insetBottom: 5,
  };
}

const hasRoomBeside = ({ end }: RowEnd, width: number) => textWidth(end) <= width * 0.4;

function endOf(row: RowEnd, { isAbove }: RowLayout, width: number): string {
  const hasRoom = isAbove
    ? textWidth(row.name) + textWidth(row.end) + 20 <= width
    : hasRoomBeside(row, width);
  return hasRoom ? row.end : (row.short ?? row.end);
}

/** What stands behind the bars, or at the right above them where names do. */
export function rowEnds<Row extends RowEnd>(
  rows: readonly Row[],
  layout: RowLayout,
  width: number,
  reach: (row: Row) => number,
  isQuiet: (row: Row) => boolean,
) {
  const place = layout.isAbove
    ? { frameAnchor: 'right' as const, textAnchor: 'end' as const, dx: 8, dy: -10 }
    : { x: reach, textAnchor: 'start' as const, dx: 8 };
  return [false, true].map((quiet) =>
    text(
      rows.filter((row) => isQuiet(row) === quiet),
      {
        y: 'at',
        text: (row: Row) => endOf(row, layout, width),
        title: 'tip',
        fill: quiet ? COLOUR.quiet : COLOUR.text,
        ...place,
      },
    ),
  );
}

/** The names of rows; what does not fit is cut, and there in full on hover. */
export function rowNames<Row extends RowEnd>(
  rows: readonly Row[],
  layout: RowLayout,
  width: number,
  isStrong: (row: Row) => boolean = () => false,
) {
  const cut = (row: Row) => {
    const full = row.name;
    const room = layout.isAbove ? width - textWidth(endOf(row, layout, width)) - 20 : layout.marginLeft - 12;
    if (textWidth(full) <= room) return full;
    return `${full.slice(0, Math.max(3, Math.floor(full.length * (room / textWidth(full))) - 1))}…`;
  };
  const marks = [false, true].map((strong) => {
    const its = rows.map((row, at) => ({ row, at })).filter(({ row }) => isStrong(row) === strong);
    return text(its, {
      y: 'at',
      text: ({ row }: { row: Row }) => cut(row),
      title: ({ row }: { row: Row }) => row.name,
      frameAnchor: 'left',
      textAnchor: layout.isAbove ? 'start' : 'end',
      dx: layout.isAbove ? 1 : -8,
      dy: layout.isAbove ? -10 : 0,
      fill: COLOUR.text,
      fontSize: FONT_SIZE,
      fontWeight: strong ? 600 : 400,
      stroke: COLOUR.ground,
      strokeWidth: 4,
    });
  });
  return marks;
}
