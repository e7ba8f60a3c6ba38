import { gzipSync } from 'node:zlib';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import type { KinesisStreamEvent } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { signBody } from '../../../lib/domain/signature.ts';
import { messageOf, messages } from '../bad-days/balance.ts';
import { KEYS, type ShopOnAws, shopOnAws } from '../bad-days/shop-on-aws.ts';
import { NAMES } from '../emulators/index.ts';
import { httpApi } from '../lambda/http-api.ts';
import type { LocalLambda } from '../lambda/local-lambda.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });
const DROP = 'drop';
let shop: ShopOnAws;
let collect: LocalLambda;
let ingest: LocalLambda;
let importFiles: LocalLambda;
beforeAll(async () => {
  shop = await shopOnAws({ buckets: [DROP], shards: 1 });
  const started = await Promise.all(
    ['collect', 'ingest', 'import-files'].map((name) => shop.lambda(name, { concurrency: 1 })),
  );
  [collect, ingest, importFiles] = started as [LocalLambda, LocalLambda, LocalLambda];
});
afterAll(() => shop?.close());

const ask = (path: string, init: RequestInit = {}) =>
  httpApi(collect)(`https://collect.example${path}`, init);
const bodyOf = (body: string | Buffer) => new Uint8Array(Buffer.from(body));
const track = (body: string | Buffer, headers: Record<string, string> = {}) =>
  ask('/v1/batch', {
    method: 'POST',
    headers: {
      authorization: `Basic ${btoa(`${KEYS.site.id}:`)}`,
      'content-type': 'application/json',
      ...headers,
    },
    body: bodyOf(body),
  });
const onStream = () => shop.emulators.kinesis.recordsOf(NAMES.stream).length;
const upload = (format: string, body: Buffer, headers: Record<string, string> = {}) =>
  ask(`/v1/upload/${format}`, {
    method: 'POST',
    headers: {
      'content-type': 'text/csv',
      'ropo-key': KEYS.office.id,
      'ropo-signature': signBody(KEYS.office.secrets[0]!, body, Math.floor(Date.now() / 1000)),
      ...headers,
    },
    body: bodyOf(body),
  });

describe('collect', () => {
  test('takes a batch, packed and plain, which an HTTP API hands over as base64 and as text', async () => {
    const before = onStream();
    expect((await track(JSON.stringify({ batch: messages(0, 3) }))).status).toBe(200);
    const packed = gzipSync(JSON.stringify({ batch: messages(3, 4) }));
    expect((await track(packed, { 'content-encoding': 'gzip' })).status).toBe(200);
    expect(onStream() - before).toBe(3 + 4);
  });

  test('takes a signed upload whose bytes are no UTF-8 text, and tells one that is not signed', async () => {
    const before = onStream();
    const file = gzipSync('sku,category\nA,shoes\n');
    const packed = { 'content-encoding': 'gzip' };
    expect((await upload('products', file, packed)).status).toBe(202);
    expect((await upload('products', file, { ...packed, 'ropo-signature': 't=1,v1=00' })).status).toBe(401);
    expect(onStream() - before).toBe(1);
  });

  test('refuses what is too large for a function in words of its own', async () => {
    const answer = await upload('products', Buffer.from(`sku\n${'A'.repeat(4_300_000)}`));
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({ code: 'too_large', limit: 4_194_304 });
    // Above 6 MB as an event the function is not even called.
    expect((await upload('products', Buffer.alloc(6_500_000, 'x'))).status).toBe(413);
  });

  test('tells its sender to come back when the stream is full, and when it takes nothing', async () => {
    const { faults } = shop.emulators.kinesis;
    const full = faults.failEntries('PutRecords', () => ({ code: 'ProvisionedThroughputExceededException' }));
    const answer = await track(JSON.stringify({ batch: messages(0, 2) }));
    full();
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    const down = faults.failWhile('PutRecords', () => ({ code: 'AccessDeniedException' }));
    const refused = await track(JSON.stringify({ batch: messages(0, 2) }));
    down();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
  });

  test('serves the script of shops without a tracker, made small', async () => {
    const answer = await ask('/ropo.js');
    expect(answer.headers.get('content-type')).toContain('text/javascript');
    const script = await answer.text();
    expect(script.length).toBeLessThan(3000);
    expect(script).toContain('/v1/b');
  });

  test('answers a preflight', async () => {
    const answer = await ask('/v1/batch', {
      method: 'OPTIONS',
      headers: { origin: 'https://shop.example', 'access-control-request-method': 'POST' },
    });
    expect(answer.status).toBeLessThan(300);
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://shop.example');
  });
});

/** Drops a file, as S3 tells of it. */
async function drop(key: string, body: string | Buffer): Promise<Record<string, unknown>> {
  const { ETag = '' } = await shop.s3.send(new PutObjectCommand({ Bucket: DROP, Key: key, Body: body }));
  return {
    version: '0',
    id: '1',
    'detail-type': 'Object Created',
    source: 'aws.s3',
    account: '111111111111',
    time: '2026-01-15T09:30:00Z',
    region: 'eu-south-1',
    resources: [`arn:aws:s3:::${DROP}`],
    detail: {
      version: '0',
      bucket: { name: DROP },
      object: { key, size: body.length, etag: ETag.replaceAll('"', ''), sequencer: '1' },
      reason: 'PutObject',
    },
  };
}
const dropped = async () =>
  ((await shop.s3.send(new ListObjectsV2Command({ Bucket: DROP }))).Contents ?? []).map(({ Key }) => Key!);
