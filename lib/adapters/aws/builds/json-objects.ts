import {
  GetObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';

/** An object was written by somebody else since it was read. */
export class WrittenMeanwhile extends Error {}

export interface ListedObject {
  key: string;
  size: number;
  etag: string;
}

/** Small JSON objects of a bucket, and what lies below a prefix. */
export interface JsonObjects {
  /** Null where there is none. */
  read<T>(key: string): Promise<{ value: T; etag: string } | null>;
  /** As text; null where there is none. */
  readText(key: string): Promise<string | null>;
  /**
   * Writes in one step. With `over` only in place of the object that was read, null: only where there is none.
   * @throws WrittenMeanwhile
   */
  write(key: string, value: unknown, over?: { etag: string } | null): Promise<{ etag: string }>;
  list(prefix: string, after?: string): AsyncGenerator<ListedObject>;
  /** Names of the folders right below a prefix that ends with a slash. */
  folders(prefix: string): Promise<string[]>;
}

export function openJsonObjects(s3: S3Client, bucket: string): JsonObjects {
  const readText = async (key: string): Promise<{ text: string; etag: string } | null> => {
    try {
      const { Body, ETag } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return { text: await Body!.transformToString(), etag: ETag! };
    } catch (error) {
      if ((error as Error).name === 'NoSuchKey') return null;
      throw error;
    }
  };
  const pages = async function* (
    prefix: string,
    options: { Delimiter?: string; StartAfter?: string },
  ): AsyncGenerator<ListObjectsV2CommandOutput> {
    let token: string | undefined;
    do {
      const page: ListObjectsV2CommandOutput = await s3.send(
        new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token, ...options }),
      );
      yield page;
      token = page.NextContinuationToken;
    } while (token !== undefined);
  };
  return {
    async read<T>(key: string) {
      const found = await readText(key);
      return found && { value: JSON.parse(found.text) as T, etag: found.etag };
    },
    readText: async (key) => (await readText(key))?.text ?? null,
    async write(key, value, over) {
      try {
        const { ETag } = await s3.send(
          new PutObjectCommand({
            Bucket: bucket,
            Key: key,
            Body: `${JSON.stringify(value)}\n`,
            ContentType: 'application/json',
            ...(over ? { IfMatch: over.etag } : {}),
            ...(over === null ? { IfNoneMatch: '*' } : {}),
          }),
        );
        return { etag: ETag! };
      } catch (error) {
        const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
        if (over !== undefined && [404, 409, 412].includes($metadata?.httpStatusCode ?? 0))
          throw new WrittenMeanwhile(`${key} was written by somebody else meanwhile`, { cause: error });
        throw error;
      }
    },
    async *list(prefix, after) {
      for await (const { Contents = [] } of pages(prefix, after === undefined ? {} : { StartAfter: after }))
        for (const { Key, Size, ETag } of Contents) yield { key: Key!, size: Size ?? 0, etag: ETag ?? '' };
    },
    async folders(prefix) {
      const names: string[] = [];
      for await (const { CommonPrefixes = [] } of pages(prefix, { Delimiter: '/' }))
        for (const { Prefix } of CommonPrefixes) names.push(Prefix!.slice(prefix.length, -1));
      return names;
    },
  };
}
