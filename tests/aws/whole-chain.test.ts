import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openReader, type Reader } from '../../lib/adapters/embedded/reader.ts';
import { currentBuild } from '../../lib/adapters/embedded/warehouse.ts';
import { createApi } from '../../lib/api/app.ts';
import { KPIS } from '../../lib/domain/kpi-catalogue.ts';
import { signBody } from '../../lib/domain/signature.ts';
import type { KpiAnswer } from '../../lib/pipeline/kpi-answer.ts';
import { type DemoFiles, importDemo, linesOf, writeDemoFiles } from '../pipeline/demo-shop.ts';
import { NOW, type TemporaryShop, temporaryShop } from '../temporary-shop.ts';
import { KEYS } from './bad-days/shop-on-aws.ts';
import { type BuildShop, expectSuccess, openBuildShop, putSeed } from './build/build-shop.ts';
import { differences } from './build/landing.ts';
import { NAMES } from './emulators/index.ts';
import { bundleOf } from './lambda/bundled-functions.ts';
import { type Mapping, startMapping } from './lambda/event-source-mapping.ts';
import { httpApi } from './lambda/http-api.ts';
import { type LocalLambda, startLambda } from './lambda/local-lambda.ts';
import { type AuthorizationServer, startAuthorizationServer } from './serve/authorization-server.ts';

/**
 * The demo shop through everything that is deployed: the collector's HTTP event and the S3 drop, the stream, ingest,
 * Firehose and landing, the machine of a build with Athena, and the KPI API; each function as the bundle that is deployed.
 * What comes out is what one machine makes of the same files. All clocks are by some hours behind those of one machine,
 * on the same day: nothing that is compared depends on more of the time of arrival than its day.
 */
const SKEW = NOW + 9 * 3_600_000 - Date.now();
const DROP = 'drop';
/** Files that go through the drop; the others come over HTTP. */
const DROPPED = /^(?:receipts-2025-0[1-3]|late-receipts|spend|touches)/;
const MESSAGES_AT_ONCE = 500;
const ACCESS = { region: 'eu-south-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };

let demo: DemoFiles;
let here: TemporaryShop;
let reader: Reader;
let there: BuildShop;
let server: AuthorizationServer;
let mapping: Mapping;
let kinesis: KinesisClient;
let s3: S3Client;
let collect: ReturnType<typeof httpApi>;
let importFiles: LocalLambda;
const lambdas: LocalLambda[] = [];
/** Records on either way, as whoever sent them counts. */
const sent = { http: 0, dropped: 0 };

async function lambda(
  name: string,
  environment: Record<string, string>,
  concurrency = 1,
): Promise<LocalLambda> {
  const { asset, handler } = await bundleOf(name);
  const started = startLambda({
    bundle: asset,
    handler,
    environment,
    concurrency,
    clockSkewMs: SKEW,
    timeoutMs: 120_000,
  });
  lambdas.push(started);
  return started;
}

beforeAll(async () => {
  demo = await writeDemoFiles(60, 11);
  here = await temporaryShop();
  await importDemo(here, demo.files);
  await here.shop.build();
  reader = await openReader(here.shop.directory);

  const functions = new Map<string, LocalLambda>();
  there = await openBuildShop(
    async (environment) => {
      for (const name of ['build-tables', 'fit-models'])
        functions.set(name, await lambda(name, environment, 2));
      return (name, event) => functions.get(name)!.invoke(event);
    },
    {
      buckets: [DROP, 'failures'],
      now: () => Date.now() + SKEW,
      secret: { identity_secret: process.env.ROPO_IDENTITY_SECRET!, keys: Object.values(KEYS) },
    },
  );
  const { emulators } = there;
  kinesis = new KinesisClient({ ...ACCESS, endpoint: emulators.kinesis.url });
  s3 = new S3Client({ ...ACCESS, endpoint: emulators.s3.url, forcePathStyle: true });
  const environment = { ...emulators.environment, ROPO_MATCHES_UNKNOWN_CONSENT: 'true' };
  collect = httpApi(await lambda('collect', environment));
  importFiles = await lambda('import-files', environment);
  const ingest = await lambda('ingest', environment, 2);
  mapping = startMapping({
    kinesis,
    streamName: NAMES.stream,
    invoke: (event) => ingest.invoke(event),
    batchSize: 500,
    parallelization: 2,
    reportsItemFailures: true,
    bisects: true,
    retries: 10,
    onFailure: { s3, bucket: 'failures' },
  });
  server = await startAuthorizationServer();
}, 600_000);
afterAll(async () => {
  await mapping?.close();
  await Promise.all(lambdas.map((one) => one.close()));
  kinesis?.destroy();
  s3?.destroy();
  await Promise.all([there?.close(), server?.close()]);
  reader?.close();
  here?.remove();
  demo?.remove();
});

const post = async (path: string, headers: Record<string, string>, body: string): Promise<void> => {
  const answer = await collect(`https://collect.example${path}`, { method: 'POST', headers, body });
  if (!answer.ok) throw new Error(`${path} is answered with ${answer.status}: ${await answer.text()}`);
};

/**
 * Messages as a tracker sends them. Lines that none could send are dropped as a file: those that are no JSON, and those
 * without a time, which over HTTP would get that of their arrival.
 */
async function sendMessages(name: string, lines: readonly string[]): Promise<void> {
  const isSent = (line: string) => {
    try {
      return 'timestamp' in (JSON.parse(line) as object);
    } catch {
      return false;
    }
  };
  const messages = lines.filter(isSent);
  const authorization = `Basic ${btoa(`${KEYS.site.id}:`)}`;
  for (let from = 0; from < messages.length; from += MESSAGES_AT_ONCE) {
    const batch = messages.slice(from, from + MESSAGES_AT_ONCE);
    await post(
      '/v1/batch',
      { authorization, 'content-type': 'application/json' },
      `{"batch":[${batch.join(',')}]}`,
    );
    sent.http += batch.length;
  }
  const others = lines.filter((line) => !isSent(line));
  if (others.length > 0)
    await drop('segment', `broken-${basename(name, '.gz')}`, Buffer.from(others.join('\n')));
}

async function upload(format: string, name: string, text: string): Promise<void> {
  const at = Math.floor((Date.now() + SKEW) / 1000);
  await post(
    `/v1/upload/${format}`,
    {
      'content-type': name.endsWith('.csv') ? 'text/csv' : 'application/x-ndjson',
      'ropo-key': KEYS.office.id,
      'ropo-signature': signBody(KEYS.office.secrets[0]!, Buffer.from(text), at),
    },
    text,
  );
  sent.http += 1;
}

async function drop(format: string, name: string, bytes: Buffer): Promise<void> {
  const key = `incoming/${format}/${name}`;
  const { ETag } = await s3.send(new PutObjectCommand({ Bucket: DROP, Key: key, Body: bytes }));
  const done = await importFiles.invoke({
    'detail-type': 'Object Created',
    source: 'aws.s3',
    time: new Date(Date.now() + SKEW).toISOString(),
    detail: { bucket: { name: DROP }, object: { key, size: bytes.length, etag: ETag } },
  });
  expect(done).toMatchObject({ outcome: 'imported' });
  sent.dropped += (done as { received: number }).received;
}

/** An answer without what tells the builds apart; doubles to nine digits, for their sums depend on the order of the parts. */
const figuresOf = ({ build_id: _, built_at: __, ...answer }: KpiAnswer): unknown =>
  JSON.parse(JSON.stringify(answer), (_key, value) =>
    typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(9)) : value,
  );

