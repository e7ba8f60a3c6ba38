import { gzipSync } from 'node:zlib';
import { PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { NAMES } from '../emulators/index.ts';
import { failuresIn } from '../lambda/on-failure.ts';
import { expectBalance, messages } from './balance.ts';
import { FAILURES, type ShopOnAws, shopOnAws } from './shop-on-aws.ts';

/** What a batch brings, and what the world does to it. Every test ends with the balance of all that came in. */
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });
let shop: ShopOnAws;
/** Ids of what the collector took, as often as it did. */
let received: string[];
beforeEach(async () => {
  shop = await shopOnAws();
  received = [];
});
afterEach(() => shop.close());

async function send(some: readonly { messageId: string }[]): Promise<void> {
  await shop.send(some);
  received.push(...some.map(({ messageId }) => messageId));
}

/** Puts bytes on the stream that the collector did not write. */
async function putRaw(records: readonly Buffer[]): Promise<void> {
  await shop.kinesis.send(
    new PutRecordsCommand({
      StreamName: NAMES.stream,
      Records: records.map((Data, n) => ({ Data, PartitionKey: `raw ${n}` })),
    }),
  );
}

/** Whether a call of Firehose brings a record in whose text that stands. */
const brings = (request: unknown, text: string) =>
  (request as { Records: { Data: string }[] }).Records.some(({ Data }) =>
    Buffer.from(Data, 'base64').includes(text),
  );

