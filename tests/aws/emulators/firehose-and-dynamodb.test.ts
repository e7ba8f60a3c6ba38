import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Emulators, NAMES, startEmulators } from './index.ts';
import { jsonDocuments } from './json-documents.ts';

let now = Date.UTC(2025, 2, 1, 23, 59);
let emulators: Emulators;
let firehose: FirehoseClient;
let dynamo: DynamoDBClient;
beforeAll(async () => {
  emulators = await startEmulators({ now: () => now });
  const given = {
    region: 'eu-south-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  };
  firehose = new FirehoseClient({ ...given, endpoint: emulators.firehose.url });
  dynamo = new DynamoDBClient({ ...given, endpoint: emulators.dynamodb.url });
});
beforeEach(() => {
  emulators.firehose.faults.forget();
  emulators.dynamodb.faults.forget();
});
afterAll(async () => {
  firehose.destroy();
  dynamo.destroy();
  await emulators.close();
});

const put = (records: readonly string[], stream = 'ropo-test-raw-spend') =>
  firehose.send(
    new PutRecordBatchCommand({
      DeliveryStreamName: stream,
      Records: records.map((text) => ({ Data: Buffer.from(text) })),
    }),
  );
const listed = (prefix: string) => emulators.s3.objects.list(NAMES.lake, prefix);

describe('the emulator of Firehose', () => {
  test('writes what it has when it is told, by day of arrival, and twice if asked', async () => {
    await put(['{"record_id":"a","cost_minor":7}{"record_id":"b","spend_date":"2025-03-01"}\n']);
    now += 120_000;
    await put(['{"record_id":"c","other":[1,{"x":"}"}]}']);
    expect(listed('landing/')).toEqual([]);
    expect(emulators.firehose.waiting('raw_spend').map(({ record_id }) => record_id)).toEqual([
      'a',
      'b',
      'c',
    ]);
    expect(emulators.firehose.flush(2)).toHaveLength(4);
    expect(listed('landing/raw_spend/arrived=2025-03-01/')).toHaveLength(2);
    expect(listed('landing/raw_spend/arrived=2025-03-02/')).toHaveLength(2);
    expect(emulators.firehose.flush()).toEqual([]);
  });

  test('keeps what fits no column of the table aside', async () => {
    await put(['{"record_id":"d","cost_minor":"seven"}', '{"record_id":']);
    expect(emulators.firehose.flush()).toEqual([]);
    expect(listed('landing-errors/raw_spend/')).toHaveLength(2);
  });

  test('holds to the limits of a request', async () => {
    const names = { name: 'InvalidArgumentException' };
    await expect(put(Array.from({ length: 501 }, () => '{}'))).rejects.toMatchObject(names);
    await expect(put(['x'.repeat(1_024_001)])).rejects.toMatchObject(names);
    await expect(put(Array.from({ length: 5 }, () => 'x'.repeat(900_000)))).rejects.toMatchObject(names);
    await expect(put(['{}'], 'ropo-test-raw-nothing')).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    await expect(put(['{}'], 'ropo-test-raw-rejections')).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  test('takes single records and not others, as it is told', async () => {
    emulators.firehose.faults.failEntries('PutRecordBatch', (place) =>
      place === 1 ? { code: 'ServiceUnavailableException', message: 'Slow down.' } : null,
    );
    const answer = await put(['{"record_id":"e"}', '{"record_id":"f"}', '{"record_id":"g"}']);
    expect(answer.FailedPutCount).toBe(1);
    expect(answer.RequestResponses![1]).toEqual({
      ErrorCode: 'ServiceUnavailableException',
      ErrorMessage: 'Slow down.',
    });
    expect(emulators.firehose.waiting('raw_spend').map(({ record_id }) => record_id)).toEqual(['e', 'g']);
  });

  test('reads documents with blanks between them or none, and nothing that is half of one', () => {
    expect(jsonDocuments('{"a":"\\"}{"}{"b":{"c":[]}} \n {}')).toEqual([{ a: '"}{' }, { b: { c: [] } }, {}]);
    expect(() => jsonDocuments('{"a":1}{"b"')).toThrow(SyntaxError);
    expect(() => jsonDocuments('{"a":"')).toThrow(SyntaxError);
  });
});

describe('the front of DynamoDB', () => {
  const item = (name: string) => ({ listed_as: { S: 'test' }, listed_under: { S: name } });
  const TableName = NAMES.registry;

  test('counts, throttles, and leaves parts of batches undone', async () => {
    const { faults } = emulators.dynamodb;
    faults.fail('PutItem', { code: 'ProvisionedThroughputExceededException' });
    const sent = () => dynamo.send(new PutItemCommand({ TableName, Item: item('a') }));
    await expect(sent()).rejects.toMatchObject({ name: 'ProvisionedThroughputExceededException' });
    await sent();
    faults.failEntries('BatchWriteItem', (place) => (place === 0 ? { code: 'Throttling' } : null));
    const writes = ['b', 'c'].map((name) => ({ PutRequest: { Item: item(name) } }));
    const written = await dynamo.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: writes } }));
    expect(written.UnprocessedItems).toEqual({ [TableName]: [writes[0]] });
    faults.failEntries('BatchGetItem', (_, call) => (call === 1 ? { code: 'Throttling' } : null));
    const Keys = ['a', 'b', 'c'].map(item);
    const read = () => dynamo.send(new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys } } }));
    expect((await read()).UnprocessedKeys![TableName]!.Keys).toEqual(Keys);
    expect((await read()).Responses![TableName]!.map(({ listed_under }) => listed_under!.S).sort()).toEqual([
      'a',
      'c',
    ]);
    expect(faults.calls).toEqual({ PutItem: 2, BatchWriteItem: 1, BatchGetItem: 2 });
  });

  test('loses answers, and has done what was asked', async () => {
    emulators.dynamodb.faults.fail('PutItem', { code: 'Dropped', isDone: true });
    await expect(dynamo.send(new PutItemCommand({ TableName, Item: item('lost') }))).rejects.toBeDefined();
    const found = await dynamo.send(new GetItemCommand({ TableName, Key: item('lost') }));
    expect(found.Item).toEqual(item('lost'));
  });
});
