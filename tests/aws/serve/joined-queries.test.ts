import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AthenaClient } from '@aws-sdk/client-athena';
import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createAthenaQueries } from '../../../lib/adapters/aws/athena/queries.ts';
import { joiningEqualQueries } from '../../../lib/adapters/aws/joined-queries.ts';
import {
  type AthenaEmulator,
  openDuckDbEngine,
  type SqlEngine,
  startAthena,
} from '../emulators/athena/index.ts';
import { type S3Emulator, startS3 } from '../emulators/s3.ts';

let folder: string;
let s3Emulator: S3Emulator;
let engine: SqlEngine;
let athena: AthenaEmulator;
let clock: number;
const clients: { destroy(): void }[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ropo-joined-'));
  engine = await openDuckDbEngine({ folder, connections: 2 });
  s3Emulator = await startS3({ folder, buckets: ['lake'] });
  athena = await startAthena({ folder, engine });
  clock = 1_700_000_000_000;
});
afterEach(async () => {
  for (const one of clients.splice(0)) one.destroy();
  await Promise.all([athena.close(), s3Emulator.close()]);
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What asks in a process of its own. */
function process() {
  const its = { region: 'eu-south-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
  const client = new AthenaClient({ ...its, endpoint: athena.url });
  const s3 = new S3Client({ ...its, endpoint: s3Emulator.url, forcePathStyle: true });
  clients.push(client, s3);
  const limits = { pollFirstMs: 5, pollMostMs: 20, retryBaseMs: 1, retryMostMs: 2 };
  return createAthenaQueries({
    client: joiningEqualQueries(client, () => clock),
    s3,
    workgroup: 'ropo',
    limits,
  });
}
const SELECT = 'SELECT 41 + x AS n FROM (VALUES (1)) AS t (x) WHERE x < ?';
const ROWS = [{ n: 42 }];

describe('equal queries of several processes', () => {
  test('are one that all of them wait for', async () => {
    const { release, started } = athena.holdQuery(/41/);
    const rows = [process(), process(), process()].map((one) => one.rows(SELECT, { parameters: [7] }));
    await started;
    await expect.poll(() => athena.faults.calls.StartQueryExecution).toBe(3);
    release();
    expect(await Promise.all(rows)).toEqual([ROWS, ROWS, ROWS]);
    expect(athena.executions).toHaveLength(1);
  });

  test('are others with other values, another database, or later', async () => {
    const one = process();
    await one.rows(SELECT, { parameters: [7] });
    await one.rows(SELECT, { parameters: [8] });
    await one.rows(SELECT, { parameters: [7], database: 'main' });
    expect(athena.executions).toHaveLength(3);
    clock += 600_000;
    await one.rows(SELECT, { parameters: [7] });
    expect(athena.executions).toHaveLength(4);
  });

  test('that have failed are run again, by who saw that and by who did not', async () => {
    athena.failQuery(/41/, { reason: 'GENERIC_INTERNAL_ERROR: worker lost', category: 1, isRetryable: true });
    expect(await process().rows(SELECT, { parameters: [7] })).toEqual(ROWS);
    expect(athena.executions).toHaveLength(2);
    // The one that comes later is given the failed one, and then joins the one that succeeded.
    expect(await process().rows(SELECT, { parameters: [7] })).toEqual(ROWS);
    expect(athena.executions).toHaveLength(2);
  });

  test('that cannot succeed fail for each, and are not stuck to', async () => {
    const one = process();
    athena.failQuery(/41/, { reason: 'EXCEEDED_LOCAL_MEMORY_LIMIT: too much', category: 2 });
    await expect(one.rows(SELECT, { parameters: [7] })).rejects.toThrow();
    expect(await one.rows(SELECT, { parameters: [7] })).toEqual(ROWS);
  });
});
