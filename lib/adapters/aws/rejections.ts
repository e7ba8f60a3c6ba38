import { createHash } from 'node:crypto';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { Rejection } from '../../ports.ts';
import { atMost, type RetryBudget, untilDone } from './retries.ts';

/** Records that were set aside, as objects of S3. */
export interface Rejections {
  /** Keeps them; the same ones again change nothing. */
  add(rejections: readonly Rejection[]): Promise<void>;
  /** All of them, or those of these reasons, or of a day of arrival, each once, in the order they came. */
  list(reasons?: readonly string[], arrived?: string): Promise<Rejection[]>;
  /** Takes them off the list, wherever they stand. */
  forget(rejectionIds: readonly string[]): Promise<void>;
}

export interface RejectionsOptions {
  s3: S3Client;
  bucket: string;
  /** What keys begin with; `rejections/` unless told. */
  prefix?: string;
  retry?: RetryBudget;
}

const AT_ONCE = 16;
/** What somebody else has changed meanwhile is read anew so often. */
const MOST_RACES = 20;

/**
 * Rejections as JSON lines at `rejections/reason=<reason>/arrived=<day>/<hash of their ids>.jsonl`: a batch that comes again
 * is the same object, and is not written again. What is taken off the list leaves its object, on the condition that nobody
 * has changed that meanwhile; an object that holds nothing more goes.
 */
export function createRejections(options: RejectionsOptions): Rejections {
  const { s3, bucket, prefix = 'rejections/', retry = { forMs: 15_000 } } = options;
  /** Where listed rejections stand, so that taking some off reads no more than it must. */
  const idsOf = new Map<string, readonly string[]>();

  const keys = async (): Promise<string[]> => {
    const found: string[] = [];
    let from: string | undefined;
    do {
      const page = await untilDone(
        'Listing rejections',
        () =>
          s3.send(
            new ListObjectsV2Command({
              Bucket: bucket,
              Prefix: prefix,
              ...(from ? { ContinuationToken: from } : {}),
            }),
          ),
        retry,
      );
      for (const { Key } of page.Contents ?? []) if (Key?.endsWith('.jsonl')) found.push(Key);
      from = page.NextContinuationToken;
    } while (from);
    return found;
  };

  /** What an object holds; nothing where it is gone. */
  const read = async (key: string): Promise<{ rows: Rejection[]; etag: string | undefined }> => {
    try {
      return await untilDone(
        'Getting rejections',
        async () => {
          const { Body, ETag } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
          const lines = (await Body!.transformToString()).split('\n').filter((line) => line !== '');
          return { rows: lines.map((line) => JSON.parse(line) as Rejection), etag: ETag };
        },
        retry,
      );
    } catch (error) {
      if ((error as Error).name !== 'NoSuchKey') throw error;
      return { rows: [], etag: undefined };
    }
  };

  /** Tells whether the condition held. */
  const put = async (
    key: string,
    rows: readonly Rejection[],
    condition: { IfMatch?: string; IfNoneMatch?: string },
  ) => {
    const text = `${rows.map((row) => JSON.stringify(row)).join('\n')}\n`;
    try {
      await untilDone(
        'Putting rejections',
        () =>
          s3.send(
            new PutObjectCommand({
              Bucket: bucket,
              Key: key,
              Body: text,
              ContentType: 'application/x-ndjson',
              ...condition,
            }),
          ),
        retry,
      );
      return true;
    } catch (error) {
      // Another writer is at the same object: 409 while it is, 412 once it has been, and no key where it is gone.
      if (['PreconditionFailed', 'ConditionalRequestConflict', 'NoSuchKey'].includes((error as Error).name))
        return false;
      throw error;
    }
  };

  const takeOff = async (key: string, doomed: ReadonlySet<string>): Promise<void> => {
    for (let races = 0; races < MOST_RACES; races++) {
      const { rows, etag } = await read(key);
      const kept = rows.filter(({ rejection_id }) => !doomed.has(rejection_id));
      if (kept.length === rows.length || etag === undefined) return;
      if (kept.length > 0) {
        if (await put(key, kept, { IfMatch: etag })) return;
        continue;
      }
      await untilDone(
        'Deleting rejections',
        () => s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key })),
        retry,
      );
      return;
    }
    throw new Error(
      `${key} was changed by others ${MOST_RACES} times while rejections were taken off it; try again`,
    );
  };

  return {
    async add(rejections) {
      const objects = new Map<string, Map<string, Rejection>>();
      for (const rejection of rejections) {
        const folder = `reason=${rejection.reason}/arrived=${rejection.received_at.slice(0, 10)}`;
        const some = objects.get(folder) ?? new Map<string, Rejection>();
        objects.set(folder, some);
        if (!some.has(rejection.rejection_id)) some.set(rejection.rejection_id, rejection);
      }
      await atMost(AT_ONCE, [...objects], async ([folder, some]) => {
        const hash = createHash('sha256')
          .update([...some.keys()].sort().join(' '))
          .digest('hex')
          .slice(0, 32);
        await put(`${prefix}${folder}/${hash}.jsonl`, [...some.values()], { IfNoneMatch: '*' });
      });
    },

    async list(reasons, arrived) {
      const asked = reasons && new Set(reasons.map((reason) => `${prefix}reason=${reason}/`));
      const found = (await keys()).filter(
        (key) =>
          (!asked || asked.has(key.slice(0, key.indexOf('/', prefix.length) + 1))) &&
          (arrived === undefined || key.includes(`/arrived=${arrived}/`)),
      );
      const read1 = await atMost(AT_ONCE, found, async (key) => ({ key, ...(await read(key)) }));
      const byId = new Map<string, Rejection>();
      for (const { key, rows } of read1) {
        idsOf.set(
          key,
          rows.map(({ rejection_id }) => rejection_id),
        );
        for (const row of rows) {
          const known = byId.get(row.rejection_id);
          if (!known || row.received_at < known.received_at) byId.set(row.rejection_id, row);
        }
      }
      return [...byId.values()].sort(inOrder);
    },

    async forget(rejectionIds) {
      if (rejectionIds.length === 0) return;
      const doomed = new Set(rejectionIds);
      const found = (await keys()).filter((key) => idsOf.get(key)?.some((id) => doomed.has(id)) ?? true);
      await atMost(AT_ONCE, found, (key) => takeOff(key, doomed));
      idsOf.clear();
    },
  };
}

function inOrder(a: Rejection, b: Rejection): number {
  if (a.received_at !== b.received_at) return a.received_at < b.received_at ? -1 : 1;
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line;
}
