import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createRecordPacker } from '../../../lib/adapters/aws/delivery-records.ts';
import { createRegistry } from '../../../lib/adapters/aws/dynamodb-registry.ts';
import { StoresArrived } from '../../../lib/adapters/aws/firehose-lake.ts';
import type { Gathered, Rejection } from '../../../lib/ports.ts';
import { type Emulators, NAMES, startEmulators } from '../emulators/index.ts';
import { jsonDocuments } from '../emulators/json-documents.ts';
import { type Clients, clientsOf } from './aws-clients.ts';
import { lakeOf, landedRows, PATIENT, SHORT } from './streams-and-lakes.ts';

let emulators: Emulators;
let clients: Clients;
beforeAll(async () => {
  emulators = await startEmulators();
  clients = clientsOf(emulators);
});
beforeEach(() => {
  for (const one of [emulators.firehose, emulators.s3, emulators.dynamodb]) one.faults.forget();
});
afterAll(async () => {
  clients.close();
  await emulators.close();
});

const AT = '2025-03-01T10:00:00.000Z';
const rowsOf = (tag: string, count: number, more = {}) =>
  Array.from({ length: count }, (_, n) => ({
    record_id: `${tag} ${n}`,
    fingerprint: 'f',
    received_at: AT,
    occurred_at: AT,
    is_bot: false,
    ...more,
  }));
const gathered = (rows: readonly object[], table: 'raw_events' | 'raw_stores' = 'raw_events'): Gathered => ({
  accepted: rows.length,
  tables: [
    {
      table,
      rows: rows.length,
      text: Buffer.from(rows.map((row, at) => `${JSON.stringify({ ...row, _record: at + 1 })}\n`).join('')),
    },
  ],
  rejections: [],
});
const refused = (rejection_id: string, reason: Rejection['reason'], received_at = AT): Rejection => ({
  rejection_id,
  format: 'segment',
  file: 'site',
  line: 1,
  kind: 'events',
  reason,
  detail: '',
  original: '{}',
  record: '{}',
  contract_version: '1',
  received_at,
});
const store = (store_id: string) => ({
  record_id: store_id,
  fingerprint: 'f',
  received_at: AT,
  store_id,
  time_zone: 'Europe/Rome',
  currency: 'EUR',
  country: null,
  revision: 1,
});
const idsLanded = async (tag: string) =>
  (await landedRows(emulators, 'raw_events', ['record_id'], true))
    .flat()
    .filter((id) => id.startsWith(`${tag} `));
const takenSince = (from: number) => emulators.firehose.taken.slice(from);
const busy = { code: 'ServiceUnavailableException' };

