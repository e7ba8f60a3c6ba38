import { KEY_COLUMNS } from '../../../domain/accept/erased.ts';
import { landedColumns } from '../../../domain/landed-columns.ts';
import { type Columns, RAW_TABLES, type RawTable } from '../../../domain/raw-tables.ts';
import { quoted, textLiteral } from './literals.ts';
import { type Days, dayTold, isAmong, isByDay, mayBeOf, SAID_ON, saidOn, storedOnly } from './raw-days.ts';
import {
  createIcebergTable,
  createJsonTable,
  createParquetTableByDay,
  createView,
  deleteFrom,
  type StoredType,
} from './statements.ts';

/** Raw tables that rows are merged into, or (closings) added to: all but the rejections, which are files of their own. */
export type StoredRawTable = Exclude<RawTable, 'raw_rejections'>;
export const STORED_RAW_TABLES = (Object.keys(RAW_TABLES) as RawTable[]).filter(
  (table): table is StoredRawTable => table !== 'raw_rejections',
);

/** Raw tables that arrive as files of landing. */
export type LandedTable = Exclude<StoredRawTable, 'raw_closings'>;
export const LANDED_TABLES = STORED_RAW_TABLES.filter(
  (table): table is LandedTable => table !== 'raw_closings',
);

/** No shop of ours has data from before. */
const FIRST_DAY = '2020-01-01';

/** Name of the table that shows the files of landing: "landing_raw_events" of raw_events. */
export const landingTable = (table: LandedTable) => `landing_${table}`;
export const REJECTION_FILES = 'rejection_files';

export const landingLocation = (bucket: string, table: LandedTable) => `s3://${bucket}/landing/${table}/`;
export const rawLocation = (bucket: string, table: StoredRawTable) => `s3://${bucket}/raw/${table}/`;

/** Columns of the files of landing: times and days are text there, as they came. */
export const landingColumns = (columns: Columns): Record<string, StoredType> =>
  Object.fromEntries(
    Object.entries(columns).map(([name, type]) => [
      name,
      type === 'timestamp' || type === 'date' ? 'varchar' : type,
    ]),
  );

/** Columns by which rows of a table are told apart. */
export const identityOf = (table: StoredRawTable): readonly string[] =>
  table === 'raw_tombstones' ? ['identifier_key', 'erasure_id'] : ['record_id', 'fingerprint'];

/** Columns of a table that tell a person. */
export const personColumns = (table: RawTable): string[] =>
  table === 'raw_tombstones' ? [] : KEY_COLUMNS.filter((column) => column in RAW_TABLES[table]);

/** When a row of a table came, as a column of it. */
const arrivedColumn = (table: StoredRawTable) => (table === 'raw_tombstones' ? 'erased_at' : 'received_at');

/** Columns of a raw table as it is stored. */
function storedColumns(table: StoredRawTable): Columns {
  return { ...RAW_TABLES[table], ...storedOnly(table) };
}

/** Columns of the tables that builds make here once and keep: what lands is described by the stacks. */
export const rawTableColumns: Readonly<Record<string, Readonly<Record<string, StoredType>>>> = {
  ...Object.fromEntries(STORED_RAW_TABLES.map((table) => [table, storedColumns(table)])),
  [REJECTION_FILES]: landingColumns(RAW_TABLES.raw_rejections),
};

/** Statements that make the raw tables and what shows their files, unless they are there. */
export function rawTableStatements(database: string, bucket: string): string[] {
  return [
    ...STORED_RAW_TABLES.map((table) =>
      createIcebergTable(
        { database, table },
        storedColumns(table),
        rawLocation(bucket, table),
        isByDay(table) ? SAID_ON : null,
      ),
    ),
    ...LANDED_TABLES.map((table) =>
      createParquetTableByDay(
        { database, table: landingTable(table) },
        landingColumns(landedColumns(table)),
        landingLocation(bucket, table),
        { column: 'arrived', since: FIRST_DAY },
      ),
    ),
    createJsonTable(
      { database, table: REJECTION_FILES },
      landingColumns(RAW_TABLES.raw_rejections),
      `s3://${bucket}/rejections/`,
    ),
  ];
}