/** The first name of two answers under which they differ, with what stands there. */
function firstUnlike(far: unknown, near: unknown): string | null {
  for (const [name, value] of Object.entries(near as object)) {
    const [its, ours] = [JSON.stringify((far as Record<string, unknown>)[name]), JSON.stringify(value)];
    if (its !== ours) return `${name} is ${its?.slice(0, 400)} and not ${ours?.slice(0, 400)}`;
  }
  return null;
}

describe('the demo shop through all that is deployed', () => {
  test('comes in over HTTP and by the drop, and nothing is given up', async () => {
    for (const file of demo.files) {
      const name = basename(file.file);
      if (DROPPED.test(name)) await drop(file.format, name, readFileSync(file.file));
      else if (file.format === 'segment') await sendMessages(name, linesOf(file));
      else await upload(file.format, name, linesOf(file).join('\n'));
      // Others lean on the stores.
      if (file.format === 'stores') await mapping.drained();
    }
    await mapping.drained();
    there.emulators.firehose.flush();
    expect(mapping.told).toMatchObject({
      failed: 0,
      givenUp: { RetryAttemptsExhausted: 0, RecordAgeExceeded: 0 },
    });
    expect(sent.http).toBeGreaterThan(2000);
    expect(sent.dropped).toBeGreaterThan(100);
  }, 600_000);

  test('is built by the machine to the tables of one machine, row for row', async () => {
    putSeed(there, 'settings.csv', readFileSync(join(here.shop.directory.seeds, 'settings.csv'), 'utf8'));
    const execution = await there.run();
    expectSuccess(execution);
    const build = currentBuild(here.shop.directory)!;
    const manifest = there.manifest();
    const published = (await reader.published())!;
    expect(manifest.tables.map(({ name, rows }) => ({ name, rows }))).toEqual(
      published.manifest.tables.map(({ name, rows }) => ({ name, rows })),
    );
    const found = await differences(
      here.shop.directory,
      manifest.tables.map(({ name: table }) => ({
        table,
        here: join(here.shop.directory.builds, build, `${table}.parquet`),
        there: join(there.lake, 'builds', manifest.build_id, table, '**/*.parquet'),
      })),
    );
    expect(found).toEqual([]);
  }, 600_000);

  test('is reported by the KPI API as one machine reports it, figure for figure', async () => {
    const api = httpApi(
      await lambda('kpi-api', {
        ...there.emulators.environment,
        AWS_ENDPOINT_URL_ATHENA: there.athena.url,
        ROPO_WORKGROUP: 'ropo',
        ROPO_TOKEN_ISSUER: server.issuer,
        ROPO_TOKEN_AUDIENCE: server.client,
      }),
    );
    const local = createApi({ published: () => reader.published() });
    const token = await server.accessToken();
    const unlike: string[] = [];
    for (const { name } of KPIS) {
      const path = `/v1/kpis/${name}`;
      const [far, near] = (await Promise.all([
        api(`https://figures.example${path}`, { headers: { authorization: `Bearer ${token}` } }).then((a) =>
          a.json(),
        ),
        Promise.resolve(local.request(path)).then((a) => a.json()),
      ])) as [KpiAnswer, KpiAnswer];
      expect(near.rows, name).toBeDefined();
      try {
        expect(figuresOf(far)).toEqual(figuresOf(near));
      } catch (error) {
        unlike.push(`${name}: ${firstUnlike(figuresOf(far), figuresOf(near)) ?? (error as Error).message}`);
      }
    }
    expect(unlike).toEqual([]);
  }, 600_000);
});
