import type { Columns, ColumnType } from '../../../domain/raw-tables.ts';
import { backticked, quoted, textLiteral } from './literals.ts';

/**
 * The statements that wrap a SELECT of sql/. Athena reads DDL of databases and external tables with names in backticks
 * and types of Hive; everything else it gives to its engine, which reads double quotes and types of SQL.
 */

/** The longest statement that Athena takes, in bytes. */
export const LONGEST_STATEMENT = 262_144;

/** What a column of an array is stored as. */
export type StoredType = ColumnType | 'integer';

const HIVE_TYPES: Readonly<Record<StoredType, string>> = {
  varchar: 'string',
  bigint: 'bigint',
  integer: 'int',
  double: 'double',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'timestamp',
};

/** Column list of Athena's DDL. */
export const hiveColumns = (columns: Readonly<Record<string, StoredType>>) =>
  Object.entries(columns)
    .map(([name, type]) => `  ${backticked(name)} ${HIVE_TYPES[type]}`)
    .join(',\n');

/** A type as SQL has it; times keep microseconds, as Iceberg stores them. */
export const sqlType = (type: StoredType) => (type === 'timestamp' ? 'timestamp(6)' : type);

export interface TableName {
  database: string;
  table: string;
}
const named = ({ database, table }: TableName) => quoted(database, table);
const namedInDdl = ({ database, table }: TableName) => backticked(database, table);

/** Folders end with a slash, or Athena takes all that begins with the name. */
const folder = (location: string) => textLiteral(location.endsWith('/') ? location : `${location}/`);

export const createDatabase = (database: string) => `CREATE DATABASE IF NOT EXISTS ${backticked(database)}`;

/** Takes a database away with all tables and views in it; files of external tables stay. */
export const dropDatabase = (database: string) => `DROP DATABASE IF EXISTS ${backticked(database)} CASCADE`;

/**
 * Makes an Iceberg table of what a SELECT gives. The folder must be empty: a query that failed leaves files behind, so
 * that every try needs a folder of its own.
 */
export const createTableAs = (name: TableName, location: string, select: string) =>
  `CREATE TABLE ${named(name)}
WITH (table_type = 'ICEBERG', is_external = false, location = ${folder(location)}, format = 'PARQUET')
AS
${select}`;

/** Days for which VACUUM leaves what a table was before. */
export const SNAPSHOT_DAYS = 3;

/**
 * By the first two OPTIMIZE writes anew each data file of which rows were deleted, and not only where there are several. By
 * the others VACUUM takes away every earlier state of the table that is older than that, and what only it needs.
 */
const UPKEEP_PROPERTIES = `  'optimize_rewrite_data_file_threshold' = '1',
  'optimize_rewrite_delete_file_threshold' = '1',
  'vacuum_max_snapshot_age_seconds' = '${SNAPSHOT_DAYS * 86_400}',
  'vacuum_min_snapshots_to_keep' = '1'`;

/**
 * Makes an empty Iceberg table unless it is there, partitioned by a column of it or not. Deleted rows
 * stay in their data files, beside a file that says so, until OPTIMIZE and VACUUM.
 */
export const createIcebergTable = (
  name: TableName,
  columns: Readonly<Record<string, StoredType>>,
  location: string,
  partitionedBy: string | null = null,
) =>
  `CREATE TABLE IF NOT EXISTS ${namedInDdl(name)} (
${hiveColumns(columns)}
)
${partitionedBy === null ? '' : `PARTITIONED BY (${backticked(partitionedBy)})\n`}LOCATION ${folder(location)}
TBLPROPERTIES (
  'table_type' = 'ICEBERG',
  'format' = 'parquet',
${UPKEEP_PROPERTIES}
)`;

/** Gives a table that an earlier version made what OPTIMIZE and VACUUM of it go by. */
export const setUpkeep = (name: TableName) =>
  `ALTER TABLE ${namedInDdl(name)} SET TBLPROPERTIES (
${UPKEEP_PROPERTIES}
)`;

/** Shows Parquet files of a folder as a table. */
export const createParquetTable = (
  name: TableName,
  columns: Readonly<Record<string, StoredType>>,
  location: string,
) =>
  `CREATE EXTERNAL TABLE IF NOT EXISTS ${namedInDdl(name)} (
${hiveColumns(columns)}
)
STORED AS PARQUET
LOCATION ${folder(location)}`;