/** A column of landing in the type of its raw table. */
function typed(name: string, type: StoredType): string {
  const column = quoted(name);
  if (type === 'timestamp')
    return `CAST(from_iso8601_timestamp(${column}) AT TIME ZONE 'UTC' AS timestamp(6)) AS ${column}`;
  return type === 'date' ? `CAST(${column} AS date) AS ${column}` : column;
}

const typedColumns = (columns: Columns) =>
  Object.entries(columns)
    .map(([name, type]) => typed(name, type))
    .join(', ');

/** The raw tables as a build's own database shows them. */
export function rawViewStatements(database: string, rawDatabase: string): string[] {
  const stored = STORED_RAW_TABLES.map((table) =>
    createView(
      { database, table },
      `SELECT ${Object.keys(RAW_TABLES[table])
        .map((name) => quoted(name))
        .join(', ')} FROM ${quoted(rawDatabase, table)}`,
    ),
  );
  const names = Object.keys(RAW_TABLES.raw_rejections).map((name) => quoted(name));
  return [
    ...stored,
    createView(
      { database, table: 'raw_rejections' },
      `SELECT ${names.join(', ')} FROM (
  SELECT ${typedColumns(RAW_TABLES.raw_rejections)}, row_number() OVER (PARTITION BY rejection_id ORDER BY received_at, file, line) AS nth_arrival
  FROM ${quoted(rawDatabase, REJECTION_FILES)}
) r WHERE nth_arrival = 1`,
    ),
  ];
}

/** Days of arrival. */
export type ArrivalDays = Days;

/** What one MERGE brings in: of rows that landed on some days, those that are of some days. */
export interface MergePart {
  arrived: ArrivalDays;
  /** Days that its rows tell; null for a table without days. */
  days: Days[] | null;
}

const isErasedKey = (rawDatabase: string) => (column: string) =>
  `coalesce(${quoted(column)}, '') IN (SELECT identifier_key FROM ${quoted(rawDatabase, 'raw_tombstones')} WHERE identifier_key IS NOT NULL)`;

/** Whether a row of a table is of a person that was erased; of a sale, its document. */
export function erasedCondition(rawDatabase: string, table: RawTable, of: string): string | null {
  const columns = personColumns(table);
  if (columns.length === 0) return null;
  const holdsKey = columns.map(isErasedKey(rawDatabase)).join(' OR ');
  if (table !== 'raw_sales') return holdsKey;
  return `document_id IN (SELECT document_id FROM ${of} WHERE ${holdsKey})
    OR document_id IN (SELECT document_id FROM ${quoted(rawDatabase, 'raw_sales')} WHERE consent = 'erased' AND ${quoted(SAID_ON)} IS NULL)`;
}

/** What stands in a sale that is of nobody any more. */
const emptiedSale = (name: string) => (name === 'consent' ? "'erased'" : 'NULL');
const isEmptied = (table: RawTable, name: string) =>
  table === 'raw_sales' && (name === 'consent' || personColumns(table).includes(name));

/** The days that rows of landing tell, by day of arrival. */
export const daysToldStatement = (rawDatabase: string, table: LandedTable, ranges: readonly ArrivalDays[]) =>
  `SELECT DISTINCT arrived, CAST(${dayTold(table)} AS varchar) AS day
FROM (
  SELECT arrived, ${typedColumns(
    Object.fromEntries(Object.entries(RAW_TABLES[table]).filter(([, type]) => isTime(type))),
  )}
  FROM ${quoted(rawDatabase, landingTable(table))}
  WHERE ${arrivedAmong(ranges)}
) landed`;

const isTime = (type: StoredType) => type === 'timestamp' || type === 'date';

/** That rows of landing arrived on one of these days. */
export const arrivedAmong = (ranges: readonly ArrivalDays[]) =>
  ranges.map(({ from, to }) => `arrived BETWEEN ${textLiteral(from)} AND ${textLiteral(to)}`).join(' OR ');

