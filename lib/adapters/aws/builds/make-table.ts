import type { Maker } from '../../../pipeline/build-plan.ts';
import { makeTables } from '../../../pipeline/build-tables.ts';
import type { Warehouse } from '../../../ports.ts';
import { quoted } from '../athena/literals.ts';
import { databaseOf } from '../athena/pointer.ts';
import { createTableAs, dropTable } from '../athena/statements.ts';
import { makeColumns, makeTable, tableLocation } from '../athena/warehouse.ts';
import { renewLock } from './build-lock.ts';
import { planOfBuild } from './build-seeds.ts';
import {
  type BuildTableState,
  type BuildWorld,
  type BuiltTable,
  findState,
  readState,
  writeState,
} from './build-state.ts';

/** How a table comes to be: by a query that the state machine runs, by a step in a function, or it is there. */
export type StatementAnswer =
  | { how: 'query'; sql: string; database: string }
  | { how: 'step' }
  | { how: 'made' };

const madeKey = (table: string) => `made/${table}`;

async function makerOf(world: BuildWorld, buildId: string, name: string): Promise<Maker> {
  const { makers } = await planOfBuild(world, buildId);
  const maker = makers.find((each) => each.name === name);
  if (!maker) throw new Error(`"${name}" makes no table of build ${buildId}; see the folders of sql/`);
  return maker;
}

/**
 * What makes a table. Each attempt has a folder of its own, since a query that failed leaves files behind; what it left in
 * the catalogue is taken away first.
 * @param attempt from 1
 */
export async function tableStatement(
  world: BuildWorld,
  buildId: string,
  name: string,
  attempt: number,
): Promise<StatementAnswer> {
  await renewLock(world.objects, buildId, world.now());
  const maker = await makerOf(world, buildId, name);
  if (!('select' in maker)) return { how: 'step' };
  if (await findState(world, buildId, madeKey(name))) return { how: 'made' };
  const database = databaseOf(world.rawDatabase, buildId);
  if (attempt > 1) await world.queries.run(dropTable({ database, table: name }), { name: `table ${name}` });
  const location = tableLocation(world.bucket, buildId, name, `try-${attempt}`);
  return { how: 'query', sql: createTableAs({ database, table: name }, location, maker.select), database };
}

/** Keeps account of a table that a query made. */
export async function tableMade(
  world: BuildWorld,
  buildId: string,
  name: string,
  cost: { bytes: number; milliseconds: number },
): Promise<BuiltTable> {
  const database = databaseOf(world.rawDatabase, buildId);
  const [row] = await world.queries.rows(`SELECT count(*) AS n FROM ${quoted(name)}`, {
    database,
    name: `rows of ${name}`,
  });
  return await account(world, buildId, name, {
    rows: Number(row?.n),
    seconds: cost.milliseconds / 1000,
    bytes: cost.bytes,
  });
}

async function account(
  world: BuildWorld,
  buildId: string,
  name: string,
  told: { rows: number; seconds: number; bytes: number },
): Promise<BuiltTable> {
  const { fingerprints } = await readState<BuildTableState>(world, buildId, 'tables');
  const table: BuiltTable = {
    name,
    ...told,
    database: databaseOf(world.rawDatabase, buildId),
    fingerprint: fingerprints[name] ?? '',
  };
  await writeState(world, buildId, madeKey(name), table);
  return table;
}

export const findMade = (world: BuildWorld, buildId: string, table: string) =>
  findState<BuiltTable>(world, buildId, madeKey(table));

/** The tables of a build as an algorithm between the SQL reads and makes them. */
export function openBuildTables(world: BuildWorld, buildId: string): Omit<Warehouse, 'publish' | 'discard'> {
  const { queries } = world;
  const database = databaseOf(world.rawDatabase, buildId);
  return {
    createTable: (name, select) => makeTable({ ...world, buildId }, name, select),
    createColumns: (name, columns) => makeColumns({ ...world, buildId }, name, columns),
    query: (select, parameters) => queries.rows(select, { database, parameters, name: 'of the build' }),
    columns: (select, parameters) =>
      queries.columns(select, { database, parameters, name: 'of the algorithms' }),
  };
}

/**
 * Runs an algorithm between the SQL. Done again it replaces what it made.
 * @returns what it made
 */
export async function runStep(world: BuildWorld, buildId: string, step: string): Promise<BuiltTable[]> {
  await renewLock(world.objects, buildId, world.now());
  const maker = await makerOf(world, buildId, step);
  let counted = world.scanned();
  const tables: BuiltTable[] = [];
  const warehouse: Warehouse = {
    ...openBuildTables(world, buildId),
    publish: () => notHere('publish'),
    discard: () => notHere('discard'),
  };
  let begun = performance.now();
  await makeTables(maker, warehouse, async (name, run) => {
    const rows = await run();
    const seconds = (performance.now() - begun) / 1000;
    begun = performance.now();
    const bytes = world.scanned() - counted;
    counted += bytes;
    tables.push(await account(world, buildId, name, { rows, seconds, bytes }));
  });
  return tables;
}

const notHere = (what: string): never => {
  throw new Error(`A step does not ${what} the build that it is part of`);
};
