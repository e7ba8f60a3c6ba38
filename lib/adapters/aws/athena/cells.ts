import type { Cell, ColumnArray } from '../../../ports.ts';

/** A column of a result as Athena describes it. */
export interface ResultColumn {
  name: string;
  /** Athena's name of the type: varchar, bigint, integer, double, boolean, date, timestamp and so on. */
  type: string;
}

const WHOLE = new Set(['integer', 'int', 'smallint', 'tinyint']);
const FRACTIONS = new Set(['double', 'float', 'real', 'decimal']);

/** The type without its precision: "decimal(10,2)" is a decimal. */
const bareType = (type: string) => type.toLowerCase().replace(/\(.*?\)/, '');

const doubleOf = (text: string) => {
  if (text === 'Infinity') return Number.POSITIVE_INFINITY;
  if (text === '-Infinity') return Number.NEGATIVE_INFINITY;
  return Number(text);
};

/** "2025-03-31 10:00:00.123456", perhaps with UTC behind it, as ISO text in milliseconds. */
const instantOf = (text: string) => {
  const [day = '', time = ''] = text.split(' ');
  const [whole = '', fraction = ''] = time.split('.');
  return `${day}T${whole.padEnd(8, ':00')}.${fraction.padEnd(3, '0').slice(0, 3)}Z`;
};

/** How the text of a cell becomes a value: the same values that the embedded engine gives. */
export function readerOf(type: string): (text: string) => Cell {
  const bare = bareType(type);
  if (bare === 'boolean') return (text) => text === 'true';
  if (WHOLE.has(bare)) return Number;
  if (FRACTIONS.has(bare)) return doubleOf;
  if (bare === 'bigint')
    return (text) => {
      const number = Number(text);
      return Number.isSafeInteger(number) ? number : BigInt(text);
    };
  if (bare.startsWith('timestamp')) return instantOf;
  return (text) => text;
}

/** Values of one column as they come in. */
export interface GrowingColumn {
  take(text: string | null): void;
  finished(): ColumnArray;
}

function growingNumbers(make: (length: number) => Int32Array | Float64Array, name: string): GrowingColumn {
  let values = make(1 << 12);
  let length = 0;
  return {
    take(text) {
      if (length === values.length) {
        const larger = make(values.length * 2);
        larger.set(values);
        values = larger;
      }
      if (text === null && values instanceof Int32Array)
        throw new Error(`Column ${name} is null in row ${length + 1}; an integer must have a value`);
      values[length] = text === null ? Number.NaN : doubleOf(text);
      length += 1;
    },
    finished: () => values.slice(0, length),
  };
}

/**
 * Gathers a column as an array.
 * @throws Error on a column of another type than integer, double and varchar, and on an integer that is null
 */
export function growingColumn({ name, type }: ResultColumn): GrowingColumn {
  const bare = bareType(type);
  if (bare === 'integer' || bare === 'int') return growingNumbers((length) => new Int32Array(length), name);
  if (bare === 'double') return growingNumbers((length) => new Float64Array(length), name);
  if (bare !== 'varchar')
    throw new Error(`Column ${name} is a ${type}; cast it to integer, double or varchar`);
  const values: (string | null)[] = [];
  return { take: (text) => void values.push(text), finished: () => values };
}
