import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import type { KpiAnswer } from '../../pipeline/report-kpi.ts';

/** Colours that stay apart for the colour-blind (Okabe and Ito 2008). */
export const COLOURS = {
  real: '#0072b2',
  placebo: '#999999',
  corrected: '#d55e00',
  remainder: '#d9d9d9',
  text: '#222222',
} as const;

export const WIDTH = 860;
const HEAD = 56;
const FOOT = 34;

/** What a picture says above and below its plot. */
export interface Words {
  title: string;
  subtitle: string;
  note: string;
}

/** Draws a plot as an SVG file of its own: white ground, title, subtitle, and below what the reader must know. */
export function drawn(options: Plot.PlotOptions, { title, subtitle, note }: Words): string {
  const { document } = parseHTML('<html></html>');
  const plot = Plot.plot({
    width: WIDTH,
    style: { fontSize: '12px' },
    ...options,
    document,
  } as Plot.PlotOptions);
  const height = Number(plot.getAttribute('height'));
  plot.querySelector('style')?.remove();
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height + HEAD + FOOT}" viewBox="0 0 ${WIDTH} ${height + HEAD + FOOT}" font-family="system-ui, sans-serif" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="100%" height="100%" fill="white"/>`,
    `<text x="16" y="24" font-size="17" font-weight="600" fill="${COLOURS.text}">${escaped(title)}</text>`,
    `<text x="16" y="44" font-size="12.5" fill="#555555">${escaped(subtitle)}</text>`,
    `<g transform="translate(0,${HEAD})" text-anchor="middle" font-size="12" fill="${COLOURS.text}" color="${COLOURS.text}">`,
    plot.innerHTML,
    '</g>',
    `<text x="16" y="${height + HEAD + 20}" font-size="11" fill="#555555">${escaped(note)}</text>`,
    '</svg>',
    '',
  ].join('\n');
}

/** Text that no name of a store or category can turn into markup. */
export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

export const percent = (share: number | null, decimals = 1): string =>
  share === null ? '-' : `${(share * 100).toFixed(decimals)}%`;

/** When and of what the figures are, for the line below a picture. */
export function provenance({ data_label, period, filters, built_at }: KpiAnswer): string {
  const days = period.from || period.to ? `${period.from ?? 'start'} to ${period.to ?? 'end'}` : 'all time';
  const chosen = Object.entries(filters).flatMap(([name, value]) =>
    value === null ? [] : [`${name} ${value}`],
  );
  return [...(data_label ? [data_label] : []), days, ...chosen, `built ${built_at.slice(0, 10)}`].join(' · ');
}

export type Cells = KpiAnswer['rows'][number];
export const numberIn = (row: Cells, name: string): number | null => {
  const value = row[name];
  return typeof value === 'number' ? value : null;
};
export const textIn = (row: Cells, name: string): string => String(row[name] ?? '');
