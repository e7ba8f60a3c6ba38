import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { type Column, parseStatement, type Statement, substitute, type TableName } from './athena-ddl.ts';
import { createDayPartitions } from './day-partitions.ts';
import { errorOf, resultOf } from './duckdb-results.ts';
import { createIcebergFiles } from './iceberg-files.ts';
import { createScanMeter } from './scan-meter.ts';
import { EngineError, type EngineResult, type SqlEngine } from './sql-engine.ts';

/**
 * DuckDB as the engine behind the Athena endpoint: a schema for each database, Iceberg tables as tables of its own whose
 * files lie in their folders too, external tables as views of the files of their folders.
 */

const DIALECT = readFileSync(
  new URL('../../../../lib/adapters/embedded/athena-dialect.sql', import.meta.url),
  'utf8',
);
const TYPES: Record<string, string> = { string: 'varchar', int: 'integer', float: 'float' };
const typeOf = ({ type }: Column) => TYPES[type.toLowerCase()] ?? type;
const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

interface External {
  name: TableName;
  columns: Column[];
  days: Column[];
  folder: string;
  format: 'parquet' | 'json';
  /** Whether the view was made of files; undefined before there is a view. */
  hasFiles?: boolean;
}

export interface DuckDbEngineOptions {
  /** Where `s3://bucket/key` lies, as `bucket/key`. */
  folder: string;
  connections?: number;
  threads?: number;
  /** The clock, in milliseconds since 1970 UTC, by which snapshots grow old. */
  now?: () => number;
}

