import { BadPaths } from './problems.ts';
import { parseCells } from './row-text.ts';

/** What a cell of a file of paths holds. */
export type ColumnRole = 'path' | 'conversions' | 'value' | 'nulls' | 'converted' | 'person';

export type FileKind = 'counts' | 'journeys';

interface Known {
  role: ColumnRole;
  required: boolean;
}

/** Columns by name: a row per path with its counts, or a row per journey. */
export const COLUMNS: Record<FileKind, Record<string, Known>> = {
  counts: {
    path: { role: 'path', required: true },
    total_conversions: { role: 'conversions', required: true },
    total_conversion_value: { role: 'value', required: false },
    total_null: { role: 'nulls', required: false },
  },
  journeys: {
    path: { role: 'path', required: true },
    converted: { role: 'converted', required: true },
    value: { role: 'value', required: false },
    person: { role: 'person', required: false },
  },
};

export interface Columns {
  roles: ColumnRole[];
  names: string[];
}

/**
 * Reads the first line of a file.
 * @throws BadPaths when a column is missing, unknown or named twice
 */
export function readHeader(file: string, kind: FileKind, line: string): Columns {
  const known = COLUMNS[kind];
  const cells = parseCells(line);
  const names = cells?.map((cell) => cell.trim()) ?? [line];
  const expected = Object.entries(known)
    .map(([name, { required }]) => (required ? name : `${name} (may be missing)`))
    .join(', ');
  const refuse = (what: string): never => {
    throw new BadPaths(`${file}, line 1: ${what}. Expected are the columns ${expected}, separated by commas`);
  };
  for (const name of names)
    if (!Object.hasOwn(known, name)) refuse(`there is no column "${printed(name)}" here`);
  for (const [at, name] of names.entries()) {
    if (names.indexOf(name) !== at) refuse(`the column ${name} is named twice`);
  }
  for (const [name, { required }] of Object.entries(known)) {
    if (required && !names.includes(name)) refuse(`the column ${name} is missing`);
  }
  return { names, roles: names.map((name) => known[name]!.role) };
}

const printed = (text: string) => (text.length > 80 ? `${text.slice(0, 79)}…` : text);
