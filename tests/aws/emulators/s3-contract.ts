import { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/** An S3 with an empty bucket `lake`. */
export interface S3UnderTest {
  s3: S3Client;
  close(): Promise<void>;
}

/** What our adapters count on in S3: said of our emulator and of others alike, so that each vouches for the other. */
export function s3Contract(name: string, open: () => Promise<S3UnderTest>): void {
  describe(`${name} is an S3`, () => {
    let under: S3UnderTest;
    let s3: S3Client;
    beforeAll(async () => {
      under = await open();
      s3 = under.s3;
    });
    afterAll(() => under.close());

    const put = (Key: string, Body: string | Uint8Array | Readable, more = {}) =>
      s3.send(new PutObjectCommand({ Bucket: 'lake', Key, Body, ...more }));
    const get = async (Key: string, more = {}) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'lake', Key, ...more }));
      return Buffer.from(await Body!.transformToByteArray());
    };

    test('keeps objects byte for byte, streams too, and gives parts of them', async () => {
      const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, n) => (n * 31) % 251));
      await put('a/b=1/whole.bin', bytes);
      await put('a/b=1/streamed.bin', Readable.from([bytes.subarray(0, 70_001), bytes.subarray(70_001)]), {
        ContentLength: bytes.length,
      });
      expect((await get('a/b=1/whole.bin')).equals(bytes)).toBe(true);
      expect((await get('a/b=1/streamed.bin')).equals(bytes)).toBe(true);
      expect((await get('a/b=1/whole.bin', { Range: 'bytes=5-9' })).equals(bytes.subarray(5, 10))).toBe(true);
      expect((await get('a/b=1/whole.bin', { Range: 'bytes=-3' })).equals(bytes.subarray(-3))).toBe(true);
    });

    test('keeps what is said of an object, and tells its length and type', async () => {
      await put('page/index.html', 'ciao è', { ContentType: 'text/html', Metadata: { made: 'today' } });
      const head = await s3.send(new HeadObjectCommand({ Bucket: 'lake', Key: 'page/index.html' }));
      expect(head).toMatchObject({ ContentLength: 7, ContentType: 'text/html', Metadata: { made: 'today' } });
      await expect(s3.send(new HeadObjectCommand({ Bucket: 'lake', Key: 'none' }))).rejects.toMatchObject({
        name: 'NotFound',
      });
      await expect(get('none')).rejects.toMatchObject({ name: 'NoSuchKey' });
      await expect(s3.send(new GetObjectCommand({ Bucket: 'sea', Key: 'x' }))).rejects.toMatchObject({
        name: 'NoSuchBucket',
      });
    });

    test('writes on a condition: of many that make an object one does, and who is late is told', async () => {
      const made = await Promise.allSettled(
        Array.from({ length: 8 }, (_, n) => put('pointer', `writer ${n}`, { IfNoneMatch: '*' })),
      );
      expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const { ETag } = await s3.send(new HeadObjectCommand({ Bucket: 'lake', Key: 'pointer' }));
      await put('pointer', 'next', { IfMatch: ETag });
      await expect(put('pointer', 'late', { IfMatch: ETag })).rejects.toMatchObject({
        name: 'PreconditionFailed',
        $metadata: { httpStatusCode: 412 },
      });
      await expect(put('no-pointer', 'late', { IfMatch: ETag })).rejects.toMatchObject({ name: 'NoSuchKey' });
      expect((await get('pointer')).toString()).toBe('next');
    });

    test('lists by the bytes of keys, in pages, folded at a delimiter', async () => {
      const keys = ['l/a=1/x', 'l/a=1/y', 'l/a=2/é &<.txt', 'l/b', 'l/B', 'l2'];
      for (const key of keys) await put(key, key);
      const listed: string[] = [];
      let ContinuationToken: string | undefined;
      do {
        const page = await s3.send(
          new ListObjectsV2Command({ Bucket: 'lake', Prefix: 'l', MaxKeys: 2, ContinuationToken }),
        );
        listed.push(...page.Contents!.map(({ Key }) => Key!));
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken);
      expect(listed).toEqual(['l/B', 'l/a=1/x', 'l/a=1/y', 'l/a=2/é &<.txt', 'l/b', 'l2']);
      const folded = await s3.send(
        new ListObjectsV2Command({ Bucket: 'lake', Prefix: 'l/', Delimiter: '/' }),
      );
      expect(folded.CommonPrefixes!.map(({ Prefix }) => Prefix)).toEqual(['l/a=1/', 'l/a=2/']);
      expect(folded.Contents!.map(({ Key, Size }) => [Key, Size])).toEqual([
        ['l/B', 3],
        ['l/b', 3],
      ]);
      const after = await s3.send(
        new ListObjectsV2Command({ Bucket: 'lake', Prefix: 'l/', StartAfter: 'l/a=1/x' }),
      );
      expect(after.Contents!.map(({ Key }) => Key)).toEqual(['l/a=1/y', 'l/a=2/é &<.txt', 'l/b']);
    });

    test('copies and deletes, also what is not there', async () => {
      await put('from/a b%c', 'kept', { ContentType: 'text/plain' });
      await s3.send(
        new CopyObjectCommand({
          Bucket: 'lake',
          Key: 'to',
          CopySource: `lake/${encodeURIComponent('from/a b%c')}`,
        }),
      );
      expect((await get('to')).toString()).toBe('kept');
      await s3.send(new DeleteObjectCommand({ Bucket: 'lake', Key: 'to' }));
      await s3.send(
        new DeleteObjectsCommand({
          Bucket: 'lake',
          Delete: { Objects: [{ Key: 'from/a b%c' }, { Key: 'never there' }] },
        }),
      );
      const left = await s3.send(new ListObjectsV2Command({ Bucket: 'lake', Prefix: 'from' }));
      expect(left.KeyCount).toBe(0);
    });
  });
}
