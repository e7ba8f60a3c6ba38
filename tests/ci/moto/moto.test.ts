import { Agent } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateDeliveryStreamCommand, FirehoseClient } from '@aws-sdk/client-firehose';
import {
  CreateStreamCommand,
  GetRecordsCommand,
  type GetRecordsCommandOutput,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
} from '@aws-sdk/client-kinesis';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDynamoIdentityStore } from '../../../lib/adapters/aws/dynamodb-identities.ts';
import { createRegistry } from '../../../lib/adapters/aws/dynamodb-registry.ts';
import { createFirehoseLake } from '../../../lib/adapters/aws/firehose-lake.ts';
import { readKinesisRecord } from '../../../lib/adapters/aws/kinesis-records.ts';
import { createKinesisStream } from '../../../lib/adapters/aws/kinesis-stream.ts';
import { createLargeBodies } from '../../../lib/adapters/aws/large-bodies.ts';
import { createRejections } from '../../../lib/adapters/aws/rejections.ts';
import { openShopSecrets } from '../../../lib/adapters/aws/shop-secrets.ts';
import { RAW_TABLE_NAMES } from '../../../lib/domain/raw-tables.ts';
import { eventLakeContract } from '../../adapters/event-lake-contract.ts';
import { eventStreamContract } from '../../adapters/event-stream-contract.ts';
import { identityStoreContract } from '../../adapters/identity-store-contract.ts';
import { createTables } from '../../aws/emulators/index.ts';
import { jsonDocuments } from '../../aws/emulators/json-documents.ts';
import { kinesisContract } from '../../aws/emulators/kinesis-contract.ts';
import { s3Contract } from '../../aws/emulators/s3-contract.ts';
import { type MotoServer, startMoto } from './moto-server.ts';

/**
 * The contracts of our adapters, and what they count on in the services, against moto: a second opinion on the adapters
 * and on our own emulators. Where moto does not do as AWS does, it stands with the test.
 */

let moto: MotoServer;
beforeAll(async () => {
  moto = await startMoto();
});
afterAll(() => moto?.close());

const given = () => ({
  endpoint: moto.url,
  region: 'eu-south-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  maxAttempts: 1,
});
const s3Of = () => new S3Client({ ...given(), forcePathStyle: true });
/**
 * moto speaks HTTP/1.1 alone; ours speaks what the client speaks by itself. Of records that come at the same time moto
 * loses some, as its threads give them the same number: so calls go one after another.
 */
const kinesisOf = () =>
  new KinesisClient({
    ...given(),
    requestHandler: new FirehoseClient({
      ...given(),
      requestHandler: { httpAgent: new Agent({ maxSockets: 1 }) },
    }).config.requestHandler,
  });
let made = 0;

async function bucketOf(s3: S3Client, Bucket = `lake-${++made}`): Promise<string> {
  await s3.send(
    new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-south-1' } }),
  );
  return Bucket;
}

s3Contract('moto', async () => {
  const s3 = s3Of();
  await bucketOf(s3, 'lake');
  return { s3, close: async () => s3.destroy() };
});

// A shard that was split goes on taking records in moto, which no shard of AWS does.
kinesisContract(
  'moto',
  async () => {
    const kinesis = kinesisOf();
    const streams = { events: 2, limits: 2, one: 1, reshard: 1 };
    for (const [StreamName, ShardCount] of Object.entries(streams))
      await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount }));
    return { kinesis, passSecond: () => pause(1100), close: async () => kinesis.destroy() };
  },
  false,
);

