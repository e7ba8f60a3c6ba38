import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  encodeKinesisRecord,
  readKinesisRecord,
  UnreadableRecord,
} from '../../../lib/adapters/aws/kinesis-records.ts';
import { partitionKeys } from '../../../lib/adapters/aws/partition-keys.ts';
import { StreamFull } from '../../../lib/ports.ts';
import { bodyOf, streamRecord } from '../../adapters/stream-records.ts';
import { type Emulators, NAMES, startEmulators } from '../emulators/index.ts';
import { type Clients, clientsOf } from './aws-clients.ts';
import { largeBodiesOf, recordsIn, SHORT, streamOf } from './streams-and-lakes.ts';

let emulators: Emulators;
let clients: Clients;
let before = 0;
beforeAll(async () => {
  emulators = await startEmulators();
  clients = clientsOf(emulators);
});
beforeEach(() => {
  before = emulators.kinesis.recordsOf(NAMES.stream).length;
  for (const { faults } of [emulators.kinesis, emulators.s3]) faults.forget();
});
afterEach(() => void vi.restoreAllMocks());
afterAll(async () => {
  clients.close();
  await emulators.close();
});

const numbered = (count: number, more = '') =>
  Array.from({ length: count }, (_, n) => streamRecord(JSON.stringify({ messageId: `m${n}`, more })));
const messagesIn = async () =>
  (await recordsIn(emulators, clients, before)).map(
    ({ body }) => (JSON.parse(body) as { messageId: string }).messageId,
  );
const throttled = { code: 'ProvisionedThroughputExceededException' };

