import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { HeadObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { type Wait, waitUntil } from './wait-until.ts';

/** A file and the format that it is written in. */
export interface FormattedFile {
  format: string;
  file: string;
}

/**
 * Adds a web key to the shop's secret.
 * @returns the key, and what identifiers are hashed with there
 */
export async function addWebKey(
  client: SecretsManagerClient,
  secretId: string,
  now: number,
): Promise<{ key: string; identitySecret: string }> {
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
  const secret = JSON.parse(SecretString ?? '{}') as { identity_secret: string; keys: object[] };
  const key = `web_${randomBytes(15).toString('base64url')}`;
  const made = {
    id: key,
    name: 'verify',
    kind: 'web',
    secrets: [],
    origins: [],
    store_id: null,
    revoked_at: null,
    created_at: new Date(now).toISOString(),
  };
  await client.send(
    new PutSecretValueCommand({
      SecretId: secretId,
      SecretString: JSON.stringify({ ...secret, keys: [...secret.keys, made] }),
    }),
  );
  return { key, identitySecret: secret.identity_secret };
}

/** Puts the shop's own rows of seeds where builds read them. */
export async function putSeeds(s3: S3Client, bucket: string, files: readonly string[]): Promise<void> {
  for (const file of files)
    await s3.send(
      new PutObjectCommand({ Bucket: bucket, Key: `seeds/${basename(file)}`, Body: readFileSync(file) }),
    );
}

/**
 * Drops files one after another, each once the one before is told of as imported: what others lean on comes first.
 * @throws Error naming a file that could not be imported; WaitedTooLong
 */
export async function dropFiles(
  s3: S3Client,
  bucket: string,
  files: readonly FormattedFile[],
  wait: Partial<Wait> = {},
): Promise<void> {
  for (const [at, { format, file }] of files.entries()) {
    const key = `incoming/${format}/${basename(file)}`;
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: readFileSync(file) }));
    await waitUntil(
      async () => {
        if (!(await isThere(s3, bucket, key)))
          throw new Error(`${basename(file)} could not be imported: s3://${bucket}/failed/ has the reason`);
        const told = await countBelow(s3, bucket, 'imported/');
        return told > at ? true : undefined;
      },
      { what: `the import of ${basename(file)}`, everyMs: 5_000, forMs: 900_000, ...wait },
    );
  }
}

/** Files that were not imported are moved away. */
async function isThere(s3: S3Client, bucket: string, key: string): Promise<boolean> {
  try {
    await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    return true;
  } catch (error) {
    if (['NotFound', 'NoSuchKey'].includes((error as Error).name)) return false;
    throw error;
  }
}

async function countBelow(s3: S3Client, bucket: string, prefix: string): Promise<number> {
  let count = 0;
  let from: string | undefined;
  do {
    const page = await s3.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: from }),
    );
    count += page.KeyCount ?? 0;
    from = page.NextContinuationToken;
  } while (from !== undefined);
  return count;
}
