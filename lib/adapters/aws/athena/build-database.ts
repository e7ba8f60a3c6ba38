import { PREVIOUS_TABLES } from '../../../pipeline/previous-tables.ts';
import { quoted } from './literals.ts';
import type { Pointer } from './pointer.ts';
import type { AthenaQueries } from './queries.ts';
import { QueryRejected } from './query-errors.ts';
import {
  rawTableColumns,
  rawTableStatements,
  rawViewStatements,
  STORED_RAW_TABLES,
} from './raw-statements.ts';
import {
  addColumns,
  createDatabase,
  createView,
  emptySelect,
  type StoredType,
  setUpkeep,
  sqlType,
  type TableName,
} from './statements.ts';

/** Statements of DDL that run at a time; Athena has a quota of its own for them. */
const AT_A_TIME = 4;

/** Runs statements that do not need each other. */
export async function runAll(
  queries: AthenaQueries,
  statements: readonly string[],
  name: string,
): Promise<void> {
  const waiting = [...statements];
  const work = async () => {
    for (let sql = waiting.shift(); sql !== undefined; sql = waiting.shift())
      await queries.run(sql, { name });
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
}

/**
 * Makes the database of landing and raw tables unless it is there, and brings tables that an earlier version made up to
 * date: they get the columns that they lack. What they have stays.
 */
export async function prepareRawDatabase(
  queries: AthenaQueries,
  rawDatabase: string,
  bucket: string,
): Promise<void> {
  await queries.run(createDatabase(rawDatabase), { name: 'raw database' });
  await runAll(queries, rawTableStatements(rawDatabase, bucket), 'raw tables');
  await runAll(
    queries,
    STORED_RAW_TABLES.map((table) => setUpkeep({ database: rawDatabase, table })),
    'upkeep of raw tables',
  );
  const lacking = await Promise.all(
    Object.entries(rawTableColumns).map(([table, columns]) =>
      columnsLacking(queries, { database: rawDatabase, table }, columns),
    ),
  );
  await runAll(queries, lacking.flat(), 'columns of raw tables');
}

/** The statement that adds what a table lacks; none where it lacks nothing. */
async function columnsLacking(
  queries: AthenaQueries,
  name: TableName,
  columns: Readonly<Record<string, StoredType>>,
): Promise<string[]> {
  // A row of nulls, whatever the table holds.
  const [has = {}] = await queries.rows(
    `SELECT t.* FROM (SELECT 1 AS n) one LEFT JOIN ${quoted(name.database, name.table)} t ON false`,
    { name: `columns of ${name.table}` },
  );
  const lacks = Object.entries(columns).filter(([column]) => !Object.hasOwn(has, column));
  return lacks.length > 0 ? [addColumns(name, Object.fromEntries(lacks))] : [];
}

/** Makes the database of a build, with the raw tables and what the build may read of the one published before it. */
export async function prepareBuildDatabase(
  queries: AthenaQueries,
  { database, rawDatabase, previous }: { database: string; rawDatabase: string; previous: Pointer | null },
): Promise<void> {
  await queries.run(createDatabase(database), { name: 'build database' });
  await runAll(queries, rawViewStatements(database, rawDatabase), 'raw views');
  await Promise.all(
    Object.entries(PREVIOUS_TABLES).map(([table, { of, columns }]) =>
      viewPrevious(queries, { database, table }, of, columns, previous),
    ),
  );
}

/** A table of the build before, empty where there is none or it has not these columns. */
async function viewPrevious(
  queries: AthenaQueries,
  view: { database: string; table: string },
  of: string,
  columns: Parameters<typeof emptySelect>[0],
  previous: Pointer | null,
): Promise<void> {
  const asked = { name: view.table };
  if (previous !== null) {
    const typed = Object.entries(columns).map(
      ([name, type]) => `CAST(${quoted(name)} AS ${sqlType(type)}) AS ${quoted(name)}`,
    );
    const select = `SELECT ${typed.join(', ')} FROM ${quoted(previous.database, of)}`;
    try {
      await queries.run(createView(view, select), asked);
      return;
    } catch (error) {
      // It was made by a version that had not this table, or not these columns.
      if (!(error instanceof QueryRejected)) throw error;
    }
  }
  await queries.run(createView(view, emptySelect(columns)), asked);
}
