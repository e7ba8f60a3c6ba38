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
