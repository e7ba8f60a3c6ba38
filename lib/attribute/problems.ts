/** What is wrong with a row, and where it begins in the (unpacked) file. */
export interface Problem {
  offset: number;
  text: string;
}

/** Problems that are shown; the others are only counted. */
export const SHOWN_PROBLEMS = 5;

/** The first few problems of a file by their place, and how many there are in all. */
export class Problems {
  first: Problem[] = [];
  count = 0;

  add(offset: number, text: string): void {
    this.merge({ first: [{ offset, text }], count: 1 });
  }

  merge(others: { first: readonly Problem[]; count: number }): void {
    this.count += others.count;
    this.first = [...this.first, ...others.first]
      .sort((a, b) => a.offset - b.offset)
      .slice(0, SHOWN_PROBLEMS);
  }
}

/** A file that cannot be used as paths. The message is all that a user needs. */
export class BadPaths extends Error {}

/** What is said of rows that cannot be read. */
export function badRows(file: string, first: readonly string[], count: number): BadPaths {
  const rest = count - first.length;
  const lines = [...first, ...(rest > 0 ? [`and ${rest.toLocaleString('en-US')} more`] : [])];
  return new BadPaths(
    `${file} has ${count === 1 ? 'a row' : `${count.toLocaleString('en-US')} rows`} that cannot be read; nothing was attributed.\n${lines.map((line) => `  ${line}`).join('\n')}`,
  );
}