describe('a delivery over Firehose', () => {
  test('is a record of many rows and a call per table, within the limits of both', async () => {
    const from = emulators.firehose.taken.length;
    const { lake } = lakeOf(clients);
    const delivery = await lake.deliver();
    await delivery.take(gathered(rowsOf('small', 500)));
    await delivery.take(gathered([store('s1')], 'raw_stores'));
    await delivery.close();
    expect(emulators.firehose.faults.calls).toEqual({ PutRecordBatch: 2 });
    expect(takenSince(from).map(({ stream }) => stream)).toEqual([
      'ropo-test-raw-events',
      'ropo-test-raw-stores',
    ]);
    const large = await lake.deliver();
    // 12 MB of rows: records of at most 900 KB, four to a call of 4 MiB.
    for (let n = 0; n < 6; n++)
      await large.take(gathered(rowsOf(`large ${n}`, 200, { page_path: '/'.padEnd(10_000, 'x') })));
    await large.close();
    const sizes = takenSince(from + 2).map(({ bytes }) => bytes);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(900_000);
    expect(sizes).toHaveLength(14);
    expect(await idsLanded('large 3')).toHaveLength(400);
  });

  test('sends again only the records that were refused, and none twice', async () => {
    const { faults } = emulators.firehose;
    const sent: number[] = [];
    faults.onCall = (_, request) => sent.push((request as { Records: unknown[] }).Records.length);
    faults.failEntries('PutRecordBatch', (place, call) => (call < 3 && place > 0 ? busy : null));
    const delivery = await lakeOf(clients).lake.deliver();
    await delivery.take(gathered(rowsOf('part', 330, { page_path: '/'.padEnd(10_000, 'x') })));
    await delivery.close();
    faults.onCall = null;
    expect(sent[0]).toBe(3);
    expect(sent.slice(1).every((count) => count < 3)).toBe(true);
    // Each of the files was written twice: what was taken once stands there twice.
    const ids = await idsLanded('part');
    expect(ids).toHaveLength(660);
    expect(new Set(ids).size).toBe(330);
  });

  test('waits out refused calls; when the time is up the delivery fails and lists nothing', async () => {
    const { faults } = emulators.firehose;
    faults.fail('PutRecordBatch', busy, 3);
    const { lake } = lakeOf(clients);
    const delivery = await lake.deliver();
    await delivery.take({ ...gathered(rowsOf('slow', 3)), rejections: [refused('slow one', 'schema')] });
    expect(await delivery.close()).toMatchObject({ received: 4, stored: 3 });
    faults.failWhile('PutRecordBatch', () => busy);
    const failing = await lakeOf(clients, SHORT).lake.deliver();
    await failing.take({ ...gathered(rowsOf('never', 3)), rejections: [refused('not yet', 'schema')] });
    await expect(failing.close()).rejects.toThrow(/PutRecordBatch to ropo-test-raw-events: 1 left after/);
    expect((await lake.rejections()).map(({ rejection_id }) => rejection_id)).not.toContain('not yet');
  });

  test('with its answer lost lands twice, and counts once for whoever reads the raw table', async () => {
    emulators.firehose.faults.fail('PutRecordBatch', { ...busy, isDone: true });
    const delivery = await lakeOf(clients).lake.deliver();
    await delivery.take(gathered(rowsOf('twice', 5)));
    await delivery.close();
    expect(await idsLanded('twice')).toHaveLength(20);
    const once = await landedRows(emulators, 'raw_events', ['record_id']);
    expect(once.flat().filter((id) => id.startsWith('twice '))).toHaveLength(5);
  });

  test('rows are documents one after another, without what is for the embedded lake alone', () => {
    const packer = createRecordPacker('raw_events');
    packer.add(
      Buffer.from('{"a":"x,\\"_record\\":5}","_record":1}\n{"b":"}{","_record":-12}\n{"c":1,"_record":3}'),
    );
    const [record] = packer.take(true);
    expect(Buffer.from(record!).toString()).toBe('{"a":"x,\\"_record\\":5}"}{"b":"}{"}{"c":1}');
    expect(jsonDocuments(Buffer.from(record!).toString())).toEqual([
      { a: 'x,"_record":5}' },
      { b: '}{' },
      { c: 1 },
    ]);
    expect(packer.take(true)).toEqual([]);
    const tooLarge = Buffer.from(`{"a":"${'x'.repeat(1_100_000)}","_record":1}\n`);
    expect(() => packer.add(tooLarge)).toThrow(
      /A row of raw_events has 1100008 bytes; Firehose takes 1024000/,
    );
  });
});

describe('records that wait for a store', () => {
  test('come again when it arrives between the reading of stores and their listing', async () => {
    const { lake } = lakeOf(clients);
    await lake.stores();
    const delivery = await lake.deliver();
    await delivery.take({ ...gathered([]), tables: [], rejections: [refused('w1', 'unknown_store')] });
    const other = await lakeOf(clients).lake.deliver();
    await other.take(gathered([store('late')], 'raw_stores'));
    await other.close();
    await expect(delivery.close()).rejects.toThrow(StoresArrived);
    expect(await lake.rejections(['unknown_store'])).toEqual([]);
    expect((await lake.stores()).has('late')).toBe(true);
    const again = await lake.deliver();
    await again.take({ ...gathered([]), tables: [], rejections: [refused('w1', 'unknown_store')] });
    expect(await again.close()).toMatchObject({ received: 1, waiting: 1 });
    expect(await lake.rejections(['unknown_store'])).toHaveLength(1);
  });
});

