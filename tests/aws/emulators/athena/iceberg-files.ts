import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { EngineError } from './sql-engine.ts';

/**
 * The files of Iceberg tables, as far as what was deleted stays in them. A change adds a file and leaves those that there
 * are, as merge-on-read does; OPTIMIZE writes the rows of the partitions that it names anew, so that the current snapshot
 * needs their older files no more; VACUUM takes away snapshots that are older than the table says, and files that no
 * snapshot needs. Not emulated: sizes of files (every one is small), metadata files, and that one run may do a part only,
 * which a test asks for as a fault.
 */
interface Table {
  folder: string;
  partitionedBy: string | null;
  properties: Record<string, string>;
  snapshots: { at: number; files: string[] }[];
  written: number;
}

/** As Athena has it where a table says nothing. Seconds. */
const SNAPSHOT_AGE = 432_000;
const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

export function createIcebergFiles(now: () => number) {
  const tables = new Map<string, Table>();

  const write = async (one: DuckDBConnection, table: Table, select: string): Promise<string> => {
    table.written += 1;
    const data = join(table.folder, 'data');
    mkdirSync(data, { recursive: true });
    const file = join(data, `${String(table.written).padStart(6, '0')}.parquet`);
    await one.run(`COPY (${select}) TO ${literal(file)} (FORMAT parquet, COMPRESSION zstd)`);
    return file;
  };
  const current = ({ snapshots }: Table) => snapshots.at(-1)?.files ?? [];

  return {
    folderOf: (key: string) => tables.get(key)?.folder,

    /** A table that is there already stays what it is. */
    add(key: string, folder: string, partitionedBy: string | null, properties: Record<string, string>): void {
      if (!tables.has(key)) tables.set(key, { folder, partitionedBy, properties, snapshots: [], written: 0 });
    },

    set(key: string, properties: Record<string, string>): void {
      Object.assign(tables.get(key)!.properties, properties);
    },

    /** Forgets a table, or all of a database. */
    forget: (fits: (key: string) => boolean) => {
      for (const key of tables.keys()) if (fits(key)) tables.delete(key);
    },

    /** Keeps what a table holds now. Returns the file that holds all of it. */
    async changed(one: DuckDBConnection, key: string, sql: string): Promise<string[]> {
      const table = tables.get(key);
      if (!table) return [];
      const file = await write(one, table, `SELECT * FROM ${sql}`);
      table.snapshots.push({ at: now(), files: [...current(table), file] });
      return [file];
    },

    async optimize(one: DuckDBConnection, key: string, sql: string, where: string | null): Promise<void> {
      const table = tables.get(key)!;
      for (const [name] of (where ?? '').replaceAll(/'[^']*'/g, '').matchAll(/[a-z_]+/gi))
        if (name !== table.partitionedBy && !/^(is|not|null|and|or|between|date)$/i.test(name))
          throw new EngineError(
            'NOT_SUPPORTED',
            `Unexpected FilterNode found in plan; probably connector was not able to handle provided WHERE expression: ${name}`,
          );
      const condition = `(${where ?? 'true'}) IS TRUE`;
      const files = [await write(one, table, `SELECT * FROM ${sql} WHERE ${condition}`)];
      for (const file of current(table)) {
        const rest = `FROM read_parquet(${literal(file)}) WHERE NOT (${condition})`;
        const [[rows = 0] = []] = (await one.runAndReadAll(`SELECT count(*) ${rest}`)).getRows();
        if (Number(rows) > 0) files.push(await write(one, table, `SELECT * ${rest}`));
      }
      table.snapshots.push({ at: now(), files });
    },

    vacuum(key: string): void {
      const table = tables.get(key)!;
      const oldest = now() - Number(table.properties.vacuum_max_snapshot_age_seconds ?? SNAPSHOT_AGE) * 1000;
      const least = Number(table.properties.vacuum_min_snapshots_to_keep ?? 1);
      const all = table.snapshots;
      table.snapshots = all.filter(({ at }, n) => at >= oldest || n >= all.length - least);
      const needed = new Set(table.snapshots.flatMap(({ files }) => files));
      for (const file of new Set(all.flatMap(({ files }) => files)))
        if (!needed.has(file)) rmSync(file, { force: true });
    },
  };
}