describe('an append to Kinesis', () => {
  test('is a call per 500 records, and per 5 MiB', async () => {
    await streamOf(clients).append(numbered(1001));
    expect(emulators.kinesis.faults.calls).toEqual({ PutRecords: 3 });
    emulators.kinesis.faults.forget();
    // Text that gzip leaves at three quarters: 700 kB of it are about 530 kB.
    let state = 'x';
    const noise = () => {
      const parts: string[] = [];
      for (let n = 0; n < 16_000; n++) {
        state = createHash('sha256').update(state).digest('base64');
        parts.push(state);
      }
      return parts.join('');
    };
    await streamOf(clients).append(Array.from({ length: 12 }, () => streamRecord(noise())));
    expect(emulators.kinesis.faults.calls).toEqual({ PutRecords: 2 });
    const sizes = emulators.kinesis
      .recordsOf(NAMES.stream)
      .slice(-12)
      .map(({ data }) => data.length);
    expect(Math.min(...sizes)).toBeGreaterThan(450_000);
  });

  test('sends again only what was refused, until all is taken, each once', async () => {
    const sizes: number[] = [];
    emulators.kinesis.faults.onCall = (_, request) =>
      sizes.push((request as { Records: unknown[] }).Records.length);
    emulators.kinesis.faults.failEntries('PutRecords', (place, call) =>
      call < 4 && place % 3 !== 0 ? throttled : null,
    );
    await streamOf(clients).append(numbered(100));
    emulators.kinesis.faults.onCall = null;
    expect(sizes).toEqual([100, 66, 44, 29]);
    expect((await messagesIn()).sort()).toEqual(
      numbered(100)
        .map((_, n) => `m${n}`)
        .sort(),
    );
  });

  test('waits out calls that are refused as a whole or break', async () => {
    const { faults } = emulators.kinesis;
    faults.fail('PutRecords', throttled, 2);
    faults.fail('PutRecords', { code: 'InternalFailure', status: 500 });
    faults.fail('PutRecords', { code: 'Dropped' });
    await streamOf(clients).append(numbered(3));
    expect(await messagesIn()).toHaveLength(3);
  });

  test('an answer that is lost brings records twice, and loses none', async () => {
    emulators.kinesis.faults.fail('PutRecords', { ...throttled, isDone: true });
    await streamOf(clients).append(numbered(5));
    expect((await messagesIn()).sort()).toEqual(['m0', 'm0', 'm1', 'm1', 'm2', 'm2', 'm3', 'm3', 'm4', 'm4']);
  });

  test('is told full only when it was throttled until its time was up, and tells who comes back when', async () => {
    const { faults } = emulators.kinesis;
    // Each call takes 50 ms of a clock of its own, and waits are at most 20: the sixth is the last within 300.
    let clock = 0;
    const now = vi.spyOn(performance, 'now').mockImplementation(() => clock);
    let end = faults.failWhile('PutRecords', () => {
      clock += 50;
      return throttled;
    });
    await expect(streamOf(clients, SHORT).append(numbered(2))).rejects.toMatchObject({ retryAfter: 5 });
    expect(faults.calls.PutRecords).toBe(6);
    now.mockRestore();
    end();
    end = faults.failWhile('PutRecords', () => ({ code: 'InternalFailure', status: 500 }));
    const broken = await streamOf(clients, SHORT)
      .append(numbered(2))
      .catch((error: unknown) => error);
    expect(broken).toBeInstanceOf(Error);
    expect(broken).not.toBeInstanceOf(StreamFull);
    expect((broken as Error).message).toContain('2 left after');
    end();
    faults.forget();
    faults.fail('PutRecords', { code: 'AccessDeniedException' });
    await expect(streamOf(clients).append(numbered(2))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
    expect(faults.calls.PutRecords).toBe(1);
  });

  test('puts what is too large for a record on S3, and fails where that fails', async () => {
    let state = 7;
    let text = '';
    while (text.length < 3_000_000) {
      state = (state * 48_271) % 2_147_483_647;
      text += state.toString(36);
    }
    const records = [streamRecord(text), streamRecord(text, { source: 'other' })];
    await streamOf(clients).append(records);
    const kept = emulators.kinesis.recordsOf(NAMES.stream).slice(before);
    for (const { data } of kept) expect(data.length).toBeLessThan(400);
    expect(emulators.s3.objects.list(NAMES.lake, 'large/')).toHaveLength(2);
    const end = emulators.s3.faults.failWhile('PutObject', () => ({ code: 'SlowDown', status: 503 }));
    await expect(streamOf(clients, SHORT).append(records)).rejects.toThrow(/SlowDown/);
    end();
    expect(emulators.kinesis.recordsOf(NAMES.stream)).toHaveLength(before + 2);
    expect(await recordsIn(emulators, clients, before)).toEqual(
      kept[0]!.data.includes('"other"') ? records.toReversed() : records,
    );
  });
});

describe('a partition key', () => {
  const keyOf = partitionKeys('a secret of the tests, no real one');
  const key = (body: unknown) => keyOf(streamRecord(JSON.stringify(body)));

  test('is the same for a person or device, and tells neither', () => {
    const one = key({ type: 'track', userId: 'u-17', anonymousId: 'a' });
    expect(key({ userId: 'u-17', anonymousId: 'b', properties: {} })).toBe(one);
    expect(key({ userId: ' u-17 ' })).toBe(one);
    expect(key({ anonymousId: 'a' })).not.toBe(one);
    expect(one).toMatch(/^[\w-]{22}$/);
    expect(partitionKeys('another secret of the tests')(streamRecord('{"userId":"u-17"}'))).not.toBe(one);
  });

  test('is another each time for who is nobody, for files and for what is no JSON', () => {
    const bodies = [
      '{"userId":"undefined"}',
      '{"userId":"00000000-0000-0000-0000-000000000000","anonymousId":null}',
      '{"event":"x"}',
      'a,b\n1,2',
      '{"userId":',
      '[{"userId":"u"}]',
      `{"userId":"u","text":"${'x'.repeat(70_000)}"}`,
    ];
    for (const body of bodies) expect(keyOf(streamRecord(body))).not.toBe(keyOf(streamRecord(body)));
  });
});

describe('a record in Kinesis', () => {
  const encode = (body: string, more = {}) =>
    encodeKinesisRecord(streamRecord(body, more), largeBodiesOf(clients));
  const read = (data: Uint8Array) => readKinesisRecord(data, largeBodiesOf(clients));

  test('is JSON while it is small, and gzip where that is smaller', async () => {
    expect(Buffer.from(await encode('{"a":1}')).toString()).toBe(JSON.stringify(streamRecord('{"a":1}')));
    expect((await encode(bodyOf(299))).length).toBeLessThan(bodyOf(299).length);
    expect((await encode('{"b":2}'.repeat(1000))).length).toBeLessThan(1024);
  });

  test('of a version to come, with more names, is read all the same', async () => {
    const record = streamRecord('{"a":1}', { set_aside: { reason: 'too_large', detail: 'so' } });
    expect(await read(Buffer.from(JSON.stringify({ ...record, new_name: [1] })))).toEqual(record);
    expect(await read(gzipSync(JSON.stringify({ ...record, new_name: [1] })))).toEqual(record);
  });

  const good = streamRecord('x');
  test.each<[string, Uint8Array]>([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('hello')],
    ['half of JSON', Buffer.from('{"format":"segment"')],
    ['a list', Buffer.from('[1]')],
    ['null', Buffer.from('null')],
    ['gzip that is cut', gzipSync(JSON.stringify(good)).subarray(0, 30)],
    ['gzip of something else', gzipSync('hello')],
    ['a body that is no text', Buffer.from(JSON.stringify({ ...good, body: 7 }))],
    ['no time', Buffer.from(JSON.stringify({ ...good, received_at: null }))],
    ['a store that is a number', Buffer.from(JSON.stringify({ ...good, store_id: 3 }))],
    ['a reason that is none', Buffer.from(JSON.stringify({ ...good, set_aside: { reason: 'toString' } }))],
    ['a large body by a path', Buffer.from(JSON.stringify({ ...good, large: '../../secret' }))],
  ])('that is %s is unreadable, and never quoted', async (_, data) => {
    await expect(read(data)).rejects.toThrow(UnreadableRecord);
  });

  const withLarge = Buffer.from(JSON.stringify({ ...good, large: 'a'.repeat(64) }));
  test('whose large body is not there is not given up: a bucket that is the wrong one has none either', async () => {
    const failed = await read(withLarge).catch((error: unknown) => error);
    expect(failed).toMatchObject({ name: 'NoSuchKey' });
    expect(failed).not.toBeInstanceOf(UnreadableRecord);
  });

  test('whose large body cannot be had for now is not given up', async () => {
    const end = emulators.s3.faults.failWhile('GetObject', () => ({ code: 'SlowDown', status: 503 }));
    const failed = await readKinesisRecord(withLarge, largeBodiesOf(clients, SHORT)).catch(
      (error: unknown) => error,
    );
    end();
    expect(failed).toBeInstanceOf(Error);
    expect(failed).not.toBeInstanceOf(UnreadableRecord);
  });
});