export interface DayPartitions {
  /** Column that names the day, as in `arrived=2025-03-31/`. */
  column: string;
  /** The first day that there can be. */
  since: string;
}

/** Shows Parquet files in one folder per day as a table; days are worked out, so that none has to be made known. */
export const createParquetTableByDay = (
  name: TableName,
  columns: Readonly<Record<string, StoredType>>,
  location: string,
  { column, since }: DayPartitions,
) =>
  `CREATE EXTERNAL TABLE IF NOT EXISTS ${namedInDdl(name)} (
${hiveColumns(columns)}
)
PARTITIONED BY (${backticked(column)} string)
STORED AS PARQUET
LOCATION ${folder(location)}
TBLPROPERTIES (
  'projection.enabled' = 'true',
  'projection.${column}.type' = 'date',
  'projection.${column}.format' = 'yyyy-MM-dd',
  'projection.${column}.range' = '${since},NOW+1DAYS',
  'projection.${column}.interval' = '1',
  'projection.${column}.interval.unit' = 'DAYS',
  'storage.location.template' = ${textLiteral(`${location.replace(/\/$/, '')}/${column}=\${${column}}/`)}
)`;

/** Shows JSON lines below a folder, whatever folders are in it, as a table. */
export const createJsonTable = (
  name: TableName,
  columns: Readonly<Record<string, StoredType>>,
  location: string,
) =>
  `CREATE EXTERNAL TABLE IF NOT EXISTS ${namedInDdl(name)} (
${hiveColumns(columns)}
)
ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'
LOCATION ${folder(location)}`;

/** Adds columns behind those that a table has; rows that are there are null in them. */
export const addColumns = (name: TableName, columns: Readonly<Record<string, StoredType>>) =>
  `ALTER TABLE ${namedInDdl(name)} ADD COLUMNS (
${hiveColumns(columns)}
)`;

export const createView = (name: TableName, select: string) =>
  `CREATE OR REPLACE VIEW ${named(name)} AS
${select}`;

export const dropTable = (name: TableName) => `DROP TABLE IF EXISTS ${namedInDdl(name)}`;
export const dropView = (name: TableName) => `DROP VIEW IF EXISTS ${named(name)}`;

/** Adds what a SELECT gives; its columns in the order of these names. */
export const insertInto = (name: TableName, columns: readonly string[], select: string) =>
  `INSERT INTO ${named(name)} (${columns.map((column) => quoted(column)).join(', ')})
${select}`;

export const deleteFrom = (name: TableName, condition: string) =>
  `DELETE FROM ${named(name)}
WHERE ${condition}`;

/** OPTIMIZE and VACUUM take neither double quotes nor backticks around a database. */
const bare = ({ database, table }: TableName) => `${database}.${table}`;

/**
 * Brings small files together; what was deleted leaves the files that are written anew. May have to be run more than once.
 * @param where of partition columns only; all of the table where it is not given
 */
export const optimizeTable = (name: TableName, where?: string) =>
  `OPTIMIZE ${bare(name)} REWRITE DATA USING BIN_PACK${where === undefined ? '' : `\nWHERE ${where}`}`;

/** Takes away files that no snapshot needs any more. May have to be run more than once. */
export const vacuumTable = (name: TableName) => `VACUUM ${bare(name)}`;

/** A SELECT of these columns and no rows. */
export const emptySelect = (columns: Columns) =>
  `SELECT ${Object.entries(columns)
    .map(([name, type]) => `CAST(NULL AS ${sqlType(type)}) AS ${quoted(name)}`)
    .join(', ')} WHERE false`;

/**
 * Checks that Athena takes a statement.
 * @throws Error naming what the statement is for, its size and the limit
 */
export function checkLength(sql: string, name: string): void {
  const bytes = Buffer.byteLength(sql);
  if (bytes > LONGEST_STATEMENT)
    throw new Error(
      `The statement of ${name} has ${bytes} bytes; Athena takes ${LONGEST_STATEMENT}. Cut it into two tables, or give its rows as a file`,
    );
}
