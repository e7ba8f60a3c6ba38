import type { DuckDBConnection, DuckDBPreparedStatement } from '@duckdb/node-api';

/** Lends each of some connections to one user at a time; who finds none free waits, in the order of coming. */
export function connectionPool<Connection>(connections: readonly Connection[]) {
  const free = [...connections];
  const waiting: ((connection: Connection) => void)[] = [];
  return async <Result>(use: (connection: Connection) => Promise<Result>): Promise<Result> => {
    const connection = free.pop() ?? (await new Promise<Connection>((resolve) => waiting.push(resolve)));
    try {
      return await use(connection);
    } finally {
      const next = waiting.shift();
      if (next) next(connection);
      else free.push(connection);
    }
  };
}

/** A connection with the statements that it has planned. */
export interface PlanningConnection {
  connection: DuckDBConnection;
  /** The statement of a text: the one that was planned before, or planned now. */
  statement(sql: string): Promise<DuckDBPreparedStatement>;
  close(): void;
}

/** @param most how many statements are kept: those used last */
export function planningConnection(connection: DuckDBConnection, most: number): PlanningConnection {
  const kept = new Map<string, DuckDBPreparedStatement>();
  return {
    connection,
    async statement(sql) {
      const statement = kept.get(sql) ?? (await connection.prepare(sql));
      kept.delete(sql);
      kept.set(sql, statement);
      if (kept.size > most) {
        const [oldest, its] = kept.entries().next().value!;
        kept.delete(oldest);
        its.destroySync();
      }
      return statement;
    },
    close() {
      for (const statement of kept.values()) statement.destroySync();
      kept.clear();
      connection.closeSync();
    },
  };
}
