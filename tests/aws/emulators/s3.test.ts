import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type S3Emulator, startS3 } from './s3.ts';
import { s3Contract } from './s3-contract.ts';

const open = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ropo-s3-'));
  const emulator = await startS3({ folder, buckets: ['lake'] });
  const s3 = new S3Client({
    endpoint: emulator.url,
    forcePathStyle: true,
    region: 'eu-south-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  return {
    folder,
    emulator,
    s3,
    async close() {
      s3.destroy();
      await emulator.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

s3Contract('our emulator', open);

describe('the emulator of S3', () => {
  let emulator: S3Emulator;
  let under: Awaited<ReturnType<typeof open>>;
  beforeAll(async () => {
    under = await open();
    emulator = under.emulator;
  });
  beforeEach(() => emulator.faults.forget());
  afterAll(() => under.close());
  const put = (Key: string, Body: string) =>
    under.s3.send(new PutObjectCommand({ Bucket: 'lake', Key, Body }));
  const get = async (Key: string) => {
    const { Body } = await under.s3.send(new GetObjectCommand({ Bucket: 'lake', Key }));
    return Buffer.from(await Body!.transformToByteArray());
  };

  test('keeps objects as the files that their keys name, and takes files for objects', async () => {
    await put('a/b=1/c', 'here');
    expect(readFileSync(join(under.folder, 'lake/a/b=1/c'), 'utf8')).toBe('here');
    writeFileSync(join(under.folder, 'lake/a/b=1/d'), 'put by another');
    expect((await get('a/b=1/d')).toString()).toBe('put by another');
  });

  test('fails as it is told, with or without having done it', async () => {
    emulator.faults.fail('PutObject', { code: 'SlowDown', status: 503 });
    await expect(put('slow', 'x')).rejects.toMatchObject({ name: 'SlowDown' });
    await expect(get('slow')).rejects.toMatchObject({ name: 'NoSuchKey' });
    emulator.faults.fail('PutObject', { code: 'Dropped', isDone: true });
    await expect(put('slow', 'x')).rejects.toBeDefined();
    expect((await get('slow')).toString()).toBe('x');
    expect(emulator.faults.calls).toEqual({ PutObject: 2, GetObject: 2 });
  });
});