export async function openDuckDbEngine(options: DuckDbEngineOptions): Promise<SqlEngine> {
  const spill = mkdtempSync(join(tmpdir(), 'ropo-athena-'));
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    preserve_insertion_order: 'false',
    temp_directory: spill,
    memory_limit: '2000MB',
    threads: String(options.threads ?? 2),
  });
  const connections = await Promise.all(
    Array.from({ length: options.connections ?? 4 }, () => instance.connect()),
  );
  for (const one of connections) await one.run("SET TimeZone = 'UTC'; SET integer_division = true");
  await connections[0]!.run(DIALECT);

  const free = [...connections];
  const waiting: ((one: DuckDBConnection) => void)[] = [];
  const withConnection = async <T>(work: (one: DuckDBConnection) => Promise<T>): Promise<T> => {
    const one = free.pop() ?? (await new Promise<DuckDBConnection>((resolve) => waiting.push(resolve)));
    try {
      return await work(one);
    } finally {
      const next = waiting.shift();
      if (next) next(one);
      else free.push(one);
    }
  };

  const meter = createScanMeter();
  const partitions = createDayPartitions();
  const bytesOf = async (one: DuckDBConnection, sql: string, bare: string | null) =>
    meter.bytesOf(sql, bare, await partitions.sharesRead(one, sql));
  const externals = new Map<string, External>();
  const iceberg = createIcebergFiles(options.now ?? Date.now);
  const folderOf = (location: string) => join(options.folder, location.replace(/^s3:\/\//, ''));

  /** Names are made whole, so that a connection's search path says only where bare names of a statement are. */
  const full = ({ database, table }: TableName, bare: string | null) => {
    const schema = database ?? bare;
    if (schema === null)
      throw new EngineError('MISSING_SCHEMA_NAME', 'Schema must be specified when session schema is not set');
    return { key: `${schema}.${table}`, sql: `"${schema}"."${table}"` };
  };

  /** What a change of an Iceberg table leaves in its folder. */
  const keep = async (one: DuckDBConnection, key: string, sql: string) => {
    const files = await iceberg.changed(one, key, sql);
    if (files.length > 0) await meter.measure(one, key, files);
  };

  const filesBelow = (folder: string): string[] =>
    existsSync(folder)
      ? readdirSync(folder, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
          .map((entry) => join(entry.parentPath, entry.name))
      : [];

  const show = async (one: DuckDBConnection, external: External) => {
    const files = filesBelow(external.folder);
    const hasFiles = files.length > 0;
    const { key, sql } = full(external.name, null);
    if (external.format === 'parquet') await meter.measure(one, key, files);
    if (external.hasFiles === hasFiles) return;
    const all = [...external.columns, ...external.days];
    const nothing = `SELECT ${all.map((column) => `CAST(NULL AS ${typeOf(column)}) AS "${column.name}"`).join(', ')} WHERE false`;
    const glob = literal(join(external.folder, '**', '*'));
    const days = external.days.map(({ name }) => `'${name}': VARCHAR`).join(', ');
    const scan =
      external.format === 'json'
        ? `SELECT * FROM read_json(${glob}, format = 'newline_delimited', hive_partitioning = false, columns = {${external.columns.map((column) => `"${column.name}": '${typeOf(column)}'`).join(', ')}})`
        : `SELECT * FROM read_parquet(${glob}, union_by_name = true, hive_partitioning = ${days !== ''}${days ? `, hive_types = {${days}}, hive_types_autocast = false` : ''})`;
    const typed = all
      .map((column) => `CAST("${column.name}" AS ${typeOf(column)}) AS "${column.name}"`)
      .join(', ');
    await one.run(
      `CREATE OR REPLACE VIEW ${sql} AS ${hasFiles ? `SELECT ${typed} FROM (${scan} UNION ALL BY NAME ${nothing}) files` : nothing}`,
    );
    external.hasFiles = hasFiles;
  };

  /** Files of landing come and go between statements. One at a time: two may not make one view. */
  let showing: Promise<void> = Promise.resolve();
  const showFiles = () => {
    showing = showing.then(async () => {
      const growing = [...externals.values()].filter(
        ({ days, format }) => days.length > 0 || format === 'json',
      );
      if (growing.length > 0)
        await withConnection(async (one) => {
          for (const external of growing) await show(one, external);
        });
    });
    return showing;
  };

  /** Of two who change an Iceberg table at once one has to begin anew, on what the other left. */
  const changing = new Map<string, Promise<void>>();
  const oneAtATime = (key: string, change: () => Promise<void>): Promise<void> => {
    const mine = (changing.get(key) ?? Promise.resolve()).then(change);
    changing.set(
      key,
      mine.catch(() => {}),
    );
    return mine;
  };

  const perform = async (
    one: DuckDBConnection,
    statement: Statement,
    bare: string | null,
  ): Promise<EngineResult> => {
    const nothing: EngineResult = { columns: [], rows: [], scannedBytes: 0 };
    if (statement.kind === 'create database') {
      await one.run(`CREATE SCHEMA IF NOT EXISTS "${statement.database}"`);
      return nothing;
    }
    if (statement.kind === 'drop database') {
      await one.run(`DROP SCHEMA IF EXISTS "${statement.database}" CASCADE`);
      const isIts = (key: string) => key.startsWith(`${statement.database}.`);
      for (const known of [externals, partitions.columns])
        for (const key of known.keys()) if (isIts(key)) known.delete(key);
      iceberg.forget(isIts);
      return nothing;
    }
    if (statement.kind === 'other')
      return resultOf(await one.runAndReadAll(statement.sql), await bytesOf(one, statement.sql, bare));
    const { key, sql } = full(statement.name, bare);
    const name = { database: key.slice(0, key.indexOf('.')), table: statement.name.table };
    switch (statement.kind) {
      case 'create as': {
        const folder = folderOf(statement.location);
        if (filesBelow(folder).length > 0)
          throw new EngineError(
            'ICEBERG_FILESYSTEM_ERROR',
            `Cannot create a table on a non-empty location: ${statement.location}`,
          );
        await one.run(`CREATE TABLE ${sql} AS ${statement.select}`);
        iceberg.add(key, folder, null, {});
        await keep(one, key, sql);
        return { ...nothing, scannedBytes: meter.bytesOf(statement.select, bare) };
      }
      case 'create iceberg':
        await one.run(
          `CREATE TABLE IF NOT EXISTS ${sql} (${statement.columns.map((column) => `"${column.name}" ${typeOf(column)}`).join(', ')})`,
        );
        iceberg.add(key, folderOf(statement.location), statement.partitionedBy, statement.properties);
        if (statement.partitionedBy !== null) partitions.columns.set(key, statement.partitionedBy);
        return nothing;
      case 'create external':
        if (!externals.has(key)) {
          const external: External = { ...statement, name, folder: folderOf(statement.location) };
          await show(one, external);
          externals.set(key, external);
        }
        return nothing;
      case 'add columns': {
        const external = externals.get(key);
        if (external) {
          external.columns = [...external.columns, ...statement.columns];
          delete external.hasFiles;
          await show(one, external);
        } else
          for (const column of statement.columns)
            await one.run(`ALTER TABLE ${sql} ADD COLUMN "${column.name}" ${typeOf(column)}`);
        return nothing;
      }
      case 'drop table': {
        const folder = iceberg.folderOf(key);
        await one.run(externals.delete(key) ? `DROP VIEW IF EXISTS ${sql}` : `DROP TABLE IF EXISTS ${sql}`);
        if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
        iceberg.forget((known) => known === key);
        return nothing;
      }
      case 'create view':
        await one.run(`CREATE OR REPLACE VIEW ${sql} AS ${statement.select}`);
        meter.view(key, statement.select);
        return nothing;
      case 'set properties':
        iceberg.set(key, statement.properties);
        return nothing;
      case 'optimize':
        await oneAtATime(key, () => iceberg.optimize(one, key, sql, statement.where));
        return { ...nothing, scannedBytes: meter.bytesOf(`SELECT * FROM ${sql}`, bare) };
      case 'vacuum':
        iceberg.vacuum(key);
        return nothing;
      case 'change': {
        let scannedBytes = 0;
        await oneAtATime(key, async () => {
          await partitions.checkWrite(one, key, statement.sql);
          scannedBytes = await bytesOf(one, statement.sql, bare);
          await one.run(statement.sql);
          await keep(one, key, sql);
        });
        return { ...nothing, scannedBytes };
      }
    }
  };

  return {
    async run(text, { database, parameters }) {
      try {
        const statement = parseStatement(substitute(text, parameters));
        await showFiles();
        return await withConnection(async (one) => {
          await one.run(`SET search_path = '${database === null ? 'main' : `${database},main`}'`);
          return await perform(one, statement, database);
        });
      } catch (error) {
        throw errorOf(error as Error);
      }
    },
    async close() {
      for (const one of connections) one.closeSync();
      instance.closeSync();
      rmSync(spill, { recursive: true, force: true });
    },
  };
}