const textAt = async (key: string) =>
  (await shop.s3.send(new GetObjectCommand({ Bucket: DROP, Key: key }))).Body!.transformToString();

describe('import-files', () => {
  const lines = (from: number, count: number) =>
    messages(from, count)
      .map((message) => JSON.stringify(message))
      .join('\n');

  test('imports a dropped file, tells the counts, and changes nothing when it is told of it again', async () => {
    const event = await drop('incoming/segment/week 3/web.jsonl.gz', gzipSync(`${lines(5000, 60)}\n{"cut`));
    const done = (await importFiles.invoke(event)) as { told_at: string };
    expect(done).toMatchObject({
      outcome: 'imported',
      format: 'segment',
      received: 61,
      stored: 60,
      rejected: { unreadable: 1 },
      waiting: 0,
    });
    expect(JSON.parse(await textAt(done.told_at))).toMatchObject({
      file: 'incoming/segment/week 3/web.jsonl.gz',
      received: 61,
    });
    const before = await shop.ledger();
    expect(await importFiles.invoke(event)).toEqual(done);
    const after = await shop.ledger();
    expect(after.stored).toEqual(before.stored);
    expect(after.rejected).toEqual(before.rejected);
    expect(after.landed).toBe(before.landed + 60);
  });

  test.each([
    ['elsewhere/web.jsonl', '{}', 'wrong_folder', /incoming\/<format>\/<file>/],
    ['incoming/segments/web.jsonl', '{}', 'unknown_format', /segment, /],
    ['incoming/complete-journey/other.csv', 'a,b', 'unreadable', /not a file of complete-journey/],
    ['incoming/receipts/damaged.jsonl.gz', gzipSync('{}'.repeat(5000)).subarray(0, 20), 'not_gzip', /gzip/],
    ['incoming/spend/empty.csv', '', 'unreadable', /no header line/],
  ])('moves %s aside, with the reason', async (key, body, code, says) => {
    const event = await drop(key, body);
    const done = (await importFiles.invoke(event)) as { outcome: string; kept_at: string };
    expect(done).toMatchObject({ outcome: 'failed', code });
    const keys = await dropped();
    expect(keys).not.toContain(key);
    expect(keys).toContain(`${done.kept_at}/${key.split('/').at(-1)}`);
    const reason = JSON.parse(await textAt(`${done.kept_at}/reason.json`));
    expect(reason).toMatchObject({ file: key, code });
    expect(reason.reason).toMatch(says);
    // Told of again, it is gone, and nothing fails.
    expect(await importFiles.invoke(event)).toMatchObject({ outcome: expect.stringMatching(/failed|gone/) });
    expect(await dropped()).toEqual(keys);
  });

  test('leaves a file where it is while the world fails, and imports it when it is told of it again', async () => {
    const event = await drop('incoming/segment/later.jsonl', lines(6000, 5));
    const end = shop.emulators.firehose.faults.failWhile('PutRecordBatch', () => ({
      code: 'AccessDeniedException',
    }));
    await expect(importFiles.invoke(event)).rejects.toThrow('could not be imported for now');
    end();
    expect(await dropped()).toContain('incoming/segment/later.jsonl');
    expect(await importFiles.invoke(event)).toMatchObject({ outcome: 'imported', stored: 5 });
  });

  test('leaves a file alone that another has taken the place of: that one is told of by itself', async () => {
    const first = await drop('incoming/segment/same.jsonl', lines(7000, 2));
    const second = await drop('incoming/segment/same.jsonl', lines(7002, 3));
    expect(await importFiles.invoke(first)).toEqual({ outcome: 'gone' });
    expect(await importFiles.invoke(second)).toMatchObject({ outcome: 'imported', stored: 3 });
  });
});

