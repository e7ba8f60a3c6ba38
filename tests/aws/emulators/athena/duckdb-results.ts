import {
  DuckDBDateValue,
  type DuckDBResultReader,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBType,
  DuckDBTypeId,
} from '@duckdb/node-api';
import { doubleText, EngineError, type EngineResult } from './sql-engine.ts';

/** Names of types as Athena describes results. A sum of whole numbers is a bigint there. */
function typeName({ typeId }: DuckDBType): string {
  switch (typeId) {
    case DuckDBTypeId.BOOLEAN:
      return 'boolean';
    case DuckDBTypeId.TINYINT:
    case DuckDBTypeId.SMALLINT:
    case DuckDBTypeId.INTEGER:
    case DuckDBTypeId.UINTEGER:
    case DuckDBTypeId.USMALLINT:
    case DuckDBTypeId.UTINYINT:
      return 'integer';
    case DuckDBTypeId.BIGINT:
    case DuckDBTypeId.UBIGINT:
    case DuckDBTypeId.HUGEINT:
      return 'bigint';
    case DuckDBTypeId.DOUBLE:
      return 'double';
    case DuckDBTypeId.FLOAT:
      return 'float';
    case DuckDBTypeId.DECIMAL:
      return 'decimal';
    case DuckDBTypeId.DATE:
      return 'date';
    case DuckDBTypeId.TIMESTAMP:
    case DuckDBTypeId.TIMESTAMP_MS:
      return 'timestamp';
    case DuckDBTypeId.TIMESTAMP_TZ:
      return 'timestamp with time zone';
    default:
      return 'varchar';
  }
}

const timestampText = (micros: bigint) => {
  const ms = micros >= 0n ? micros / 1000n : -((-micros + 999n) / 1000n);
  const rest = String(micros - ms * 1000n).padStart(3, '0');
  const iso = new Date(Number(ms)).toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, 23)}${rest}`;
};

function cellText(value: unknown, type: DuckDBType): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number' && type.typeId === DuckDBTypeId.DOUBLE) return doubleText(value);
  if (value instanceof DuckDBTimestampTZValue) return `${timestampText(value.micros)} UTC`;
  if (value instanceof DuckDBTimestampValue) return timestampText(value.micros);
  if (value instanceof DuckDBDateValue) return new Date(value.days * 86_400_000).toISOString().slice(0, 10);
  return String(value);
}

export function resultOf(reader: DuckDBResultReader, scannedBytes: number): EngineResult {
  const types = reader.columnTypes();
  const columns = reader.columnNames().map((name, at) => ({ name, type: typeName(types[at]!) }));
  const rows = reader.getRows().map((row) => row.map((value, at) => cellText(value, types[at]!)));
  return { columns, rows, scannedBytes };
}

const CODES: [RegExp, string][] = [
  [/Table with name \S+ does not exist/, 'TABLE_NOT_FOUND'],
  [/Schema with name \S+ does not exist|No catalog \+ schema named/, 'SCHEMA_NOT_FOUND'],
  [/already exists/, 'TABLE_ALREADY_EXISTS'],
  [/Referenced column|not found in FROM clause|does not have a column/, 'COLUMN_NOT_FOUND'],
  [/^Parser Error/, 'SYNTAX_ERROR'],
  [/^(Binder|Catalog) Error/, 'SYNTAX_ERROR'],
  [/^Conversion Error/, 'INVALID_CAST_ARGUMENT'],
  [/^TransactionContext Error|Conflict/, 'ICEBERG_COMMIT_ERROR'],
];

/** An error of the engine under the name that Athena has for it. */
export function errorOf(error: Error): EngineError {
  if (error instanceof EngineError) return error;
  const code = CODES.find(([pattern]) => pattern.test(error.message))?.[1] ?? 'GENERIC_USER_ERROR';
  return new EngineError(code, error.message);
}
