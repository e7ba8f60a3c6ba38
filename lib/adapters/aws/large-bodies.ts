import { createHash } from 'node:crypto';
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { type RetryBudget, untilDone } from './retries.ts';

/** What is too large for the stream, put aside: the stream then carries where it is. */
export interface LargeBodies {
  /** Keeps bytes for good and gives what `get` finds them by: the same for the same bytes. */
  put(bytes: Uint8Array): Promise<string>;
  /** @throws Error with the name NoSuchKey where there are none of that reference */
  get(reference: string): Promise<Uint8Array>;
}

export interface LargeBodiesOptions {
  s3: S3Client;
  bucket: string;
  /** What their keys begin with; `large/` unless told. */
  prefix?: string;
  retry?: RetryBudget;
}

/**
 * Large bodies as objects of S3 at `large/<SHA-256>.gz`: put again, they are the same object. The bucket takes them
 * away some days after the stream has.
 */
export function createLargeBodies(options: LargeBodiesOptions): LargeBodies {
  const { s3, bucket, prefix = 'large/', retry = { forMs: 8000 } } = options;
  const keyOf = (reference: string) => `${prefix}${reference}.gz`;
  return {
    async put(bytes) {
      const reference = createHash('sha256').update(bytes).digest('hex');
      await untilDone(
        'Putting a large body',
        () => s3.send(new PutObjectCommand({ Bucket: bucket, Key: keyOf(reference), Body: bytes })),
        retry,
      );
      return reference;
    },
    get: (reference) =>
      untilDone(
        'Getting a large body',
        async () => {
          const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: keyOf(reference) }));
          return Body!.transformToByteArray();
        },
        retry,
      ),
  };
}