describe('the logs', () => {
  const CANARIES = {
    email: 'canary.person@example.org',
    phone: '+393331234567',
    customer: 'canary-customer-8812',
    loyalty: 'canary-loyalty-4471',
    device: 'canary-device-0f3e',
    card: '4111111111111111',
  };
  const person = {
    userId: CANARIES.customer,
    anonymousId: CANARIES.device,
    traits: { email: CANARIES.email, phone: CANARIES.phone, loyalty_id: CANARIES.loyalty },
  };
  const sale = {
    customer_id: CANARIES.customer,
    loyalty_id: CANARIES.loyalty,
    email: CANARIES.email,
    phone: CANARIES.phone,
    payment_token: CANARIES.card,
    occurred_at: '2026-01-14T10:00:00Z',
  };
  const everything: [string, object][] = [
    ['segment', messageOf(1, { ...person, messageId: CANARIES.customer })],
    ['segment', { ...person, type: 'identify', messageId: 'i1' }],
    ['web_events', { event_id: 'e1', event: 'page_view', ...sale, anonymous_id: CANARIES.device }],
    ['receipts', { receipt_id: CANARIES.loyalty, store_id: CANARIES.email, ...sale, lines: [] }],
    ['orders', { order_id: CANARIES.phone, ...sale, lines: [{ sku: 'A', amount: 'x' }] }],
    ['refunds', { refund_id: 'x', order_id: CANARIES.customer, ...sale, lines: [] }],
    ['touches', { touch_id: 't', touch_type: CANARIES.email, ...sale }],
    ['store_visits', { visit_id: 'v', store_id: CANARIES.customer, ...sale }],
    ['feedback', { feedback_id: 'f', ...sale, score: CANARIES.phone }],
    ['consents', { consent_id: 'c', ...sale, consent: CANARIES.email }],
    ['stores', { store_id: CANARIES.email, time_zone: CANARIES.phone }],
    ['no_such_format', sale],
  ];

  /** What the three functions have logged since. */
  const linesSince = async (from: number[]) => {
    // The lines of a worker come by a stream of their own.
    await vi.waitFor(() => expect(ingest.logs.length).toBeGreaterThan(from[1]!), { timeout: 60_000 });
    return [collect, ingest, importFiles].flatMap(({ logs }, at) => logs.slice(from[at]));
  };

  test('hold nothing of any person, whatever comes in and whatever fails', async () => {
    const from = [collect, ingest, importFiles].map(({ logs }) => logs.length);
    const { kinesis, firehose, s3 } = shop.emulators;
    const quoting = { code: 'AccessDeniedException', message: Object.values(CANARIES).join(' ') };

    const end = kinesis.faults.failWhile('PutRecords', () => quoting);
    await track(JSON.stringify({ batch: [messageOf(1, person)] }));
    end();
    await track(JSON.stringify({ batch: [messageOf(2, person)] }));
    await track(`{"half of ${CANARIES.email}`);
    await upload('receipts', Buffer.from(JSON.stringify(everything[3]![1])));

    const records = everything.map(([format, body], at) => ({
      kinesis: {
        sequenceNumber: `${at}`,
        partitionKey: 'p',
        approximateArrivalTimestamp: 1_768_000_000,
        data: Buffer.from(
          JSON.stringify({
            format,
            source: 'site',
            store_id: null,
            received_at: 1_768_000_000_000,
            body: JSON.stringify(body),
          }),
        ).toString('base64'),
      },
    }));
    const raw = { kinesis: { ...records[0]!.kinesis, data: btoa(`raw ${CANARIES.email}`) } };
    const event = { Records: [...records, raw] } as unknown as KinesisStreamEvent;
    const stops = [
      firehose.faults.failWhile('PutRecordBatch', () => quoting),
      firehose.faults.failWhile('PutRecordBatch', () => ({ ...quoting, code: 'InvalidArgumentException' })),
      s3.faults.failWhile('PutObject', () => quoting),
    ];
    for (const stop of stops) {
      await expect(ingest.invoke(event)).rejects.toThrow('A service refuses the batch');
      stop();
    }
    expect(await ingest.invoke(event)).toEqual({ batchItemFailures: [] });
    await expect(ingest.invoke({ Records: CANARIES })).rejects.toThrow('see the log');

    for (const [format, body] of everything)
      await importFiles.invoke(
        await drop(`incoming/${format}/${CANARIES.email}.jsonl`, JSON.stringify(body)),
      );
    await importFiles.invoke(await drop(`incoming/spend/${CANARIES.email}.csv`, `${CANARIES.email}\n`));

    const lines = await linesSince(from);
    expect(lines.length).toBeGreaterThan(20);
    for (const canary of Object.values(CANARIES))
      expect(lines.filter((line) => line.includes(canary))).toEqual([]);
    // Not as base64 or as part of an address either.
    expect(lines.filter((line) => /canary|%40example|NDExMTEx/i.test(line))).toEqual([]);
  });

  test('are lines of JSON, with the counts as metrics', async () => {
    await vi.waitFor(() => expect(ingest.logs.some((line) => line.includes('RecordsReceived'))).toBe(true), {
      timeout: 60_000,
    });
    for (const line of [collect, ingest, importFiles].flatMap(({ logs }) => logs)) JSON.parse(line);
    const metrics = ingest.logs.map((line) => JSON.parse(line)).filter((line) => '_aws' in line);
    expect(metrics.at(0)).toMatchObject({
      service: 'ingest',
      _aws: { CloudWatchMetrics: [{ Namespace: 'ropo' }] },
    });
    const counted = metrics.filter((line) => line.RecordsReceived === 13).at(-1);
    expect(counted.RecordsReceived).toBe(
      (counted.RecordsStored ?? 0) + (counted.RecordsRejected ?? 0) + (counted.RecordsWaiting ?? 0),
    );
    expect(
      ingest.logs.map((line) => JSON.parse(line)).find(({ message }) => message === 'batch'),
    ).toMatchObject({
      level: 'INFO',
      service: 'ingest',
      function_request_id: expect.any(String),
      received: expect.any(Number),
    });
  });
});
