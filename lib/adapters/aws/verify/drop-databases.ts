import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { databaseOf, shownDatabaseOf } from '../athena/pointer.ts';
import type { AthenaQueries } from '../athena/queries.ts';
import { dropDatabase } from '../athena/statements.ts';

/** Ids of builds, as begin-build.ts makes them. */
const BUILD = /^\d{8}t\d{6}-[0-9a-f]+$/;

/**
 * Drops the databases that builds made, which no stack knows of: that of each build, and the one that shows the published.
 * @returns their names
 */
export async function dropBuildDatabases(
  { s3, queries }: { s3: S3Client; queries: AthenaQueries },
  bucket: string,
  rawDatabase: string,
): Promise<string[]> {
  const { CommonPrefixes = [] } = await s3.send(
    new ListObjectsV2Command({ Bucket: bucket, Prefix: 'builds/', Delimiter: '/' }),
  );
  const builds = CommonPrefixes.map(({ Prefix = '' }) => Prefix.slice('builds/'.length, -1));
  const databases = [
    ...builds.filter((id) => BUILD.test(id)).map((id) => databaseOf(rawDatabase, id)),
    shownDatabaseOf(rawDatabase),
  ];
  for (const database of databases)
    await queries.run(dropDatabase(database), { name: `dropping ${database}` });
  return databases;
}
