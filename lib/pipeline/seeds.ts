import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { GROUP_TRANSFORMS } from '../domain/attribution/grouped-paths.ts';
import { EVIDENCE_STRENGTHS, IDENTIFIED_BY } from '../domain/identifier.ts';
import { isTimeZone } from '../domain/instant.ts';
import { rowProblem } from './seed-rows.ts';
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
 * rows with equal first cells and adds the rest. It may leave out columns at the end: their cells are empty.
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
    const same = own.columns.every((column, at) => column.name === seed.columns[at]?.name);
    if (!same || own.columns.length === 0)
      throw new Error(
        `${join(shopFolder, file)} has columns ${own.columns.map((c) => c.name).join(', ')}; expected ${seed.columns.map((c) => c.name).join(', ')}`,
      );
    const known = new Map(seed.rows.map((row) => [row[0], row]));
    if (seed.name === 'seed_settings') checkSettings(join(shopFolder, file), own, known);
    const replaced = new Set(own.rows.map((row) => row[0]));
    return { ...seed, rows: [...seed.rows.filter((row) => !replaced.has(row[0])), ...own.rows] };
  });
}

/** Settings that are words of the shop's own and have no default. */
const FREE_SETTINGS = new Set(['data_label']);

/** A setting must be one that something reads, in the unit that it is read in. */
function checkSettings(path: string, own: Seed, known: ReadonlyMap<string | undefined, string[]>): void {
  for (const [name = '', value = ''] of own.rows) {
    const standard = known.get(name);
    if (!standard && !FREE_SETTINGS.has(name)) {
      const names = [...known.keys(), ...FREE_SETTINGS].join(', ');
      throw new Error(`${path}, row ${name}: there is no such setting; the settings are ${names}`);
    }
    const problem = standard ? settingProblem(value, standard[2] ?? '') : null;
    if (problem) throw new Error(`${path}, row ${name}: value "${value}" ${problem}`);
  }
}

function readSeed(path: string): Seed {
  const [{ record: header = [] } = {}, ...records] = recordsOf(path);
  const rows = records.map(({ record }) => record);
  const columns = header.map((cell) => {
    const [name = '', type = 'varchar'] = cell.split(':');
    if (!TYPES.has(type)) {
      throw new Error(
        `${path}: column "${name}" has type "${type}"; it must be one of ${[...TYPES].join(', ')}`,
      );
    }
    return { name, type };
  });
  const seen = new Set<string>();
  for (const { record: row, info } of records) {
    const key = row[0] ?? '';
    if (seen.has(key))
      throw new Error(`${path}, line ${info.lines}: ${columns[0]?.name} "${key}" stands there twice`);
    seen.add(key);
    for (const [at, { name, type }] of columns.entries()) {
      const problem = problemOf(row[at] ?? '', name, type, row, columns);
      if (problem) throw new Error(`${path}, line ${info.lines}: ${name} "${row[at]}" ${problem}`);
    }
    const problem = rowProblem(basename(path, '.csv'), columns, row);
    if (problem) throw new Error(`${path}, line ${info.lines}: ${problem}`);
  }
  return { name: `seed_${basename(path, '.csv')}`, columns, rows };
}

