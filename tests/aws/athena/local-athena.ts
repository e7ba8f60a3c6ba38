import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AthenaClient } from '@aws-sdk/client-athena';
import { S3Client } from '@aws-sdk/client-s3';
import {
  type AthenaQueries,
  createAthenaQueries,
  type QueryLimits,
} from '../../../lib/adapters/aws/athena/queries.ts';
import type { Clock } from '../../../lib/adapters/aws/athena/waiting.ts';
import {
  type AthenaEmulator,
  openDuckDbEngine,
  type SqlEngine,
  startAthena,
} from '../emulators/athena/index.ts';
import { type S3Emulator, startS3 } from '../emulators/s3.ts';

export const BUCKET = 'lake';
export const WORKGROUP = 'ropo';

/** An Athena and an S3 on this machine, with real clients of both. */
export interface LocalAthena {
  athena: AthenaEmulator;
  s3Emulator: S3Emulator;
  client: AthenaClient;
  s3: S3Client;
  folder: string;
  queries: AthenaQueries;
  queriesWith(options: { clock?: Clock; limits?: Partial<QueryLimits>; workgroup?: string }): AthenaQueries;
  close(): Promise<void>;
}

/** Looks at a query again at once: the engine is near. */
const QUICK: Partial<QueryLimits> = { pollFirstMs: 3, pollMostMs: 100, retryBaseMs: 5, retryMostMs: 50 };

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

export async function openLocalAthena(
  engineOf: (folder: string) => Promise<SqlEngine> = (folder) => openDuckDbEngine({ folder }),
): Promise<LocalAthena> {
  const folder = mkdtempSync(join(tmpdir(), 'ropo-local-athena-'));
  const s3Emulator = await startS3({ folder, buckets: [BUCKET] });
  const engine = await engineOf(folder);
  const athena = await startAthena({ folder, engine });
  const region = 'eu-south-1';
  // One try each: what is tried again, and when, is for the adapter to say.
  const client = new AthenaClient({ endpoint: athena.url, region, credentials, maxAttempts: 1 });
  const s3 = new S3Client({ endpoint: s3Emulator.url, region, credentials, forcePathStyle: true });
  const queriesWith: LocalAthena['queriesWith'] = ({ clock, limits, workgroup = WORKGROUP }) =>
    createAthenaQueries({
      client,
      s3,
      workgroup,
      limits: { ...QUICK, ...limits },
      ...(clock ? { clock } : {}),
    });
  return {
    athena,
    s3Emulator,
    client,
    s3,
    folder,
    queries: queriesWith({}),
    queriesWith,
    async close() {
      client.destroy();
      s3.destroy();
      await athena.close();
      await s3Emulator.close();
      await engine.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A clock that goes on by itself while somebody sleeps, and remembers for how long. */
export function quickClock(random = 0.5): Clock & { slept: number[] } {
  let now = Date.UTC(2025, 5, 1);
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    async sleep(ms) {
      slept.push(ms);
      now += ms;
      await new Promise((resolve) => setImmediate(resolve));
    },
    random: () => random,
  };
}