describe('ingest', () => {
  test('on a good day brings every message to its table once', async () => {
    await send(messages(0, 400));
    await send(messages(400, 230));
    await shop.map(await shop.lambda('ingest')).drained();
    const ledger = await shop.ledger();
    expectBalance(received, ledger);
    expect(ledger).toMatchObject({ landed: 630, waiting: [] });
  });

  test('takes a poison record in every batch without delay, and keeps each of them', async () => {
    const record = { format: 'segment', source: 'site', store_id: null, received_at: Date.UTC(2026, 0, 15) };
    const poison = (n: number): Buffer =>
      [
        Buffer.from(`no json ${n}`),
        gzipSync(`[${n}]`),
        gzipSync(`half of ${n} ${'x'.repeat(500)}`).subarray(0, 30),
        Buffer.from(JSON.stringify({ ...record, body: `{"messageId":"cut ${n}` })),
        Buffer.from(JSON.stringify({ ...record, format: `none ${n}`, body: '{}' })),
        Buffer.from(JSON.stringify({ ...record, received_at: `${n}`, body: '{}' })),
        Buffer.from(JSON.stringify({ ...record, body: `${'['.repeat(20_000)}${n}` })),
        Buffer.from([0xff, 0xfe, n]),
      ][n % 8]!;
    for (let n = 0; n < 16; n++) {
      await send(messages(n * 25, 25));
      await putRaw([poison(n)]);
    }
    const mapping = shop.map(await shop.lambda('ingest'), { batchSize: 12 });
    await mapping.drained();
    const ledger = await shop.ledger();
    expectBalance(received, ledger, { rejected: 16, nameless: 16 });
    // None of them came twice: who stands behind a poison record does not wait for it.
    expect(mapping.told).toMatchObject({ failed: 0 });
  });

  test('finds the one record that a service refuses, keeps it whole, and loses no other', async () => {
    await send(messages(0, 120));
    shop.emulators.firehose.faults.failWhile('PutRecordBatch', (request) =>
      brings(request, '"m87"') ? { code: 'InvalidArgumentException' } : null,
    );
    await shop.map(await shop.lambda('ingest'), { retries: 2 }).drained();
    // Nothing proves that the record is bad: it waits for whoever looks, and is no rejection.
    expectBalance(received, await shop.ledger(), { pending: ['m87'] });
  });

  const wrong: [string, Record<string, string>, string | null][] = [
    ['a table that is not there', { ROPO_IDENTITIES_TABLE: 'another-table' }, null],
    ['a table with another key', { ROPO_IDENTITIES_TABLE: NAMES.registry }, null],
    ['a stream of another name', { ROPO_DELIVERY_PREFIX: 'another' }, null],
    ['a bucket of another name', { ROPO_LAKE_BUCKET: 'another', ROPO_REGISTRY_TABLE: 'another' }, null],
    ['rights that are missing', {}, 'AccessDeniedException'],
  ];
  test.each(wrong)(
    'deployed wrong, with %s, sets nothing aside, and all comes back when it is mended',
    async (_, environment, code) => {
      await send(messages(0, 6, { userId: 'one customer' }));
      const end = shop.emulators.firehose.faults.failWhile('PutRecordBatch', () => (code ? { code } : null));
      const ingest = await shop.lambda('ingest', { environment });
      const mapping = shop.map(ingest, { retries: 1, parallelization: 1 });
      await mapping.drained();
      const kept = await shop.ledger();
      expect(kept.rejected).toEqual([]);
      expect(kept.pending).toHaveLength(6);
      expect(mapping.told.givenUp.RetryAttemptsExhausted).toBe(6);
      await mapping.close();

      end();
      // As the runbook has it: what was kept is put on the stream again.
      const again = (await failuresIn(shop.s3, FAILURES)).flatMap(({ event }) => event.Records);
      await shop.kinesis.send(
        new PutRecordsCommand({
          StreamName: NAMES.stream,
          Records: again.map(({ kinesis }) => ({
            Data: Buffer.from(kinesis.data, 'base64'),
            PartitionKey: kinesis.partitionKey,
          })),
        }),
      );
      await shop.map(await shop.lambda('ingest')).drained();
      expectBalance(received, { ...(await shop.ledger()), pending: [] });
    },
  );

  test('gives what can not be stored at all up, whole, and takes it in when it is brought again', async () => {
    await send(messages(0, 40));
    const end = shop.emulators.firehose.faults.failWhile('PutRecordBatch', () => ({
      code: 'AccessDeniedException',
    }));
    const ingest = await shop.lambda('ingest');
    const mapping = shop.map(ingest, { retries: 2, parallelization: 1 });
    await mapping.drained();
    expectBalance(received, await shop.ledger(), { pending: received });
    expect(mapping.told.givenUp.RetryAttemptsExhausted).toBe(40);

    end();
    for (const { event } of await failuresIn(shop.s3, FAILURES))
      expect(await ingest.invoke(event)).toEqual({ batchItemFailures: [] });
    const ledger = await shop.ledger();
    expectBalance(received, { ...ledger, pending: [] });
  });

  test('waits for DynamoDB where that is too busy, in the function and out of it', async () => {
    const { faults } = shop.emulators.dynamodb;
    const isBusy = { code: 'ProvisionedThroughputExceededException' };
    const ACTIONS = ['BatchGetItem', 'UpdateItem', 'BatchWriteItem', 'PutItem', 'Query', 'GetItem'];
    let refused = 0;
    const ends = ACTIONS.map((action) =>
      faults.failWhile(action, () => {
        refused += 1;
        return isBusy;
      }),
    );
    const ingest = await shop.lambda('ingest', { timeoutMs: 3000 });
    const mapping = shop.map({
      ...ingest,
      async invoke(event) {
        // Batches have failed of it before it becomes quiet.
        if (mapping.told.failed >= 2 && refused >= 10) for (const end of ends.splice(0)) end();
        return ingest.invoke(event);
      },
    });
    await send(messages(0, 200));
    await mapping.drained();
    expect(mapping.told.failed).toBeGreaterThanOrEqual(2);
    expect(refused).toBeGreaterThanOrEqual(10);
    expectBalance(received, await shop.ledger());
  });

  test('sends again only what Firehose did not take, and counts once what it took unheard', async () => {
    const { faults } = shop.emulators.firehose;
    // Of every second call the first record, and of some calls the answer.
    faults.failEntries('PutRecordBatch', (place, call) =>
      place === 0 && call % 2 === 1 ? { code: 'ServiceUnavailableException' } : null,
    );
    faults.failWhile('PutRecordBatch', (_, call) =>
      call % 5 === 2 ? { code: 'InternalFailure', status: 500, isDone: true } : null,
    );
    await send(messages(0, 300));
    await shop.map(await shop.lambda('ingest'), { batchSize: 20 }).drained();
    const ledger = await shop.ledger();
    expectBalance(received, ledger);
    // What landed twice is there once.
    expect(ledger.landed).toBeGreaterThan(300);
    expect(ledger.stored).toHaveLength(300);
  });

  test('changes nothing when its function dies after all its work, before anybody hears of it', async () => {
    await send(messages(0, 260));
    const ingest = await shop.lambda('ingest', { diesBeforeAnswer: (n) => n % 3 === 1 });
    const mapping = shop.map(ingest, { batchSize: 20 });
    await mapping.drained();
    expect(mapping.told.failed).toBeGreaterThan(3);
    const ledger = await shop.ledger();
    expectBalance(received, ledger);
    expect(ledger.landed).toBeGreaterThan(260);
  });
});
