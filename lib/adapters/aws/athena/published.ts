import type { S3Client } from '@aws-sdk/client-s3';
import type { Published } from '../../../pipeline/kpi-question.ts';
import { readManifest, readPointer } from './pointer.ts';
import type { AthenaQueries } from './queries.ts';

/** A published build does not change, so that the result of an equal query serves as long as Athena keeps it: a week. */
const REUSE_MINUTES = 7 * 24 * 60;

/** How long a reader may go on with the build that it saw, in milliseconds. */
const LOOK_AGAIN_MS = 2_000;

export interface AthenaPublishedOptions {
  queries: AthenaQueries;
  s3: S3Client;
  /** Bucket of the lake. */
  bucket: string;
  now?: () => number;
  lookAgainMs?: number;
}

/**
 * Gives the build that is published now, null before the first. The same object is given as long as the build is the
 * same, and all queries of one object read one build, also when another is published meanwhile.
 */
export function openAthenaPublished(options: AthenaPublishedOptions): () => Promise<Published | null> {
  const { queries, s3, bucket, now = Date.now, lookAgainMs = LOOK_AGAIN_MS } = options;
  let shown: { id: string; build: Published } | null = null;
  let looked = Number.NEGATIVE_INFINITY;
  let looking: Promise<Published | null> | null = null;

  const look = async (): Promise<Published | null> => {
    const { pointer } = await readPointer(s3, bucket);
    if (pointer === null) return null;
    if (shown?.id !== pointer.build_id) {
      const manifest = await readManifest(s3, bucket, pointer.build_id);
      const { database } = pointer;
      const build: Published = {
        manifest,
        query: (select, parameters) =>
          queries.rows(select, { database, parameters, reuse: REUSE_MINUTES, name: 'of a reader' }),
      };
      shown = { id: pointer.build_id, build };
    }
    looked = now();
    return shown.build;
  };

  return async () => {
    if (shown !== null && now() - looked < lookAgainMs) return shown.build;
    looking ??= look().finally(() => {
      looking = null;
    });
    return looking;
  };
}
