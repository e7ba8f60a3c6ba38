import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { lockOf, releaseLock, renewLock, takeLock } from '../../../lib/adapters/aws/builds/build-lock.ts';
import { type JsonObjects, openJsonObjects } from '../../../lib/adapters/aws/builds/json-objects.ts';
import { changedRanges, firstOpenDay, landedDays } from '../../../lib/adapters/aws/builds/landing-days.ts';
import { type S3Emulator, startS3 } from '../emulators/s3.ts';

/** Who may build, and what landed: small objects and file names of a bucket. */
const folder = mkdtempSync(join(tmpdir(), 'ropo-lock-'));
const NOW = Date.UTC(2026, 0, 15);
const MINUTE = 60_000;
let s3: S3Emulator;
let client: S3Client;
let objects: JsonObjects;

beforeAll(async () => {
  s3 = await startS3({ folder, buckets: ['lake'] });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  client = new S3Client({ endpoint: s3.url, region: 'eu-south-1', credentials, forcePathStyle: true });
  objects = openJsonObjects(client, 'lake');
});
afterAll(async () => {
  client.destroy();
  await s3.close();
  rmSync(folder, { recursive: true, force: true });
});

const take = (holder: string, now = NOW) => takeLock(objects, { holder, buildId: `of-${holder}`, now });

describe('the lock', () => {
  beforeEach(() => s3.objects.remove('lake', 'builds/lock.json'));

  test('is given to one of many who come at once', async () => {
    const all = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => take(name)));
    expect(all.filter(({ isMine }) => isMine)).toHaveLength(1);
    expect(new Set(all.map(({ lock }) => lock.build_id)).size).toBe(1);
  });

  test('is given to its holder again, with the same build', async () => {
    const { lock } = await take('a');
    expect(await takeLock(objects, { holder: 'a', buildId: 'another', now: NOW + MINUTE })).toMatchObject({
      isMine: true,
      lock: { build_id: lock.build_id, taken_at: lock.taken_at },
    });
  });

  test('is taken over when it was not renewed in time, by one of many', async () => {
    await take('a');
    expect((await take('b', NOW + 89 * MINUTE)).isMine).toBe(false);
    const later = await Promise.all(['b', 'c', 'd'].map((name) => take(name, NOW + 90 * MINUTE)));
    expect(later.filter(({ isMine }) => isMine)).toHaveLength(1);
    await expect(renewLock(objects, 'of-a', NOW + 91 * MINUTE)).rejects.toThrow(/does not hold the lock/);
    expect(await lockOf(objects, 'a')).toBeNull();
  });

  test('is renewed by a build that is alive, and rarely written', async () => {
    await take('a');
    s3.faults.forget();
    await renewLock(objects, 'of-a', NOW + 10 * MINUTE);
    expect(s3.faults.calls.PutObject ?? 0).toBe(0);
    await renewLock(objects, 'of-a', NOW + 60 * MINUTE);
    expect(s3.faults.calls.PutObject).toBe(1);
    expect((await take('b', NOW + 149 * MINUTE)).isMine).toBe(false);
  });

  test('is let go by its holder alone', async () => {
    await take('a');
    await releaseLock(objects, 'of-b');
    expect((await take('b')).isMine).toBe(false);
    await releaseLock(objects, 'of-a');
    expect((await take('b')).isMine).toBe(true);
  });
});

describe('what landed', () => {
  test('is told apart by day, and only days that may have changed are looked at', async () => {
    const put = (day: string, file: string, text: string) =>
      s3.objects.put('lake', `landing/raw_sales/arrived=${day}/${file}`, Buffer.from(text), {});
    put('2026-01-10', 'a', 'old');
    put('2026-01-13', 'a', 'x');
    put('2026-01-14', 'a', 'y');
    const before = await landedDays(objects, 'raw_sales', null);
    expect(Object.keys(before)).toEqual(['2026-01-10', '2026-01-13', '2026-01-14']);
    put('2026-01-13', 'b', 'more');
    put('2026-01-15', 'a', 'z');
    const since = firstOpenDay({ built_at: '2026-01-14T03:00:00Z', landing: { raw_sales: before } });
    expect(since).toBe('2026-01-11');
    const now = await landedDays(objects, 'raw_sales', since);
    expect(Object.keys(now)).toEqual(['2026-01-13', '2026-01-14', '2026-01-15']);
    expect(changedRanges(now, before)).toEqual([
      { from: '2026-01-13', to: '2026-01-13' },
      { from: '2026-01-15', to: '2026-01-15' },
    ]);
    expect(changedRanges(now, {})).toEqual([{ from: '2026-01-13', to: '2026-01-15' }]);
    expect(changedRanges(now, now)).toEqual([]);
  });

  test('is not passed over after a build whose clock was wrong', () => {
    const landing = {
      raw_touches: { '2026-01-13': 'x' },
      raw_sales: { '2026-01-14': 'y', '2026-01-02': 'z' },
    };
    expect(firstOpenDay({ built_at: '2031-06-01T03:00:00Z', landing })).toBe('2026-01-11');
    expect(firstOpenDay({ built_at: '2026-01-10T03:00:00Z', landing })).toBe('2026-01-07');
    expect(firstOpenDay({ built_at: '2026-01-14T03:00:00Z', landing: {} })).toBe('2026-01-11');
    expect(firstOpenDay({ built_at: '2026-01-14T03:00:00Z', landing: { raw_sales: { odd: 'x' } } })).toBe(
      '2026-01-11',
    );
    expect(firstOpenDay(null)).toBeNull();
  });
});
