import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDynamoIdentityStore } from '../../../lib/adapters/aws/dynamodb-identities.ts';
import { createCollector } from '../../../lib/collector/app.ts';
import { REQUESTS_PER_1000_EVENTS } from '../../../lib/cost/requests.ts';
import { isBot } from '../../../lib/domain/bots.ts';
import { createIdentify } from '../../../lib/domain/identifier.ts';
import { sourceKeys } from '../../../lib/domain/source-keys.ts';
import { type IngestDeps, ingest } from '../../../lib/pipeline/ingest.ts';
import { type Emulators, NAMES, startEmulators } from '../emulators/index.ts';
import { type Clients, clientsOf } from './aws-clients.ts';
import { lakeOf, recordsIn, streamOf } from './streams-and-lakes.ts';

/**
 * 1,000 events through the collector, Kinesis and ingest, with every request counted where it arrives. They are of 200
 * visitors who are signed in, five events each: views of products, and an order of every tenth visitor. Trackers send 100
 * messages a request; ingest gets 500 records a batch, each batch in a process that has just begun, unless told.
 */

let emulators: Emulators;
let clients: Clients;
let sent = 0;
const NOW = Date.UTC(2025, 2, 1, 12);
beforeAll(async () => {
  emulators = await startEmulators();
  clients = clientsOf(emulators);
});
afterAll(async () => {
  clients.close();
  await emulators.close();
});

const event = (visitor: number, n: number) => ({
  messageId: `m ${visitor} ${n}`,
  timestamp: new Date(NOW - 3_600_000 + n * 60_000).toISOString(),
  anonymousId: `device ${visitor}`,
  userId: `customer ${visitor}`,
  context: { consent: { granted: true }, page: { url: `https://shop.example/p/${n}` } },
  ...(visitor % 10 === 0 && (n + visitor / 10) % 5 === 4
    ? {
        type: 'track',
        event: 'Order Completed',
        properties: {
          order_id: `o ${visitor} ${n}`,
          total: 20,
          currency: 'EUR',
          products: [{ product_id: 'p1', sku: 's1', price: 10, quantity: 2 }],
        },
      }
    : {
        type: 'track',
        event: 'Product Viewed',
        properties: { sku: `s${n}`, category: 'shoes', price: 10, currency: 'EUR' },
      }),
});

/** A process of `ingest`, with nothing remembered. */
const newProcess = (): IngestDeps => ({
  lake: lakeOf(clients).lake,
  identities: createDynamoIdentityStore({ client: clients.dynamo, tableName: NAMES.identities }),
  identify: createIdentify('a secret of the tests, no real one'),
  isBot,
  now: () => NOW,
  lastFates: 0,
});

async function collect(firstEvent: number): Promise<void> {
  const app = createCollector({
    stream: streamOf(clients),
    keys: sourceKeys([
      {
        id: 'web1',
        name: 'site',
        kind: 'web',
        secrets: [],
        origins: [],
        store_id: null,
        revoked_at: null,
      },
    ]),
    now: () => NOW,
  });
  for (let request = 0; request < 10; request++) {
    const batch = Array.from({ length: 100 }, (_, at) => {
      const number = request * 100 + at;
      return event(number % 200, firstEvent + Math.floor(number / 200));
    });
    const response = await app.request('/v1/batch', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ writeKey: 'web1', batch }),
    });
    expect(response.status).toBe(200);
  }
}

/** What the services were asked for by 1,000 events, by action. */
async function requestsOf(
  firstEvent: number,
  process: (batch: number) => IngestDeps,
): Promise<Record<string, number>> {
  const all = [emulators.kinesis, emulators.dynamodb, emulators.firehose, emulators.s3];
  for (const { faults } of all) faults.forget();
  const recordsBefore = emulators.firehose.taken.length;
  await collect(firstEvent);
  const records = await recordsIn(emulators, clients, sent);
  sent += records.length;
  expect(records).toHaveLength(1000);
  let batch = 0;
  for (let from = 0; from < records.length; from += 500) {
    const counts = await ingest(records.slice(from, from + 500), process(batch));
    expect(counts).toMatchObject({ received: 500, stored: 500, rejected: {}, waiting: 0 });
    batch += 1;
  }
  const calls: Record<string, number> = Object.assign({}, ...all.map(({ faults }) => ({ ...faults.calls })));
  return {
    ...calls,
    'Kinesis records': records.length,
    'Firehose records': emulators.firehose.taken.length - recordsBefore,
    batches: batch,
  };
}

const STATED = {
  PutRecords: REQUESTS_PER_1000_EVENTS.kinesisPutRecords,
  'Kinesis records': REQUESTS_PER_1000_EVENTS.kinesisRecords,
  batches: REQUESTS_PER_1000_EVENTS.ingestInvocations,
  Query: REQUESTS_PER_1000_EVENTS.registryReads,
  BatchGetItem: REQUESTS_PER_1000_EVENTS.dynamoReads,
  PutRecordBatch: REQUESTS_PER_1000_EVENTS.firehosePuts,
  'Firehose records': REQUESTS_PER_1000_EVENTS.firehoseRecords,
};

test('events of new visitors cost a write per link, and reads by the hundred', async () => {
  expect(await requestsOf(0, newProcess)).toEqual({
    ...STATED,
    BatchGetItem: REQUESTS_PER_1000_EVENTS.dynamoReadsNew,
    PutItem: REQUESTS_PER_1000_EVENTS.dynamoWritesNew,
  });
  expect(REQUESTS_PER_1000_EVENTS.s3Puts).toBe(0);
});

test('events of known visitors cost no write, whoever takes them in', async () => {
  expect(REQUESTS_PER_1000_EVENTS.dynamoWrites).toBe(0);
  expect(await requestsOf(5, newProcess)).toEqual(STATED);
});

test('a process that has seen its visitors asks nobody about them', async () => {
  const process = newProcess();
  await requestsOf(10, () => process);
  const { BatchGetItem: _, Query: __, ...others } = STATED;
  expect(await requestsOf(15, () => process)).toEqual(others);
});

test('no part of the way makes a request for each event', async () => {
  const requests = await requestsOf(20, newProcess);
  const { 'Kinesis records': _, 'Firehose records': __, batches: ___, ...calls } = requests;
  const sum = Object.values(calls).reduce((total, count) => total + count, 0);
  expect(sum).toBeLessThan(40);
});
