import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { BuildManifest } from '../../../ports.ts';

/**
 * Which build readers see: one small object, written only when it is still what the build found when it began. So a
 * build that was overtaken cannot put an older one in the place of a newer.
 */

const POINTER = 'builds/published.json';

export interface Pointer {
  build_id: string;
  /** Database that holds the tables of the build. */
  database: string;
}

/** What was found, and the mark that says whether it is still the same; null mark where nothing was there. */
export interface PointerRead {
  pointer: Pointer | null;
  etag: string | null;
}

/** Another build was published since this one began; it stays the published one. */
export class OvertakenBuild extends Error {}

/** Folder of a build in the bucket, with its slash. */
export const buildFolder = (buildId: string) => `builds/${buildId}/`;
const manifestKey = (buildId: string) => `${buildFolder(buildId)}manifest.json`;

/**
 * Database with a view per table of the published build, for BI tools: ropo_trial of ropo_trial_raw, so that deployments
 * beside each other show their own.
 */
export const shownDatabaseOf = (rawDatabase: string): string => rawDatabase.replace(/_raw$/, '');

/**
 * Database of a build in the catalogue: letters, digits and underscores. Its name begins with that of the deployment, as
 * ropo_trial_build_... beside ropo_trial_raw, so that rights can be given to the builds of one deployment alone.
 */
export const databaseOf = (rawDatabase: string, buildId: string) =>
  `${shownDatabaseOf(rawDatabase)}_build_${buildId.toLowerCase().replaceAll(/[^a-z0-9_]/g, '_')}`;

export async function readPointer(s3: S3Client, bucket: string): Promise<PointerRead> {
  const found = await textOf(s3, bucket, POINTER);
  return found === null
    ? { pointer: null, etag: null }
    : { pointer: JSON.parse(found.text) as Pointer, etag: found.etag };
}

/** @throws Error naming the object when it is not there */
export async function readManifest(s3: S3Client, bucket: string, buildId: string): Promise<BuildManifest> {
  const found = await textOf(s3, bucket, manifestKey(buildId));
  if (found === null)
    throw new Error(`s3://${bucket}/${manifestKey(buildId)} is missing; run a build to publish another`);
  return JSON.parse(found.text) as BuildManifest;
}

/**
 * Makes a build the one that readers see: its manifest first, then the pointer, all at once.
 * @param expected what `readPointer` gave when the build began
 * @throws OvertakenBuild when another build was published in between; nothing changes then
 */
export async function publishPointer(
  s3: S3Client,
  bucket: string,
  pointer: Pointer,
  manifest: BuildManifest,
  expected: PointerRead,
): Promise<void> {
  const put = (key: string, value: unknown, condition: { IfMatch?: string; IfNoneMatch?: string }) =>
    s3.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: `${JSON.stringify(value, null, 2)}\n`,
        ContentType: 'application/json',
        ...condition,
      }),
    );
  await put(manifestKey(pointer.build_id), manifest, {});
  try {
    await put(POINTER, pointer, expected.etag === null ? { IfNoneMatch: '*' } : { IfMatch: expected.etag });
  } catch (error) {
    if (!isConflict(error)) throw error;
    const now = (await readPointer(s3, bucket)).pointer;
    // An earlier try may have been written though nobody was told.
    if (now?.build_id === pointer.build_id) return;
    throw new OvertakenBuild(
      `Build ${pointer.build_id} was not published: build ${now?.build_id ?? '(none)'} was, since it began. Run a build again`,
    );
  }
}

const isConflict = (error: unknown) => {
  const { name, $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode;
  return (
    name === 'PreconditionFailed' ||
    status === 412 ||
    status === 409 ||
    (name === 'NoSuchKey' && status === 404)
  );
};

async function textOf(
  s3: S3Client,
  bucket: string,
  key: string,
): Promise<{ text: string; etag: string } | null> {
  try {
    const { Body, ETag } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return { text: await Body!.transformToString(), etag: ETag! };
  } catch (error) {
    if ((error as Error).name === 'NoSuchKey') return null;
    throw error;
  }
}
