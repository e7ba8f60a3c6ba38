import { randomUUID } from 'node:crypto';
import {
  DeleteObjectsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { Warehouse } from '../../../ports.ts';
import { prepareBuildDatabase } from './build-database.ts';
import { columnFile, storedTypeOf } from './column-file.ts';
import { quoted } from './literals.ts';
import { buildFolder, databaseOf, type PointerRead, publishPointer, readPointer } from './pointer.ts';
import type { AthenaQueries } from './queries.ts';
import { createParquetTable, createTableAs, dropDatabase, dropTable } from './statements.ts';

export { databaseOf } from './pointer.ts';

export interface AthenaWarehouseOptions {
  queries: AthenaQueries;
  s3: S3Client;
  /** Bucket of the lake. */
  bucket: string;
  buildId: string;
  /** Database of the raw tables. */
  rawDatabase: string;
  /** What was published when the build began; it is read when this is not given. */
  previous?: PointerRead;
}

/**
 * The warehouse of one build: a database of its own, Iceberg tables of SELECTs and Parquet files of columns, all below
 * one folder of the bucket. Nothing of it is seen before `publish`.
 */
export async function createAthenaWarehouse(options: AthenaWarehouseOptions): Promise<Warehouse> {
  const { queries, s3, bucket, buildId, rawDatabase } = options;
  const previous = options.previous ?? (await readPointer(s3, bucket));
  const database = databaseOf(rawDatabase, buildId);
  await prepareBuildDatabase(queries, { database, rawDatabase, previous: previous.pointer });

  const tables = { queries, s3, bucket, buildId, rawDatabase };
  return {
    createTable: (name, select) => makeTable(tables, name, select),
    query: (select, parameters) => queries.rows(select, { database, parameters, name: 'of the build' }),
    columns: (select, parameters) =>
      queries.columns(select, { database, parameters, name: 'of the algorithms' }),
    createColumns: (name, columns) => makeColumns(tables, name, columns),
    publish: (manifest) => publishPointer(s3, bucket, { build_id: buildId, database }, manifest, previous),
    discard: () => discardBuild(tables),
  };
}

export interface BuildTables {
  queries: AthenaQueries;
  s3: S3Client;
  bucket: string;
  buildId: string;
  /** Database of the raw tables. */
  rawDatabase: string;
}

/** Folder for one try at a table: a query that failed leaves files behind, and a table must begin in an empty folder. */
export const tableLocation = (bucket: string, buildId: string, table: string, attempt: string) =>
  `s3://${bucket}/${buildFolder(buildId)}${table}/${attempt}/`;

/** Makes a table of a build of what a SELECT gives and returns its rows. What an earlier try left is replaced. */
export async function makeTable(
  { queries, bucket, buildId, rawDatabase }: BuildTables,
  table: string,
  select: string,
): Promise<number> {
  const database = databaseOf(rawDatabase, buildId);
  const name = `table ${table}`;
  await queries.run(dropTable({ database, table }), { name });
  await queries.run(
    () => createTableAs({ database, table }, tableLocation(bucket, buildId, table, randomUUID()), select),
    { database, name },
  );
  const [row] = await queries.rows(`SELECT count(*) AS n FROM ${quoted(table)}`, { database, name });
  return Number(row?.n);
}

/** Makes a table of a build of columns and returns its rows. What an earlier try left is replaced. */
export async function makeColumns(
  { queries, s3, bucket, buildId, rawDatabase }: BuildTables,
  table: string,
  columns: Parameters<Warehouse['createColumns']>[1],
): Promise<number> {
  const database = databaseOf(rawDatabase, buildId);
  const name = `table ${table}`;
  const key = `${buildFolder(buildId)}${table}/columns/${table}.parquet`;
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: columnFile(columns) }));
  await queries.run(dropTable({ database, table }), { name });
  const types = Object.fromEntries(
    Object.entries(columns).map(([column, values]) => [column, storedTypeOf(values)]),
  );
  await queries.run(
    createParquetTable(
      { database, table },
      types,
      `s3://${bucket}/${key.slice(0, key.lastIndexOf('/') + 1)}`,
    ),
    { name },
  );
  return Object.values(columns)[0]?.length ?? 0;
}

/**
 * Takes a build away: its database and all files of its folder. Done twice it does no harm. One that readers see stays:
 * who was not told that it was published, and gives it up, must not take it from them.
 */
export async function discardBuild({
  queries,
  s3,
  bucket,
  buildId,
  rawDatabase,
}: BuildTables): Promise<void> {
  if ((await readPointer(s3, bucket)).pointer?.build_id === buildId) return;
  await queries.run(dropDatabase(databaseOf(rawDatabase, buildId)), { name: `discarding build ${buildId}` });
  await removeFolder(s3, bucket, buildFolder(buildId));
}

/** Takes away all objects below a prefix. */
export async function removeFolder(s3: S3Client, bucket: string, prefix: string): Promise<void> {
  for (let token: string | undefined, isFirst = true; isFirst || token !== undefined; isFirst = false) {
    const page = await s3.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token }),
    );
    const keys = (page.Contents ?? []).map(({ Key }) => ({ Key }));
    if (keys.length > 0) {
      const { Errors = [] } = await s3.send(
        new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: keys, Quiet: true } }),
      );
      if (Errors.length > 0)
        throw new Error(
          `${Errors.length} objects below s3://${bucket}/${prefix} could not be deleted (${Errors[0]!.Code}); delete the rest of the folder`,
        );
    }
    token = page.NextContinuationToken;
  }
}
