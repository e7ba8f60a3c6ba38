import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { PageSettings } from '../../domain/page-settings.ts';

/** What the folder of the page holds; the list lies beside the files. */
export interface PageContents {
  files: {
    /** Key in the bucket, and path in the folder. */
    key: string;
    media_type: string;
    /** Whether another content has another name: then it may be kept for good. */
    changes_name: boolean;
  }[];
}
export const PAGE_CONTENTS = 'contents.json';
/** Where the page's files lie in what is deployed. */
export const PAGE_DIRECTORY = fileURLToPath(new URL('../../page', import.meta.url));
export const SETTINGS_KEY = 'page-settings.json';

/** Which assets the page has, and until when it had others. */
interface Assets {
  current: string[];
  /** Instant of the publishing after which nobody is given it any more, by key. */
  retired: Record<string, string>;
}
const ASSETS_KEY = 'kept/assets.json';
/** A page that was opened before goes on loading its views for as long. */
const RETIRED_DAYS = 30;
const DAY_MS = 86_400_000;
const FOR_GOOD = 'public, max-age=31536000, immutable';
/** S3 deletes no more objects at a time. */
const MOST_KEYS = 1000;

export interface PageBucket {
  s3: S3Client;
  bucket: string;
}

/**
 * Puts the page into its bucket, its index last: who opens it finds all that it names. Files of pages before stay for 30
 * days. Doing it again changes nothing.
 * @throws Error where a file cannot be put; what was published before is then still whole
 */
export async function publishPage(
  { s3, bucket }: PageBucket,
  {
    folder = PAGE_DIRECTORY,
    settings,
    now = Date.now,
  }: { folder?: string; settings: PageSettings; now?: () => number },
): Promise<{ put: number; removed: number }> {
  const { files } = JSON.parse(readFileSync(join(folder, PAGE_CONTENTS), 'utf8')) as PageContents;
  const put = (key: string, body: string | Uint8Array, mediaType: string, cacheControl: string) =>
    s3.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: body,
        ContentType: mediaType,
        CacheControl: cacheControl,
      }),
    );
  const putFile = ({ key, media_type, changes_name }: PageContents['files'][number]) =>
    put(key, readFileSync(join(folder, key)), media_type, changes_name ? FOR_GOOD : 'no-cache');

  const assets = files.filter(({ changes_name }) => changes_name);
  await Promise.all(assets.map(putFile));
  await put(SETTINGS_KEY, JSON.stringify(settings), 'application/json', 'no-cache');
  for (const file of files.filter(({ changes_name }) => !changes_name)) await putFile(file);

  const current = assets.map(({ key }) => key);
  const before = await assetsOf({ s3, bucket });
  const { kept, over } = retire(before, current, now());
  await remove({ s3, bucket }, over);
  await put(ASSETS_KEY, JSON.stringify({ current, retired: kept }), 'application/json', 'no-cache');
  return { put: files.length + 1, removed: over.length };
}

/** What of the pages before stays, and what is over. */
function retire(before: Assets, current: readonly string[], at: number) {
  const justNow = Object.fromEntries(before.current.map((key) => [key, new Date(at).toISOString()]));
  const kept: Record<string, string> = {};
  const over: string[] = [];
  for (const [key, since] of Object.entries({ ...before.retired, ...justNow })) {
    if (current.includes(key)) continue;
    if (at - Date.parse(since) > RETIRED_DAYS * DAY_MS) over.push(key);
    else kept[key] = since;
  }
  return { kept, over };
}

async function assetsOf({ s3, bucket }: PageBucket): Promise<Assets> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: ASSETS_KEY }));
    return JSON.parse(await Body!.transformToString()) as Assets;
  } catch (error) {
    // Who may not list a bucket is told that what is not there is forbidden.
    if (error instanceof Error && ['NoSuchKey', 'AccessDenied'].includes(error.name))
      return { current: [], retired: {} };
    throw error;
  }
}

/** Takes all files out of the bucket, so that it can be deleted. A bucket that is gone is empty. */
export async function removePage({ s3, bucket }: PageBucket): Promise<number> {
  let removed = 0;
  try {
    for (;;) {
      // From the beginning each time: what was found before is gone.
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
      if (Contents.length === 0) return removed;
      const keys = Contents.map(({ Key }) => Key!);
      await remove({ s3, bucket }, keys);
      removed += keys.length;
    }
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchBucket') return removed;
    throw error;
  }
}

async function remove({ s3, bucket }: PageBucket, keys: readonly string[]): Promise<void> {
  for (let from = 0; from < keys.length; from += MOST_KEYS) {
    const Objects = keys.slice(from, from + MOST_KEYS).map((Key) => ({ Key }));
    const { Errors = [] } = await s3.send(
      new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }),
    );
    if (Errors.length > 0)
      throw new Error(
        `${Errors.length} of ${Objects.length} files of the page cannot be deleted, first ${Errors[0]!.Key}: ${Errors[0]!.Code}`,
      );
  }
}