describe('rejections on S3', () => {
  const objects = () => emulators.s3.objects.list(NAMES.lake, 'rejections/');
  const add = (...rejections: Rejection[]) => lakeOf(clients).rejections.add(rejections);

  test('of a batch are an object per reason and day, and the same one when it comes again', async () => {
    const before = objects().length;
    const batch = [
      refused('x1', 'bad_time'),
      refused('x2', 'bad_time'),
      refused('x3', 'bad_amount'),
      refused('x4', 'bad_time', '2025-03-02T00:00:00.000Z'),
    ];
    await add(...batch);
    emulators.s3.faults.forget();
    await add(...batch.toReversed(), batch[0]!);
    expect(emulators.s3.faults.calls).toEqual({ PutObject: 3 });
    const made = objects();
    expect(made.length - before).toBe(3);
    expect(
      made.filter((key) => key.startsWith('rejections/reason=bad_time/arrived=2025-03-02/')),
    ).toHaveLength(1);
    await lakeOf(clients).lake.forget(['x1']);
    await add(...batch);
    const listed = (await lakeOf(clients).lake.rejections(['bad_time', 'bad_amount'])).map(
      ({ rejection_id }) => rejection_id,
    );
    expect(listed).toEqual(expect.arrayContaining(['x2', 'x3', 'x4']));
    expect(listed).not.toContain('x1');
  });

  test('two that take others off the same object both succeed, and nothing comes back', async () => {
    const ids = Array.from({ length: 20 }, (_, n) => `race ${n}`);
    await add(...ids.map((id) => refused(id, 'bad_text')));
    const workers = Array.from({ length: 5 }, () => lakeOf(clients).lake);
    await Promise.all(workers.map((lake, at) => lake.forget(ids.filter((_, n) => n % 6 === at))));
    const left = (await lakeOf(clients).lake.rejections(['bad_text'])).map(
      ({ rejection_id }) => rejection_id,
    );
    expect(left.sort()).toEqual(['race 11', 'race 17', 'race 5']);
  });

  test('what another has taken off meanwhile stays off', async () => {
    const ids = ['m1', 'm2', 'm3', 'm4'];
    const before = new Set(objects());
    await add(...ids.map((id) => refused(id, 'bad_score')));
    const key = objects().find((each) => !before.has(each))!;
    emulators.s3.faults.onCall = (action) => {
      if (action !== 'PutObject') return;
      emulators.s3.faults.onCall = null;
      const left = ids.filter((id) => id !== 'm2').map((id) => JSON.stringify(refused(id, 'bad_score')));
      emulators.s3.objects.put(NAMES.lake, key, Buffer.from(left.join('\n')), {});
    };
    await lakeOf(clients).lake.forget(['m4']);
    emulators.s3.faults.onCall = null;
    const left = (await lakeOf(clients).lake.rejections(['bad_score'])).map(
      ({ rejection_id }) => rejection_id,
    );
    expect(left.sort()).toEqual(['m1', 'm3']);
  });

  test('a list that cannot be read now is waited for, not told empty', async () => {
    await add(refused('kept', 'bad_text'));
    emulators.s3.faults.fail('ListObjectsV2', { code: 'SlowDown', status: 503 }, 2);
    emulators.s3.faults.fail('GetObject', { code: 'InternalError', status: 500 }, 2);
    const ids = (await lakeOf(clients).lake.rejections()).map(({ rejection_id }) => rejection_id);
    expect(ids).toContain('kept');
    emulators.s3.faults.failWhile('GetObject', () => ({ code: 'SlowDown', status: 503 }));
    await expect(lakeOf(clients, SHORT).lake.rejections()).rejects.toThrow(/Getting rejections/);
  });
});

describe('the registry', () => {
  test('reads what it has put itself without lag, so that what waits for a store finds it', async () => {
    const { registry } = lakeOf(clients);
    await registry.stores();
    await registry.putStores([{ ...store('own'), revision: null }]);
    const lags: unknown[] = [];
    emulators.dynamodb.faults.onCall = (_, request) =>
      lags.push(!(request as { ConsistentRead?: boolean }).ConsistentRead);
    expect((await registry.stores()).get('own')).toEqual({
      time_zone: 'Europe/Rome',
      currency: 'EUR',
      country: null,
    });
    await registry.stores();
    await lakeOf(clients).registry.stores();
    emulators.dynamodb.faults.onCall = null;
    expect(lags).toEqual([false, true]);
  });

  test('is read once a minute, and of tombstones only what came since', async () => {
    let now = Date.UTC(2025, 2, 1);
    const open = () =>
      createRegistry({
        client: clients.dynamo,
        tableName: NAMES.registry,
        now: () => now,
        retry: PATIENT,
      });
    const writer = open();
    await writer.putTombstones(Array.from({ length: 60 }, (_, n) => `t${n}`));
    const reader = open();
    expect((await reader.tombstones()).size).toBe(60);
    await reader.stores();
    emulators.dynamodb.faults.forget();
    for (let n = 0; n < 20; n++) await Promise.all([reader.tombstones(), reader.stores()]);
    expect(emulators.dynamodb.faults.calls).toEqual({});
    now += 3_600_000;
    await writer.putTombstones(['later']);
    let asked: unknown;
    emulators.dynamodb.faults.onCall = (action, request) => {
      if (action === 'Query')
        asked = (request as { ExpressionAttributeValues: unknown }).ExpressionAttributeValues;
    };
    const found = await reader.tombstones();
    emulators.dynamodb.faults.onCall = null;
    expect(found.size).toBe(61);
    expect(asked).toMatchObject({ ':from': { S: '2025-02-28T23:50:00.000Z' } });
    // A clock that is set back an hour keeps nothing for ever.
    now -= 7_200_000;
    emulators.dynamodb.faults.forget();
    await reader.stores();
    expect(emulators.dynamodb.faults.calls).toEqual({ Query: 1 });
  });
});
