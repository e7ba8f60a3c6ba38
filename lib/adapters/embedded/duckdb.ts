import { readFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { type DuckDBConnection, DuckDBInstance, DuckDBTypeId, type DuckDBValue } from '@duckdb/node-api';
import type { Cell, ColumnArray, Row } from '../../ports.ts';
import { columnsOf } from './column-arrays.ts';
import { connectionPool, planningConnection } from './connection-pool.ts';

/** An in-memory DuckDB that speaks Athena's dialect, with what the adapters need of it. */
export interface Engine {
  run(sql: string): Promise<void>;
  rows(sql: string, parameters?: readonly Cell[]): Promise<Row[]>;
  /** The same with rows as arrays: columns may share a name. */
  table(sql: string, parameters?: readonly Cell[]): Promise<{ columns: string[]; rows: Cell[][] }>;
  /** Columns of a SELECT as arrays: integers, doubles and texts. */
  columns(sql: string, parameters?: readonly Cell[]): Promise<Record<string, ColumnArray>>;
  connection: DuckDBConnection;
  close(): void;
}

export interface EngineOptions {
  /** Where the engine spills what does not fit in memory. */
  spillDirectory: string;
  memoryLimit?: string;
  threads?: number;
  /** How many SELECTs may run at a time: 1 unless it says otherwise. What `run` makes temporary, only the first has. */
  connections?: number;
}

/** Statements that a connection keeps: one for each KPI, and those beside. */
const KEPT_STATEMENTS = 100;

const DIALECT = readFileSync(new URL('./athena-dialect.sql', import.meta.url), 'utf8');

/** At most 3 GB, so that a build of 10 million touchpoints leaves room for the rest; half of a smaller machine. */
function defaultMemoryLimit(): string {
  return `${Math.floor(Math.min(3_000, totalmem() / 2 / 1e6))}MB`;
}

export async function openEngine({
  spillDirectory,
  memoryLimit,
  threads,
  connections = 1,
}: EngineOptions): Promise<Engine> {
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    preserve_insertion_order: 'false',
    temp_directory: spillDirectory,
    memory_limit: memoryLimit ?? process.env.ROPO_MEMORY ?? defaultMemoryLimit(),
    threads: String(threads ?? availableParallelism()),
  });
  const all = await Promise.all(Array.from({ length: connections }, () => instance.connect()));
  for (const one of all) await one.run("SET TimeZone = 'UTC'; SET integer_division = true");
  const connection = all[0]!;
  await connection.run(DIALECT);
  // Who asks on several connections asks the same again and again.
  const planning = all.map((one) => planningConnection(one, connections > 1 ? KEPT_STATEMENTS : 0));
  const withConnection = connectionPool(planning);
  const table: Engine['table'] = async (sql, parameters = []) => {
    const reader = await withConnection(async (one) => {
      if (connections === 1 || parameters.length === 0)
        return one.connection.runAndReadAll(sql, parameters as DuckDBValue[]);
      const statement = await one.statement(sql);
      statement.clearBindings();
      statement.bind(parameters as DuckDBValue[]);
      return statement.runAndReadAll();
    });
    const isDate = reader.columnTypes().map(({ typeId }) => typeId === DuckDBTypeId.DATE);
    const rows = reader.getRowsJS().map((row) => row.map((value, at) => plainCell(value, isDate[at]!)));
    return { columns: reader.columnNames(), rows };
  };
  return {
    connection,
    run: async (sql) => {
      await connection.run(sql);
    },
    rows: async (sql, parameters) => {
      const { columns, rows } = await table(sql, parameters);
      return rows.map((row) => Object.fromEntries(columns.map((name, at) => [name, row[at]!])));
    },
    table,
    columns: async (sql, parameters = []) =>
      columnsOf(await connection.stream(sql, parameters as DuckDBValue[])),
    close: () => {
      for (const one of planning) one.close();
      instance.closeSync();
    },
  };
}

/** Dates and times become ISO text, 64-bit integers numbers where they fit exactly. */
function plainCell(value: unknown, isDate: boolean): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }
  if (value instanceof Date) return isDate ? value.toISOString().slice(0, 10) : value.toISOString();
  if (typeof value === 'object')
    return JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? Number(inner) : inner));
  return value as Cell;
}

/** A text as an SQL literal. */
export const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** A path as an SQL literal for reading: characters that would make it a pattern stand for themselves. */
export const pathLiteral = (path: string) => literal(path.replace(/[[*?]/g, (mark) => `[${mark}]`));