/** The rows of a CSV file with the line that each ends on. */
function recordsOf(path: string): { record: string[]; info: { lines: number } }[] {
  try {
    const options = { skip_empty_lines: true, bom: true, relax_column_count_less: true, info: true } as const;
    return parse(readFileSync(path, 'utf8'), options) as unknown as ReturnType<typeof recordsOf>;
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`);
  }
}

/** Why a cell cannot be, or null. */
function problemOf(
  cell: string,
  name: string,
  type: string,
  row: string[],
  columns: Seed['columns'],
): string | null {
  const other = (column: string) => row[columns.findIndex((each) => each.name === column)] ?? '';
  if (cell === '' && type === 'boolean') return 'is missing: it must be true or false';
  if (cell === '') {
    if (name === columns[0]?.name) return 'is missing: it names the row';
    if (name === 'basis') return `is missing: it must be one of ${BASES.join(', ')}`;
    if (name === 'evidence_strength') return `is missing: it must be one of ${STRENGTHS.join(', ')}`;
    const needs = name === 'half_life_days' && FADING.includes(other('basis'));
    return needs ? `is missing: ${other('basis')} needs one` : null;
  }
  if (type === 'bigint' && !/^-?\d{1,15}$/.test(cell)) return 'is no whole number';
  if (type === 'double' && !(cell.trim() !== '' && Number.isFinite(Number(cell)))) return 'is no number';
  if (type === 'boolean' && cell !== 'true' && cell !== 'false') return 'is neither true nor false';
  if (name === 'basis' && !BASES.includes(cell)) return `must be one of ${BASES.join(', ')}`;
  if (name === 'evidence_strength' && !STRENGTHS.includes(cell))
    return `must be one of ${STRENGTHS.join(', ')}`;
  if (name === 'identified_by' && !LINKING_KEYS.includes(cell))
    return `must be one of ${LINKING_KEYS.join(', ')}`;
  if (name === 'level' && !LEVELS.includes(cell)) return `must be one of ${LEVELS.join(', ')}`;
  if (name === 'markov_order' && (Number(cell) < 1 || Number(cell) > 4))
    return 'must be from 1 to 4, or empty to have it chosen';
  if (name === 'markov_order' && other('basis') !== 'markov')
    return `must be empty: ${other('basis')} has no order`;
  if (name === 'level' && cell === 'campaign' && !BY_CAMPAIGN.includes(other('basis')))
    return `must be channel or empty: only ${BY_CAMPAIGN.join(', ')} tell campaigns apart`;
  if (name === 'half_life_days' && !FADING.includes(other('basis')))
    return `must be empty: only ${FADING.join(' and ')} have a half-life`;
  if (/_weight$/.test(name) && (Number(cell) < 0 || Number(cell) > 1000)) return 'must be from 0 to 1000';
  if (name === 'half_life_days' && !(Number(cell) > 0 && Number(cell) <= 100_000))
    return 'must be above zero, up to 100000';
  if (/^lookback_/.test(name) && (Number(cell) < 0 || Number(cell) > 5000)) return 'must be from 0 to 5000';
  if (/_pattern$/.test(name) && !isPattern(cell)) return 'is no regular expression';
  return name === 'value' ? settingProblem(cell, other('unit')) : null;
}

const BASES = ['ends', 'even', 'decay', 'markov', 'shapley', 'shapley_rate', 'additive_hazard'];
/** Models whose weights fade, and those that can be fitted by campaign. */
const FADING = ['decay', 'additive_hazard'];
const BY_CAMPAIGN = ['markov', 'shapley', 'shapley_rate'];
const LEVELS = ['channel', 'campaign'];
const STITCHINGS = ['retro', 'event_time'];
const STRENGTHS: readonly string[] = EVIDENCE_STRENGTHS;
const LINKING_KEYS: readonly string[] = IDENTIFIED_BY;

function settingProblem(value: string, unit: string): string | null {
  if (['days', 'minutes', 'weeks', 'hours'].includes(unit))
    return /^\d{1,6}$/.test(value) ? null : `is no whole number of ${unit}`;
  if (unit === 'whole number') return /^\d{1,9}$/.test(value) ? null : 'is no whole number below a billion';
  if (unit === 'replicates')
    return /^\d{1,5}$/.test(value) && Number(value) <= 10_000 ? null : 'is no whole number from 0 to 10000';
  if (unit === 'persons')
    return /^\d{1,6}$/.test(value) && Number(value) >= 2 ? null : 'is no whole number of persons from 2';
  if (unit === 'people')
    return /^\d{1,6}$/.test(value) && Number(value) >= 1 ? null : 'is no whole number of people from 1';
  if (unit === 'share')
    return /^(0?\.\d+|1(\.0+)?)$/.test(value) && Number(value) > 0 ? null : 'is no share above 0 and up to 1';
  if (unit === 'yearly rate')
    return /^(0?\.\d+|[01](\.0+)?)$/.test(value) ? null : 'is no yearly rate from 0 to 1';
  if (unit === 'percent')
    return /^\d{1,2}(\.\d+)?$/.test(value) && Number(value) >= 50
      ? null
      : 'is no percentage from 50 to below 100';
  if (unit === 'path transform')
    return GROUP_TRANSFORMS.some((kind) => kind === value)
      ? null
      : `must be one of ${GROUP_TRANSFORMS.join(', ')}`;
  if (unit === 'stitching')
    return STITCHINGS.includes(value) ? null : `must be one of ${STITCHINGS.join(', ')}`;
  if (unit === 'IANA time zone') return isTimeZone(value) ? null : 'is no IANA time zone';
  if (unit === 'true or false')
    return value === 'true' || value === 'false' ? null : 'is neither true nor false';
  return null;
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text);
    // Both engines lack look-around and back references.
    return !/\(\?[=!<]|\\[1-9]/.test(text);
  } catch {
    return false;
  }
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
