import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { PutRecordsCommand, UpdateShardCountCommand } from '@aws-sdk/client-kinesis';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { signBody } from '../../../lib/domain/signature.ts';
import { NAMES } from '../emulators/index.ts';
import { httpApi } from '../lambda/http-api.ts';
import { expectBalance, messageOf, messages } from './balance.ts';
import { KEYS, type ShopOnAws, shopOnAws } from './shop-on-aws.ts';

/** What changes while traffic goes on. Every test ends with the balance of all that came in. */
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });
const DAY = 86_400_000;
let shop: ShopOnAws;
let received: string[];
/** The clock of the services. */
let clock: number;
beforeEach(async () => {
  clock = Date.now();
  shop = await shopOnAws({ now: () => clock });
  received = [];
});
afterEach(() => shop.close());

async function send(some: readonly { messageId: string }[]): Promise<void> {
  await shop.send(some);
  received.push(...some.map(({ messageId }) => messageId));
}

const resize = (TargetShardCount: number) =>
  shop.kinesis.send(
    new UpdateShardCountCommand({
      StreamName: NAMES.stream,
      TargetShardCount,
      ScalingType: 'UNIFORM_SCALING',
    }),
  );

/** All links between identifiers, in an order of their own. */
async function links(): Promise<string[]> {
  const client = new DynamoDBClient({
    endpoint: shop.emulators.dynamodb.url,
    region: 'eu-south-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const { Items = [] } = await client.send(new ScanCommand({ TableName: NAMES.identities }));
  client.destroy();
  return Items.map(({ strong_key, weak_key, first_seen }) =>
    [strong_key?.S, weak_key?.S, first_seen?.S].join(' '),
  ).sort();
}

/** Uploads lines of a format as the office, signed. */
async function upload(format: string, records: readonly object[]): Promise<void> {
  const body = records.map((record) => JSON.stringify(record)).join('\n');
  const answer = await shop.fetch(`https://collect.example/v1/upload/${format}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-ndjson',
      'ropo-key': KEYS.office.id,
      'ropo-signature': signBody(KEYS.office.secrets[0]!, Buffer.from(body), Math.floor(Date.now() / 1000)),
    },
    body,
  });
  expect(answer.status).toBe(202);
}

describe('ingest', () => {
  test('is deployed anew during traffic: two versions live, and the new one begins from the oldest record', async () => {
    await send(messages(0, 120));
    const before = shop.map(await shop.lambda('ingest'), { batchSize: 10 });
    await send(messages(120, 120));
    const after = shop.map(await shop.lambda('ingest'), { batchSize: 25 });
    await send(messages(240, 120));
    // A record of the version to come says more than this one knows.
    const { body, ...record } = {
      format: 'segment',
      source: 'site',
      store_id: null,
      received_at: Date.now(),
      body: JSON.stringify(messageOf(9000)),
    };
    await shop.kinesis.send(
      new PutRecordsCommand({
        StreamName: NAMES.stream,
        Records: [
          { Data: Buffer.from(JSON.stringify({ ...record, body, schema: 9 })), PartitionKey: 'next' },
        ],
      }),
    );
    received.push('m9000');
    await before.close();
    await send(messages(360, 120));
    await after.drained();
    const ledger = await shop.ledger();
    expectBalance(received, ledger);
    expect(ledger.landed).toBeGreaterThan(481);
  });

  test('goes on while shards are divided and joined', async () => {
    const ingest = await shop.lambda('ingest');
    const mapping = shop.map(ingest, { batchSize: 15 });
    await send(messages(0, 100));
    await resize(7);
    await send(messages(100, 100));
    await resize(3);
    await send(messages(200, 100));
    await mapping.drained();
    await resize(5);
    await send(messages(300, 100));
    await mapping.drained();
    const ledger = await shop.ledger();
    expectBalance(received, ledger);
    expect(ledger.landed).toBe(400);
  });

  test('stores once what its sender sends again and again, together, apart and in any order', async () => {
    const some = messages(0, 150);
    await send(some);
    await send([...some].reverse());
    await send([...some.slice(50, 60), ...some.slice(50, 60)]);
    // The same id with another content is a contradiction, and both are kept.
    await send([messageOf(7, { properties: { sku: 'another' } })]);
    await shop.map(await shop.lambda('ingest'), { batchSize: 40 }).drained();
    const ledger = await shop.ledger();
    expect(ledger.stored.filter((id) => id === 'm7')).toHaveLength(2);
    expectBalance(received.slice(0, -1), { ...ledger, stored: [...new Set(ledger.stored)] });
    expect(ledger.landed).toBe(321);
  });

  test('comes to the same links in whatever order things came', async () => {
    const some = messages(0, 140);
    await send(
      some.toSorted((a, b) => (Number(a.messageId.slice(1)) % 13) - (Number(b.messageId.slice(1)) % 13)),
    );
    await shop.map(await shop.lambda('ingest'), { batchSize: 9 }).drained();
    const found = await links();
    // 28 messages of a device and an account, of 7 pairs; each was first seen when its first message says.
    expect(found.map((link) => link.split(' ')[2])).toEqual(
      expect.arrayContaining(
        [0, 5, 10, 15, 20, 25, 30].map((n) =>
          expect.stringContaining(new Date(Date.UTC(2026, 0, 15, 8) + n * 1000).toISOString().slice(0, 19)),
        ),
      ),
    );
    expect(found).toHaveLength(7);
    expectBalance(received, await shop.ledger());
  });

  test('replays a week from the oldest record, and nothing is there twice', async () => {
    const ingest = await shop.lambda('ingest');
    const first = shop.map(ingest, { now: () => clock });
    for (let day = 0; day < 7; day++) {
      await send(messages(day * 40, 40));
      await send(messages(day * 40 + 35, 5));
      await first.drained();
      shop.emulators.firehose.flush();
      clock += DAY;
    }
    await first.close();
    const [before, linksBefore] = [await shop.ledger(), await links()];
    expectBalance(received, before);
    await shop.map(await shop.lambda('ingest'), { now: () => clock }).drained();
    const after = await shop.ledger();
    expectBalance(received, after);
    expect(after.stored).toEqual(before.stored);
    expect(after.landed).toBe(2 * before.landed);
    expect(await links()).toEqual(linksBefore);
  });

  test('bears clocks that jump: of the collector, of ingest and of the stream', async () => {
    await send(messages(0, 50));
    const ahead = await shop.lambda('collect', { clockSkewMs: 3 * DAY });
    const behind = await shop.lambda('collect', { clockSkewMs: -3 * DAY });
    for (const [at, collector] of [ahead, behind].entries()) {
      const some = messages(100 * (at + 1), 50);
      const answer = await httpApi(collector)('https://collect.example/v1/batch', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ writeKey: KEYS.site.id, batch: some }),
      });
      expect(answer.status).toBe(200);
      received.push(...some.map(({ messageId }) => messageId));
      clock -= 2 * DAY;
    }
    // The same messages by another clock are the same.
    await send(messages(100, 50));
    const wrong = await shop.lambda('ingest', { clockSkewMs: -10 * DAY });
    await shop.map(wrong).drained();
    const replay = shop.map(await shop.lambda('ingest', { clockSkewMs: 10 * DAY }));
    await replay.drained();
    expectBalance(received, await shop.ledger());
  });

  test('holds receipts until their store is there, and stores them then', async () => {
    const receipt = (n: number) => ({
      receipt_id: `r${n}`,
      store_id: 's9',
      occurred_at: '2026-01-14T10:00:00Z',
      lines: [{ sku: 'A', amount: `${n}.00` }],
    });
    const mapping = shop.map(await shop.lambda('ingest'));
    await upload('receipts', [1, 2, 3].map(receipt));
    await send(messages(0, 20));
    await mapping.drained();
    const held = await shop.ledger();
    expect(held.waiting).toHaveLength(3);
    expectBalance(received, held);
    await upload('stores', [{ store_id: 's9', time_zone: 'Europe/Rome', currency: 'EUR', country: 'IT' }]);
    await mapping.drained();
    await upload('receipts', [3, 4].map(receipt));
    await mapping.drained();
    const ledger = await shop.ledger();
    expect(ledger).toMatchObject({ waiting: [], rejected: [] });
    expect(ledger.stored.filter((id) => !/^m\d/.test(id))).toHaveLength(5);
  });
});
