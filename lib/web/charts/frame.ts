import { type PlotOptions, plot } from '@observablehq/plot';

/** What every chart is told besides its rows: the room it has, in CSS pixels. The height follows from the rows. */
export interface Frame {
  width: number;
}

/**
 * Colours by what they mean, as variables of views.css, so that they follow the reader's scheme. Built on the palette of
 * Okabe and Ito, "Color Universal Design" (2008); shape, outline or words always say the same.
 */
export const COLOUR = {
  main: 'var(--chart-main)',
  other: 'var(--chart-other)',
  third: 'var(--chart-third)',
  muted: 'var(--chart-muted)',
  faint: 'var(--chart-faint)',
  text: 'var(--ink)',
  quiet: 'var(--faint)',
  grid: 'var(--line)',
  ground: 'var(--chart-ground)',
} as const;

export const FONT_SIZE = 13;
/** A font's mean advance is taken as this part of its size: text is not measured, so that charts need no layout. */
const ADVANCE = 0.56;

/** About how wide a text comes out, in pixels. */
export const textWidth = (text: string, size = FONT_SIZE) => Math.ceil(text.length * size * ADVANCE);
export const widest = (texts: readonly string[], size = FONT_SIZE) =>
  Math.max(0, ...texts.map((text) => textWidth(text, size)));

/** Draws with Plot. Who puts it on the page names it for screen readers and gives its figures as a table. */
export function drawn({ width }: Frame, options: PlotOptions): SVGSVGElement {
  const svg = plot({
    ...options,
    width,
    className: 'plot',
    style: { fontSize: `${FONT_SIZE}px` },
  }) as SVGSVGElement;
  // Plot's own style sheet is inline, which the page's policy forbids; the page's has what it says.
  for (const sheet of svg.querySelectorAll('style')) sheet.remove();
  // Names of marks are for charts that are read mark by mark; this one is a picture with a name and a table.
  for (const mark of svg.querySelectorAll('g[aria-label]')) mark.removeAttribute('aria-label');
  return svg;
}