/**
 * Brings rows that landed on some days, and are of some days, into their raw table: one row per identity, the one that came
 * first, in whatever order they are brought in. Of the raw table is read what lies on these days or on none. Rows of persons
 * that were erased are left out; of their sales stays what was sold. Doing it again changes nothing.
 */
export function mergeLanding(rawDatabase: string, table: LandedTable, { arrived, days }: MergePart): string {
  const names = Object.keys(RAW_TABLES[table]);
  const identity = identityOf(table);
  const came = arrivedColumn(table);
  const landed = `SELECT ${typedColumns(landedColumns(table))}
      FROM ${quoted(rawDatabase, landingTable(table))}
      WHERE ${arrivedAmong([arrived])}`;
  const erased = erasedCondition(rawDatabase, table, 'landed');
  const kept =
    erased === null
      ? 'SELECT * FROM landed'
      : table === 'raw_sales'
        ? `SELECT ${Object.keys(landedColumns(table))
            .map((name) =>
              isEmptied(table, name)
                ? `CASE WHEN is_erased THEN ${emptiedSale(name)} ELSE ${quoted(name)} END AS ${quoted(name)}`
                : quoted(name),
            )
            .join(', ')} FROM (SELECT *, (${erased}) AS is_erased FROM landed) e`
        : `SELECT * FROM landed WHERE NOT (${erased})`;
  const tie = names.filter((name) => name !== came).map((name) => quoted(name));
  const columns = [...names, ...Object.keys(storedOnly(table))].map((name) => quoted(name));
  const others = columns.filter((name) => !identity.some((each) => quoted(each) === name));
  const same = identity.map((name) => `t.${quoted(name)} = s.${quoted(name)}`);
  return `MERGE INTO ${quoted(rawDatabase, table)} t
USING (
  WITH landed AS (
      ${landed}
  ),
  kept AS (
    ${kept}
  )
  SELECT ${names.map((name) => quoted(name)).join(', ')}${days === null ? '' : `, ${saidOn(table)} AS ${quoted(SAID_ON)}`}
  FROM (
    SELECT *, row_number() OVER (PARTITION BY ${identity.map((name) => quoted(name)).join(', ')} ORDER BY ${[quoted(came), ...tie].join(', ')}) AS nth_arrival
    FROM kept
  ) numbered
  WHERE nth_arrival = 1${days === null ? '' : ` AND ${isAmong(dayTold(table), days)}`}
) s
ON ${[...same, ...(days === null ? [] : [mayBeOf('t', days)])].join(' AND ')}
WHEN MATCHED AND s.${quoted(came)} < t.${quoted(came)} THEN UPDATE SET ${others.map((name) => `${name} = s.${name}`).join(', ')}
WHEN NOT MATCHED THEN INSERT (${columns.join(', ')})
VALUES (${columns.map((name) => `s.${name}`).join(', ')})`;
}

/**
 * Takes erased persons out of a raw table: rows go; of a sale the identifiers go, and with them its day, so that however
 * many days a person bought on, one partition is written. Null for tables that tell of nobody.
 * Old snapshots keep what was taken out until the upkeep of builds has run.
 */
export function eraseFromRaw(rawDatabase: string, table: StoredRawTable): string | null {
  const target = quoted(rawDatabase, table);
  const erased = erasedCondition(rawDatabase, table, target);
  if (erased === null) return null;
  if (table !== 'raw_sales') return deleteFrom({ database: rawDatabase, table }, erased);
  const keys = personColumns(table);
  const isFull = `coalesce(consent, '') <> 'erased' OR ${keys.map((name) => `${quoted(name)} IS NOT NULL`).join(' OR ')}`;
  return `UPDATE ${target}
SET ${['consent', ...keys, SAID_ON].map((name) => `${quoted(name)} = ${emptiedSale(name)}`).join(', ')}
WHERE (${erased}) AND (${isFull})`;
}
