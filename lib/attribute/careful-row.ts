import { parseDecimal, toMinor } from '../domain/money.ts';
import type { Columns } from './columns.ts';
import { parseCells } from './row-text.ts';

/** Decimals that a value keeps; doubles written as text have a dozen more that mean nothing. */
export const MOST_DECIMALS = 6;

/** A row in full: what the quick way leaves to the careful one. */
export interface CarefulRow {
  path: string[];
  conversions: number;
  nulls: number;
  value: { units: number; decimals: number; isRounded: boolean };
  person: string;
}

const shown = (text: string) => {
  const clean = text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, ' ');
  return `"${clean.length > 60 ? `${clean.slice(0, 59)}…` : clean}"`;
};

/** Reads one line with every check. A text says what is wrong, with subject, value and limit. */
export function carefulRow(line: string, { roles, names }: Columns): CarefulRow | string {
  const cells = parseCells(line);
  if (cells === null) {
    return `a quote is not closed, or text follows a closing quote, in ${shown(line)}: quote a whole cell, double the quotes inside it, and keep it on one line`;
  }
  if (cells.length !== roles.length) {
    return `${cells.length} ${cells.length === 1 ? 'cell' : 'cells'} where the header has ${roles.length} columns, in ${shown(line)}: put a cell that holds a comma in quotes`;
  }
  const row: CarefulRow = {
    path: [],
    conversions: 0,
    nulls: 0,
    value: { units: 0, decimals: 0, isRounded: false },
    person: '',
  };
  for (const [at, role] of roles.entries()) {
    const cell = cells[at]!;
    const problem = readCell(row, role, names[at]!, cell);
    if (problem !== null) return problem;
  }
  if (row.value.units > 0 && row.conversions === 0) {
    const at = roles.indexOf('value');
    return `${names[at]} ${shown(cells[at]!)} without a conversion: a value belongs to conversions, so their number must be above 0`;
  }
  return row;
}

function readCell(
  row: CarefulRow,
  role: Columns['roles'][number],
  name: string,
  cell: string,
): string | null {
  if (role === 'path') {
    const path = readPath(name, cell);
    if (typeof path === 'string') return path;
    row.path = path;
    return null;
  }
  if (role === 'person') {
    row.person = cell.trim();
    return row.person === ''
      ? `${name} is empty: give every journey its person, or leave the column out`
      : null;
  }
  const number = readNumber(name, cell, role === 'value');
  if (typeof number === 'string') return number;
  if (role === 'value') row.value = number;
  else if (role === 'nulls') row.nulls = number.units;
  else row.conversions = number.units;
  if (role === 'converted') row.nulls = number.units === 0 ? 1 : 0;
  return null;
}

function readPath(name: string, cell: string): string[] | string {
  const channels = cell.split('>').map((channel) => channel.replace(/^[ \t]+|[ \t]+$/g, ''));
  if (channels.every((channel) => channel === '')) {
    return cell.trim() === ''
      ? `${name} is empty: a path has at least one channel`
      : `${name} ${shown(cell)} holds nothing but separators: a path has at least one channel`;
  }
  const empty = channels.indexOf('');
  if (empty >= 0) {
    return `${name} ${shown(cell)} has an empty channel in place ${empty + 1} of ${channels.length}: name it, or remove a separator`;
  }
  return channels;
}

const WORDS = /^[+-]?(nan|inf|infinity|null|na|none|n\/a)$/i;

function readNumber(
  name: string,
  cell: string,
  isValue: boolean,
): { units: number; decimals: number; isRounded: boolean } | string {
  const text = cell.trim();
  const kind = isValue ? 'a number from 0 such as 12.50' : 'a whole number from 0';
  if (text === '') return `${name} is empty: it must be ${kind}`;
  if (WORDS.test(text)) return `${name} ${shown(text)} is no number: it must be ${kind}`;
  const decimal = parseDecimal(text);
  if (decimal === null) return `${name} ${shown(text)} is not a number: it must be ${kind}`;
  if (decimal.digits < 0n) return `${name} ${shown(text)} is below zero: it must be ${kind}`;
  if (!isValue) {
    const unit = 10n ** BigInt(decimal.scale);
    if (decimal.digits % unit !== 0n) {
      return `${name} ${shown(text)} is not whole: it must be ${kind}; journeys are counted, not weighted`;
    }
    return inRange(name, text, Number(decimal.digits / unit), 0, false);
  }
  const isRounded = decimal.scale > MOST_DECIMALS;
  let units = isRounded ? toMinor(decimal, MOST_DECIMALS) : Number(decimal.digits);
  let decimals = Math.min(decimal.scale, MOST_DECIMALS);
  // What is left of 12.500000000000002 is 12.5.
  while (isRounded && decimals > 0 && units % 10 === 0) {
    units /= 10;
    decimals -= 1;
  }
  return inRange(name, text, units, decimals, isRounded);
}

function inRange(name: string, text: string, units: number, decimals: number, isRounded: boolean) {
  return units <= Number.MAX_SAFE_INTEGER
    ? { units, decimals, isRounded }
    : `${name} ${shown(text)} is too large: at most ${Number.MAX_SAFE_INTEGER}${decimals > 0 ? ` in units of its last decimal` : ''} can be counted exactly`;
}
