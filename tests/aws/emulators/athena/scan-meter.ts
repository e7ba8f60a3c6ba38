import { statSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';

/**
 * How many bytes a statement reads, as Athena counts them: of each table that it names, itself or by a view, the stored
 * bytes of the columns that it names. Rows that statistics would leave out count, so that it is a bound from above.
 */
export function createScanMeter() {
  /** Stored bytes of each column by table. */
  const stored = new Map<string, Map<string, number>>();
  const views = new Map<string, string>();
  const measured = new Map<string, string>();

  return {
    async measure(one: DuckDBConnection, key: string, files: readonly string[]): Promise<void> {
      const state = files.map((file) => `${file} ${statSync(file).mtimeMs}`).join('\n');
      if (measured.get(key) === state) return;
      const sizes = new Map<string, number>();
      if (files.length > 0) {
        const list = files.map((file) => `'${file.replaceAll("'", "''")}'`).join(', ');
        const reader = await one.runAndReadAll(
          `SELECT path_in_schema, CAST(sum(total_compressed_size) AS double) FROM parquet_metadata([${list}]) GROUP BY 1`,
        );
        for (const [name, bytes] of reader.getRows()) sizes.set(String(name).toLowerCase(), Number(bytes));
      }
      stored.set(key, sizes);
      measured.set(key, state);
    },

    view(key: string, select: string): void {
      views.set(key, select);
    },

    /** @param shares the part of a table that is read, where its partitions leave some out */
    bytesOf(sql: string, database: string | null, shares: ReadonlyMap<string, number> = new Map()): number {
      const read = new Map<string, Set<string>>();
      const visit = (text: string, bare: string | null, depth: number) => {
        const code = text
          .replace(/--[^\n]*/g, ' ')
          .replace(/'(?:[^']|'')*'/g, ' ')
          .toLowerCase();
        const words = new Set(code.match(/[a-z_][a-z0-9_]*/g) ?? []);
        const takesAll = /select\s+(distinct\s+)?\*|\w\.\*|,\s*\*/.test(code);
        for (const [, schema, table] of code.matchAll(
          /(?:from|join|into|using)\s+(?:"?(\w+)"?\.)?"?(\w+)"?/g,
        )) {
          const key = `${schema ?? bare}.${table}`;
          const sizes = stored.get(key);
          const view = views.get(key);
          if (sizes) {
            const columns = read.get(key) ?? new Set();
            for (const name of sizes.keys()) if (takesAll || words.has(name)) columns.add(name);
            read.set(key, columns);
          } else if (view !== undefined && depth < 5) {
            // A view hands on what is asked of it, not all that it names.
            const asked = takesAll ? '' : [...words].join(' ');
            visitView(key, view, asked, takesAll, depth);
          }
        }
      };
      const visitView = (key: string, select: string, asked: string, takesAll: boolean, depth: number) => {
        const words = new Set(asked.split(' '));
        const code = select.toLowerCase();
        for (const [, schema, table] of code.matchAll(/(?:from|join)\s+(?:"?(\w+)"?\.)?"?(\w+)"?/g)) {
          const source = `${schema ?? key.slice(0, key.indexOf('.'))}.${table}`;
          const sizes = stored.get(source);
          if (sizes) {
            const columns = read.get(source) ?? new Set();
            for (const name of sizes.keys()) if (takesAll || words.has(name)) columns.add(name);
            read.set(source, columns);
          } else if (views.has(source) && depth < 5)
            visitView(source, views.get(source)!, asked, takesAll, depth + 1);
        }
      };
      visit(sql, database, 0);
      let bytes = 0;
      for (const [key, columns] of read)
        for (const name of columns) bytes += (stored.get(key)?.get(name) ?? 0) * (shares.get(key) ?? 1);
      return Math.round(bytes);
    },
  };
}
