import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { keptRows } from '../../../lib/adapters/aws/kept-rows.ts';
import type { Published } from '../../../lib/pipeline/kpi-question.ts';
import type { Row } from '../../../lib/ports.ts';
import { type S3Emulator, startS3 } from '../emulators/s3.ts';

let folder: string;
let emulator: S3Emulator;
let s3: S3Client;
let said: string[];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ropo-kept-'));
  emulator = await startS3({ folder, buckets: ['lake'] });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  s3 = new S3Client({
    region: 'eu-south-1',
    credentials,
    endpoint: emulator.url,
    forcePathStyle: true,
    maxAttempts: 1,
  });
  said = [];
});
afterEach(async () => {
  s3.destroy();
  await emulator.close();
  rmSync(folder, { recursive: true, force: true });
});

const ROWS: Row[] = [
  { label: 'Email', n: 9_007_199_254_740_993n, share: 0.1 + 0.2, none: null, yes: true },
  { label: '~n1', n: -1n, share: Number.NaN, none: null, yes: false },
  { label: '', n: 0n, share: Number.NEGATIVE_INFINITY, none: null, yes: true },
  { label: '~t"\\ \u2028 è', n: 0n, share: -0, none: null, yes: true },
];

/** A build that counts what it is asked. */
function buildOf(build_id: string, rows: Row[] = ROWS) {
  const asked: string[] = [];
  const manifest = { build_id, tables: [] } as unknown as Published['manifest'];
  const published: Published = {
    manifest,
    query: async (select) => {
      asked.push(select);
      return rows;
    },
  };
  return { published, asked };
}
/** The same build as a process of its own sees it. */
const inProcess = (published: Published) =>
  keptRows({ s3, bucket: 'lake', log: (line) => said.push(line) })(published);

describe('rows that are kept beside their build', () => {
  test('are the same to the bit in another process, which asks nothing', async () => {
    const { published, asked } = buildOf('b1');
    expect(await inProcess(published).query('SELECT 1', ['x', 1n, null])).toEqual(ROWS);
    const again = await inProcess(published).query('SELECT 1', ['x', 1n, null]);
    expect(again).toEqual(ROWS);
    expect(Object.is(again[3]!.share, -0)).toBe(true);
    expect(asked).toHaveLength(1);
    expect(said).toEqual([]);
  });

  test('are of one query, its values and their build', async () => {
    const first = buildOf('b1');
    const asks: [string, (string | bigint | number | null)[]][] = [
      ['SELECT 1', []],
      ['SELECT 1', ['']],
      ['SELECT 1', [null]],
      ['SELECT 1', ['1']],
      ['SELECT 1', [1]],
      ['SELECT 1', [1n]],
      ['SELECT 1', ['~n1']],
      ['SELECT 1', ['1', '1']],
      ['SELECT 2', []],
    ];
    for (const [select, values] of asks) await inProcess(first.published).query(select, values);
    expect(first.asked).toHaveLength(asks.length);
    const second = buildOf('b2', []);
    expect(await inProcess(second.published).query('SELECT 1')).toEqual([]);
    expect(readdirSync(join(folder, 'lake/builds/b1/answers'))).toHaveLength(asks.length);
    expect(readdirSync(join(folder, 'lake/builds/b2/answers'))).toHaveLength(1);
  });

  test('that cannot be kept or read are asked for, and what fails is not kept', async () => {
    const { published, asked } = buildOf('b1');
    emulator.faults.fail('PutObject', { code: 'SlowDown', status: 503 });
    expect(await inProcess(published).query('SELECT 1')).toEqual(ROWS);
    expect(await inProcess(published).query('SELECT 1')).toEqual(ROWS);
    emulator.faults.fail('GetObject', { code: 'InternalError', status: 500 });
    expect(await inProcess(published).query('SELECT 1')).toEqual(ROWS);
    expect(asked).toHaveLength(3);
    expect(said).toHaveLength(2);
    const failing: Published = { ...published, query: () => Promise.reject(new Error('no')) };
    await expect(inProcess(failing).query('SELECT 3')).rejects.toThrow('no');
    expect(await inProcess(published).query('SELECT 3')).toEqual(ROWS);
  });

  test('are of the same build object for the same build, so that its facts are read once', () => {
    const { published } = buildOf('b1');
    const kept = keptRows({ s3, bucket: 'lake' });
    expect(kept(published)).toBe(kept(published));
    expect(kept(published).manifest).toBe(published.manifest);
  });
});