// moto throttles nobody: what is said of a full stream, ours alone can be asked.
eventStreamContract(
  'Kinesis of moto',
  async () => {
    const [kinesis, s3] = [kinesisOf(), s3Of()];
    const bucket = await bucketOf(s3);
    const streamName = `stream-${++made}`;
    await kinesis.send(new CreateStreamCommand({ StreamName: streamName, ShardCount: 3 }));
    const largeBodies = createLargeBodies({ s3, bucket });
    const iterators = new Map<string, string>();
    for (const { ShardId } of (await kinesis.send(new ListShardsCommand({ StreamName: streamName })))
      .Shards!) {
      const { ShardIterator } = await kinesis.send(
        new GetShardIteratorCommand({
          StreamName: streamName,
          ShardId,
          ShardIteratorType: 'TRIM_HORIZON',
        }),
      );
      iterators.set(ShardId!, ShardIterator!);
    }
    return {
      stream: createKinesisStream({
        client: kinesis,
        streamName,
        largeBodies,
        personKeySecret: 'a secret of the tests, no real one',
      }),
      async take() {
        const taken: Uint8Array[] = [];
        for (const [shard, from] of iterators) {
          let next: string | undefined = from;
          for (;;) {
            const page: GetRecordsCommandOutput = await kinesis.send(
              new GetRecordsCommand({ ShardIterator: next }),
            );
            next = page.NextShardIterator;
            if (page.Records!.length === 0) break;
            taken.push(...page.Records!.map(({ Data }) => Data!));
          }
          iterators.set(shard, next!);
        }
        return Promise.all(taken.map((data) => readKinesisRecord(data, largeBodies)));
      },
      async close() {
        kinesis.destroy();
        s3.destroy();
      },
    };
  },
  false,
);

/** moto's Firehose writes what it is given as it is, with no conversion: documents are read here as JSON. */
eventLakeContract('Firehose, S3 and DynamoDB of moto', async () => {
  const [s3, dynamo, firehose] = [s3Of(), new DynamoDBClient(given()), new FirehoseClient(given())];
  const bucket = await bucketOf(s3);
  const tables = { identities: `identities-${++made}`, registry: `registry-${made}` };
  await createTables(moto.url, tables);
  const prefix = `ropo-${made}`;
  for (const table of RAW_TABLE_NAMES)
    await firehose.send(
      new CreateDeliveryStreamCommand({
        DeliveryStreamName: `${prefix}-${table.replaceAll('_', '-')}`,
        ExtendedS3DestinationConfiguration: {
          BucketARN: `arn:aws:s3:::${bucket}`,
          RoleARN: 'arn:aws:iam::000000000000:role/delivery',
          Prefix: `landing/${table}/`,
        },
      }),
    );
  const registry = createRegistry({ client: dynamo, tableName: tables.registry });
  const open = () =>
    createFirehoseLake({
      firehose,
      prefix,
      registry: createRegistry({ client: dynamo, tableName: tables.registry }),
      rejections: createRejections({ s3, bucket }),
    });
  return {
    lake: open(),
    reopen: async () => open(),
    async rows(table, columns) {
      const { Contents = [] } = await s3.send(
        new ListObjectsV2Command({ Bucket: bucket, Prefix: `landing/${table}/` }),
      );
      const rows = new Map<string, Record<string, unknown>>();
      for (const { Key } of Contents) {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
        for (const row of jsonDocuments(await Body!.transformToString()))
          rows.set(`${row.record_id} ${row.fingerprint}`, row);
      }
      return Array.from(rows.values(), (row) => columns.map((name) => String(row[name] ?? ''))).sort(
        (a, b) => (a.join('\u0000') < b.join('\u0000') ? -1 : 1),
      );
    },
    erase: (keys) => registry.putTombstones(keys),
    async close() {
      for (const client of [s3, dynamo, firehose]) client.destroy();
    },
  };
});

identityStoreContract('DynamoDB of moto', async () => {
  const dynamo = new DynamoDBClient(given());
  const tables = { identities: `identities-${++made}`, registry: `registry-${made}` };
  await createTables(moto.url, tables);
  const open = () => createDynamoIdentityStore({ client: dynamo, tableName: tables.identities });
  return { store: open(), reopen: async () => open(), close: async () => dynamo.destroy() };
});

describe('Secrets Manager of moto', () => {
  test('gives the secret of a shop by its name and by its ARN', async () => {
    const client = new SecretsManagerClient(given());
    const { ARN } = await client.send(
      new CreateSecretCommand({
        Name: 'ropo-test-shop',
        SecretString: JSON.stringify({ identity_secret: 'a secret of the tests, no real one', keys: [] }),
      }),
    );
    for (const secretId of ['ropo-test-shop', ARN!]) {
      const secrets = await openShopSecrets({ client, secretId });
      expect(secrets.identitySecret).toBe('a secret of the tests, no real one');
    }
    await expect(openShopSecrets({ client, secretId: 'none' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    client.destroy();
  });
});
