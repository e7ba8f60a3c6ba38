import stringWidth from 'string-width';

export interface TextColumn {
  title: string;
  align: 'left' | 'right';
}

/**
 * A table for the terminal: columns aligned by what they look like, numbers to the right. No cell holds a control
 * character.
 */
export function textTable(titled: readonly TextColumn[], written: readonly (readonly string[])[]): string {
  const columns = titled.map((column) => ({ ...column, title: withoutControls(column.title) }));
  const rows = written.map((row) => row.map(withoutControls));
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

/** Control characters, which terminals take for commands, and marks that turn the direction of writing. */
const CONTROLS = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

const withoutControls = (text: string) => text.replace(CONTROLS, ' ');

/** Other people's text, made safe to print: no control characters, no escape sequences, not too long. */
export function printable(text: string, limit = 60): string {
  // What stands far behind the limit cannot come to be seen, and measuring it takes time.
  const clean = withoutControls(text.slice(0, limit * 8));
  return text.length <= limit * 8 && stringWidth(clean) <= limit
    ? clean
    : `${[...clean].slice(0, limit - 1).join('')}…`;
}
