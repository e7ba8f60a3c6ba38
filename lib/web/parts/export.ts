import { addressOf, ask, type Question } from '../ask.ts';

function save(name: string, blob: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Saves the API's own CSV of a question: all rows and columns, in plain figures. */
export async function saveCsv(question: Question): Promise<void> {
  const { limit: _, offset: __, ...whole } = question;
  const response = await ask(addressOf(whole, 'csv'));
  save(`${fileName(question)}.csv`, await response.blob());
}

export const fileName = ({ kpi, by, from, to }: Question): string =>
  [kpi, by && `by-${by}`, from, to]
    .filter(Boolean)
    .join('_')
    .replace(/[^\w.-]+/g, '-');

/** What a picture takes from the page's style sheet, which its file does not have. */
const STYLES = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-opacity',
  'stroke-dasharray',
  'stroke-linecap',
  'opacity',
  'color',
  'font-family',
  'font-size',
  'font-weight',
  'font-variant-numeric',
  'text-anchor',
  'dominant-baseline',
  'display',
  'visibility',
] as const;

/**
 * Saves an SVG of the page as PNG at twice its size, with a line of text that says what it is: dark on white, whatever
 * the page looks like, for pictures go into documents.
 */
export async function savePng(svg: SVGSVGElement, name: string, caption: string): Promise<void> {
  const { width, height } = svg.getBoundingClientRect();
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const root = document.documentElement.dataset;
  const theme = root.theme;
  // Nothing is painted between here and there.
  root.theme = 'light';
  const ink = getComputedStyle(document.body).color;
  takeStyles(svg, copy);
  if (theme === undefined) delete root.theme;
  else root.theme = theme;
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', String(width));
  copy.setAttribute('height', String(height));
  const image = new Image();
  image.src = URL.createObjectURL(
    new Blob([new XMLSerializer().serializeToString(copy)], { type: 'image/svg+xml' }),
  );
  await image.decode();
  const scale = 2;
  const margin = 12;
  const canvas = document.createElement('canvas');
  canvas.width = (width + 2 * margin) * scale;
  canvas.height = (height + 2 * margin + 20) * scale;
  const context = canvas.getContext('2d')!;
  context.scale(scale, scale);
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, margin, margin, width, height);
  context.fillStyle = ink;
  context.font = `11px ${getComputedStyle(document.body).fontFamily}`;
  context.fillText(caption, margin, height + margin + 16, width);
  URL.revokeObjectURL(image.src);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob) save(`${name}.png`, blob);
}

function takeStyles(from: SVGSVGElement, to: SVGSVGElement): void {
  const copies = [to, ...to.querySelectorAll('*')];
  for (const [index, original] of [from, ...from.querySelectorAll('*')].entries()) {
    const style = getComputedStyle(original);
    for (const property of STYLES)
      (copies[index] as SVGElement).style.setProperty(property, style.getPropertyValue(property));
  }
}
