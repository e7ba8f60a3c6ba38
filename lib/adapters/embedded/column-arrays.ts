import { type DuckDBAppender, type DuckDBResult, DuckDBTypeId } from '@duckdb/node-api';
import type { ColumnArray } from '../../ports.ts';

/** Values of one column as they come in, in arrays that double when they are full. */
interface GrowingColumn {
  take(count: number, value: (row: number) => unknown): void;
  finished(): ColumnArray;
}

function growingNumbers(make: (length: number) => Int32Array | Float64Array, name: string): GrowingColumn {
  let values = make(1 << 14);
  let length = 0;
  return {
    take(count, value) {
      if (length + count > values.length) {
        const larger = make(Math.max(values.length * 2, length + count));
        larger.set(values);
        values = larger;
      }
      for (let row = 0; row < count; row++) {
        const cell = value(row);
        if (cell === null && values instanceof Int32Array)
          throw new Error(`Column ${name} is null in row ${length + row + 1}; an integer must have a value`);
        values[length + row] = cell === null ? Number.NaN : (cell as number);
      }
      length += count;
    },
    finished: () => values.slice(0, length),
  };
}

function growingTexts(): GrowingColumn {
  const values: (string | null)[] = [];
  return {
    take(count, value) {
      for (let row = 0; row < count; row++) values.push(value(row) as string | null);
    },
    finished: () => values,
  };
}

function growing(typeId: DuckDBTypeId, name: string): GrowingColumn {
  if (typeId === DuckDBTypeId.INTEGER) return growingNumbers((length) => new Int32Array(length), name);
  if (typeId === DuckDBTypeId.DOUBLE) return growingNumbers((length) => new Float64Array(length), name);
  if (typeId === DuckDBTypeId.VARCHAR) return growingTexts();
  throw new Error(`Column ${name} is a ${DuckDBTypeId[typeId]}; cast it to integer, double or varchar`);
}

/**
 * Reads a result column by column, chunk by chunk.
 * @throws Error on a column of another type than integer, double and varchar, and on an integer that is null
 */
export async function columnsOf(result: DuckDBResult): Promise<Record<string, ColumnArray>> {
  const names = result.columnNames();
  const columns = names.map((name, at) => growing(result.columnTypeId(at), name));
  for (
    let chunk = await result.fetchChunk();
    chunk && chunk.rowCount > 0;
    chunk = await result.fetchChunk()
  ) {
    for (const [at, column] of columns.entries()) {
      const vector = chunk.getColumnVector(at);
      column.take(chunk.rowCount, (row) => vector.getItem(row));
    }
  }
  return Object.fromEntries(names.map((name, at) => [name, columns[at]!.finished()]));
}

/** The type that a table stores an array as. */
export const storedType = (values: ColumnArray) =>
  values instanceof Int32Array ? 'integer' : values instanceof Float64Array ? 'double' : 'varchar';

/** Appends rows of columns that are equally long. */
export function appendColumns(appender: DuckDBAppender, columns: readonly ColumnArray[]): void {
  for (let row = 0; row < (columns[0]?.length ?? 0); row++) {
    for (const values of columns) {
      if (values instanceof Int32Array) appender.appendInteger(values[row]!);
      else if (values[row] == null || Number.isNaN(values[row])) appender.appendNull();
      else if (values instanceof Float64Array) appender.appendDouble(values[row]!);
      else appender.appendVarchar(values[row]!);
    }
    appender.endRow();
  }
}
