import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { csvText } from '../report/csv.ts';
import type { Attribution } from './attribute.ts';
import { BadPaths } from './problems.ts';
import { configHash, echoed, MODEL_VERSION } from './settings.ts';
import { Exact, type ResultTable, type TableCell } from './tables.ts';

/** What every row says of how it came about. */
const PROVENANCE = ['config_hash', 'model_version', 'random_seed'];
const provenance = ({ settings }: Attribution) => [configHash(settings), MODEL_VERSION, settings.seed];

/** A table as CSV. Numbers keep all their digits. */
export function tableCsv(result: Attribution, { columns, rows }: ResultTable): string {
  return csvText(
    [...columns, ...PROVENANCE],
    rows.map((row) => [...row, ...provenance(result)]),
  );
}

/** Tables as one JSON object: the settings, what the file holds, and a list of rows by table. */
export function tablesJson(result: Attribution, tables: readonly ResultTable[]): string {
  const about = {
    config_hash: configHash(result.settings),
    settings: echoed(result.settings),
    paths: aboutPaths(result),
    markov_order: result.order,
  };
  const lists = tables.map(({ name, columns, rows }) => {
    const names = [...columns, ...PROVENANCE];
    const objects = rows.map(
      (row) =>
        `    {${[...row, ...provenance(result)].map((cell, at) => `${JSON.stringify(names[at])}: ${jsonCell(cell)}`).join(', ')}}`,
    );
    return `  ${JSON.stringify(name)}: [\n${objects.join(',\n')}\n  ]`;
  });
  return `${JSON.stringify(about, null, 2).slice(0, -2)},\n${lists.join(',\n')}\n}\n`;
}

/** What was read, in numbers. */
export function aboutPaths({ sums, rows, decimals, rounded }: Attribution) {
  return {
    rows,
    channels: sums.channels.length,
    conversions: sums.conversions,
    journeys_without: sums.nulls,
    value: sums.value / 10 ** decimals,
    value_decimals: decimals,
    values_rounded: rounded,
  };
}

const jsonCell = (cell: TableCell): string => (cell instanceof Exact ? cell.digits : JSON.stringify(cell));

/** Files that are there whole, all of them, or not at all: each is written aside and renamed at the end. */
export function writeWhole(files: readonly { path: string; text: string }[]): void {
  const aside = files.map(({ path }) =>
    join(dirname(path), `.${process.pid}-${files.findIndex((file) => file.path === path)}.part`),
  );
  try {
    for (const [at, { path, text }] of files.entries()) {
      makeFolder(dirname(path));
      writeFileSync(aside[at]!, text);
    }
    for (const [at, { path }] of files.entries()) renameSync(aside[at]!, path);
  } finally {
    for (const path of aside) if (existsSync(path)) rmSync(path);
  }
}

/** @throws BadPaths when something else has the folder's name */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST' && code !== 'ENOTDIR') throw error;
    throw new BadPaths(`${folder} is no folder; give --out-dir a folder, or a name that is free`);
  }
}
