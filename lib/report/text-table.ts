import stringWidth from 'string-width';

export interface TextColumn {
  title: string;
  align: 'left' | 'right';
}

/** A table for the terminal: columns aligned by what they look like, numbers to the right. */
export function textTable(columns: readonly TextColumn[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map(({ title }, at) =>
    Math.max(stringWidth(title), ...rows.map((row) => stringWidth(row[at] ?? ''))),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, at) => {
        const gap = ' '.repeat(Math.max(0, widths[at]! - stringWidth(cell)));
        return columns[at]!.align === 'right' ? gap + cell : cell + gap;
      })
      .join('  ')
      .trimEnd();
  return [
    line(columns.map(({ title }) => title)),
    line(widths.map((width) => '-'.repeat(width))),
    ...rows.map(line),
  ].join('\n');
}

const CONTROLS = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** Other people's text, made safe to print: no control characters, no escape sequences, not too long. */
export function printable(text: string, limit = 60): string {
  const clean = text.replace(CONTROLS, ' ');
  return stringWidth(clean) <= limit ? clean : `${[...clean].slice(0, limit - 1).join('')}…`;
}
