import type { DuckDBConnection } from '@duckdb/node-api';
import { EngineError } from './sql-engine.ts';

/** As Athena has it. */
export const MOST_OPEN_PARTITIONS = 100;

/**
 * Partitions of Iceberg tables by a column as it is, and of landing by the day of arrival: how many a statement writes, and
 * what part of a table it reads.
 */
export function createDayPartitions() {
  /** The column of each table, by schema.table. */
  const columns = new Map<string, string>();

  return {
    columns,

    /** @throws EngineError where a MERGE would bring rows into more partitions than may be open */
    async checkWrite(one: DuckDBConnection, key: string, sql: string): Promise<void> {
      const column = columns.get(key);
      const source = /^merge\s+into[\s\S]*?\busing\s+(\([\s\S]*\n\)) s\non /i.exec(sql)?.[1];
      if (column === undefined || source === undefined) return;
      const reader = await one.runAndReadAll(
        `SELECT count(DISTINCT coalesce(CAST(s.${column} AS varchar), 'none')) FROM ${source} s`,
      );
      if (Number(reader.getRows()[0]?.[0]) > MOST_OPEN_PARTITIONS)
        throw new EngineError(
          'ICEBERG_TOO_MANY_OPEN_PARTITIONS',
          `Exceeded limit of ${MOST_OPEN_PARTITIONS} open writers for partitions`,
        );
    },

    /** The share of the rows of each table that lies in partitions which a condition of constants leaves. */
    async sharesRead(one: DuckDBConnection, sql: string): Promise<Map<string, number>> {
      const shares = new Map<string, number>();
      for (const [condition, alias, column] of sql.matchAll(
        /\((\w+)\."(\w+)" IS NULL OR \((?:\1\."\2" (?:= DATE '[-\d]+'|BETWEEN DATE '[-\d]+' AND DATE '[-\d]+')(?: OR )?)+\)\)/g,
      )) {
        const [, schema, table] = new RegExp(`"(\\w+)"\\."(\\w+)" ${alias}\\b`).exec(sql) ?? [];
        const key = `${schema}.${table}`;
        if (columns.get(key) !== column) continue;
        const reader = await one.runAndReadAll(
          `SELECT count(*) FILTER (WHERE ${condition}) * 1e0 / greatest(count(*), 1) FROM "${schema}"."${table}" ${alias}`,
        );
        shares.set(key, Number(reader.getRows()[0]?.[0]));
      }
      for (const [, schema, table, condition] of sql.matchAll(
        /FROM "(\w+)"\."(landing_\w+)"\s+WHERE (arrived BETWEEN '[-\d]+' AND '[-\d]+'(?: OR arrived BETWEEN '[-\d]+' AND '[-\d]+')*)/g,
      )) {
        const reader = await one.runAndReadAll(
          `SELECT count(*) FILTER (WHERE ${condition}) * 1e0 / greatest(count(*), 1) FROM "${schema}"."${table}"`,
        );
        shares.set(`${schema}.${table}`, Number(reader.getRows()[0]?.[0]));
      }
      return shares;
    },
  };
}
