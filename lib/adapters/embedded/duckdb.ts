import { readFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { type DuckDBConnection, DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';
import type { Cell, Row } from '../../ports.ts';

/** An in-memory DuckDB that speaks Athena's dialect, with what the adapters need of it. */
export interface Engine {
  run(sql: string): Promise<void>;
  rows(sql: string, parameters?: readonly Cell[]): Promise<Row[]>;
  /** Whole-number columns of a SELECT, one array each. */
  integers(sql: string): Promise<Int32Array[]>;
  connection: DuckDBConnection;
  close(): void;
}

export interface EngineOptions {
  /** Where the engine spills what does not fit in memory. */
  spillDirectory: string;
  memoryLimit?: string;
  threads?: number;
}

const DIALECT = readFileSync(new URL('./athena-dialect.sql', import.meta.url), 'utf8');

/** At most 3 GB, so that a build of 10 million touchpoints leaves room for the rest; half of a smaller machine. */
function defaultMemoryLimit(): string {
  return `${Math.floor(Math.min(3_000, totalmem() / 2 / 1e6))}MB`;
}

export async function openEngine({ spillDirectory, memoryLimit, threads }: EngineOptions): Promise<Engine> {
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    preserve_insertion_order: 'false',
    temp_directory: spillDirectory,
    memory_limit: memoryLimit ?? process.env.ROPO_MEMORY ?? defaultMemoryLimit(),
    threads: String(threads ?? availableParallelism()),
  });
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'; SET integer_division = true");
  await connection.run(DIALECT);
  return {
    connection,
    run: async (sql) => {
      await connection.run(sql);
    },
    rows: async (sql, parameters = []) => {
      const reader = await connection.runAndReadAll(sql, parameters as DuckDBValue[]);
      return reader.getRowObjectsJS().map(plainRow);
    },
    integers: async (sql) => {
      const result = await connection.stream(sql);
      const parts: Int32Array[][] = Array.from({ length: result.columnCount }, () => []);
      for (
        let chunk = await result.fetchChunk();
        chunk && chunk.rowCount > 0;
        chunk = await result.fetchChunk()
      ) {
        for (const [index, part] of parts.entries())
          part.push(Int32Array.from(chunk.getColumnValues(index) as number[]));
      }
      return parts.map(joined);
    },
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

function joined(parts: readonly Int32Array[]): Int32Array {
  const all = new Int32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Dates and times become ISO text, 64-bit integers numbers where they fit exactly. */
function plainRow(row: Record<string, unknown>): Row {
  const plain: Row = {};
  for (const [name, value] of Object.entries(row)) plain[name] = plainCell(value);
  return plain;
}

function plainCell(value: unknown): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }
  if (value instanceof Date) {
    const iso = value.toISOString();
    return iso.endsWith('T00:00:00.000Z') ? iso.slice(0, 10) : iso;
  }
  if (typeof value === 'object')
    return JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? Number(inner) : inner));
  return value as Cell;
}

/** A text as an SQL literal. */
export const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;
