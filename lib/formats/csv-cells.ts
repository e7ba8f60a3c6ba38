import type { TSchema } from '@sinclair/typebox';
import { beyondLimits } from '../domain/record-limits.ts';
import { repeatsName } from './json-names.ts';

/** Turns the text of a cell into what the contract wants there; text that it is not stays text and is refused. */
export type CellReader = (cell: string) => unknown;
export type CellReaders = Record<string, CellReader>;

/** A reader for every field of an object's schema. */
export function cellReaders(schema: { properties: Record<string, TSchema> }): CellReaders {
  const readers: CellReaders = Object.create(null);
  for (const [name, field] of Object.entries(schema.properties)) readers[name] = readerOf(typesOf(field));
  return readers;
}

/** The fields of a row that are not empty and that have a reader. */
export function readCells(names: string[], cells: string[], readers: CellReaders): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  for (let position = 0; position < names.length; position++) {
    const cell = cells[position]!;
    const reader = readers[names[position]!];
    if (cell !== '' && reader !== undefined) value[names[position]!] = reader(cell);
  }
  return value;
}

function readerOf(types: Set<string>): CellReader {
  if (types.has('array') || types.has('object')) return jsonCell;
  if (types.has('string')) return (cell) => cell;
  if (types.has('boolean')) return booleanCell;
  if (types.has('integer') || types.has('number')) return numberCell;
  return (cell) => cell;
}

function typesOf(schema: TSchema): Set<string> {
  const options: TSchema[] | undefined = schema.anyOf;
  if (options === undefined) return new Set([String(schema.type)]);
  return new Set(options.flatMap((option) => [...typesOf(option)]));
}

/** A cell that holds JSON; one that holds none, or too deep, or a name twice, stays text, which no list is. */
function jsonCell(cell: string): unknown {
  try {
    const value: unknown = JSON.parse(cell);
    return beyondLimits(value, cell) === null && !repeatsName(cell, value) ? value : cell;
  } catch {
    return cell;
  }
}

function booleanCell(cell: string): unknown {
  const lower = cell.toLowerCase();
  return lower === 'true' ? true : lower === 'false' ? false : cell;
}

const NUMBER = /^[+-]?\d{1,15}(\.\d+)?$/;

function numberCell(cell: string): unknown {
  return NUMBER.test(cell) ? Number(cell) : cell;
}
