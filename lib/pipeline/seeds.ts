import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { SQL_DIRECTORY } from './sql-files.ts';

/** A small table of settings or rules, from a CSV file whose header gives each column's name and type. */
export interface Seed {
  /** Name of the table: "seed_" and the file's name. */
  name: string;
  columns: { name: string; type: string }[];
  rows: string[][];
}

const TYPES = new Set(['varchar', 'bigint', 'double', 'boolean']);

/**
 * The seeds of sql/seeds with the shop's own rows over them: a file of the same name in `shopFolder` replaces the
 * rows with equal first cells and adds the rest. It may leave out trailing columns' values, not columns.
 * @throws Error naming file, line and cell of what does not fit.
 */
export function readSeeds(shopFolder: string, root = join(SQL_DIRECTORY, 'seeds')): Seed[] {
  const shopFiles = existsSync(shopFolder)
    ? readdirSync(shopFolder).filter((file) => file.endsWith('.csv'))
    : [];
  const names = readdirSync(root)
    .filter((file) => file.endsWith('.csv'))
    .sort();
  const unknown = shopFiles.filter((file) => !names.includes(file));
  if (unknown.length > 0) {
    throw new Error(`${join(shopFolder, unknown[0]!)} is no seed; the seeds are ${names.join(', ')}`);
  }
  return names.map((file) => {
    const seed = readSeed(join(root, file));
    if (!shopFiles.includes(file)) return seed;
    const own = readSeed(join(shopFolder, file));
    const same = own.columns.map((c) => c.name).join() === seed.columns.map((c) => c.name).join();
    if (!same)
      throw new Error(
        `${join(shopFolder, file)} has columns ${own.columns.map((c) => c.name).join(', ')}; expected ${seed.columns.map((c) => c.name).join(', ')}`,
      );
    const replaced = new Set(own.rows.map((row) => row[0]));
    return { ...seed, rows: [...seed.rows.filter((row) => !replaced.has(row[0])), ...own.rows] };
  });
}

function readSeed(path: string): Seed {
  const [header, ...rows] = parse(readFileSync(path, 'utf8'), {
    skip_empty_lines: true,
    bom: true,
  }) as string[][];
  const columns = (header ?? []).map((cell) => {
    const [name = '', type = 'varchar'] = cell.split(':');
    if (!TYPES.has(type))
      throw new Error(
        `${path}: column "${name}" has type "${type}"; it must be one of ${[...TYPES].join(', ')}`,
      );
    return { name, type };
  });
  for (const [index, row] of rows.entries()) {
    for (const [at, { name, type }] of columns.entries()) {
      const cell = row[at] ?? '';
      if (cell !== '' && !fits(cell, type))
        throw new Error(`${path}, line ${index + 2}: ${name} "${cell}" is no ${type}`);
    }
  }
  return { name: `seed_${basename(path, '.csv')}`, columns, rows };
}

function fits(cell: string, type: string): boolean {
  if (type === 'bigint') return /^-?\d+$/.test(cell);
  if (type === 'double') return cell.trim() !== '' && Number.isFinite(Number(cell));
  if (type === 'boolean') return cell === 'true' || cell === 'false';
  return true;
}

/** A seed as a SELECT that both engines run: typed, empty cells null. */
export function seedSelect({ columns, rows }: Seed): string {
  const cell = (text: string | undefined, type: string) =>
    text === undefined || text === ''
      ? 'NULL'
      : type === 'varchar'
        ? `'${text.replaceAll("'", "''")}'`
        : text;
  const values = rows.map((row) => `(${columns.map(({ type }, at) => cell(row[at], type)).join(', ')})`);
  const typed = columns.map(({ name, type }) => `CAST(${name} AS ${type}) AS ${name}`).join(', ');
  const nothing = `(${columns.map(() => 'NULL').join(', ')})`;
  const source = `(VALUES ${values.length > 0 ? values.join(', ') : nothing}) AS t(${columns.map(({ name }) => name).join(', ')})`;
  return `SELECT ${typed} FROM ${source}${values.length > 0 ? '' : ' WHERE false'}`;
}
