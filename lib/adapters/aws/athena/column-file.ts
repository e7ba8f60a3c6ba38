import { parquetWriteBuffer } from 'hyparquet-writer';
import type { ColumnArray } from '../../../ports.ts';
import type { StoredType } from './statements.ts';

/** The type that a table stores an array as. */
export const storedTypeOf = (values: ColumnArray): StoredType =>
  values instanceof Int32Array ? 'integer' : values instanceof Float64Array ? 'double' : 'varchar';

const PARQUET_TYPES = { integer: 'INT32', double: 'DOUBLE', varchar: 'STRING' } as const;

/**
 * Columns of equal length as a Parquet file. A double that is NaN is null.
 * @throws Error naming the column that is longer or shorter than the first
 */
export function columnFile(columns: Readonly<Record<string, ColumnArray>>): Uint8Array {
  const entries = Object.entries(columns);
  const length = entries[0]?.[1].length ?? 0;
  const odd = entries.find(([, values]) => values.length !== length);
  if (odd)
    throw new Error(
      `Column ${odd[0]} has ${odd[1].length} values and ${entries[0]![0]} has ${length}; they must be equally long`,
    );
  const columnData = entries.map(([name, values]) => {
    const type = storedTypeOf(values) as keyof typeof PARQUET_TYPES;
    return {
      name,
      type: PARQUET_TYPES[type],
      nullable: type !== 'integer',
      data:
        values instanceof Float64Array
          ? Array.from(values, orNull)
          : values instanceof Int32Array
            ? values
            : [...values],
    };
  });
  return new Uint8Array(parquetWriteBuffer({ columnData, createdBy: 'ropo' }));
}

const orNull = (value: number) => (Number.isNaN(value) ? null : value);
