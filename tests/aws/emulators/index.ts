import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { IDENTITIES_KEYS, REGISTRY_KEYS } from '../../../lib/adapters/aws/table-keys.ts';
import { startDynamo } from './dynamodb.ts';
import { type FirehoseEmulator, startFirehose } from './firehose.ts';
import type { Emulator } from './json-service.ts';
import { type KinesisEmulator, startKinesis } from './kinesis.ts';
import { type S3Emulator, startS3 } from './s3.ts';
import { type SecretsEmulator, startSecrets } from './secrets.ts';

export interface Emulators {
  /** What a function's environment must hold to find them and what is in them. */
  environment: Record<string, string>;
  /** Where the objects of S3 lie, as `bucket/key`. */
  folder: string;
  s3: S3Emulator;
  kinesis: KinesisEmulator;
  firehose: FirehoseEmulator;
  dynamodb: Emulator;
  secrets: SecretsEmulator;
  close(): Promise<void>;
}

export interface EmulatorOptions {
  /** Buckets beside the lake. */
  buckets?: readonly string[];
  /** Where objects lie; a folder that goes away at the end unless told. */
  folder?: string;
  shards?: number;
  /** The shop's secret. */
  secret?: { identity_secret: string; keys: readonly unknown[] };
  /** The clock of the services, in milliseconds since 1970 UTC. */
  now?: () => number;
}

/** Names of what is there from the start. */
export const NAMES = {
  stream: 'ropo-test-events',
  lake: 'lake',
  secret: 'ropo-test-shop',
  identities: 'ropo-test-identities',
  registry: 'ropo-test-registry',
  deliveryPrefix: 'ropo-test',
} as const;

const CREDENTIALS = { AWS_REGION: 'eu-south-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };

/** All services of ingest on free ports of this machine, with the stream, tables and lake that a deployment has. */
export async function startEmulators(options: EmulatorOptions = {}): Promise<Emulators> {
  const { shards = 4, secret = { identity_secret: 'a secret of the tests, no real one', keys: [] } } =
    options;
  const clock = options.now ? { now: options.now } : {};
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'ropo-aws-'));
  const s3 = await startS3({ folder, buckets: [NAMES.lake, ...(options.buckets ?? [])] });
  const [kinesis, firehose, dynamodb, secrets] = await Promise.all([
    startKinesis({ streams: { [NAMES.stream]: shards }, ...clock }),
    startFirehose({ objects: s3.objects, bucket: NAMES.lake, prefix: NAMES.deliveryPrefix, ...clock }),
    startDynamo(),
    startSecrets({ [NAMES.secret]: JSON.stringify(secret) }),
  ]);
  await createTables(dynamodb.url);
  dynamodb.faults.forget();
  return {
    environment: {
      ...CREDENTIALS,
      AWS_ENDPOINT_URL_S3: s3.url,
      AWS_ENDPOINT_URL_KINESIS: kinesis.url,
      AWS_ENDPOINT_URL_FIREHOSE: firehose.url,
      AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
      ROPO_STREAM: NAMES.stream,
      ROPO_LAKE_BUCKET: NAMES.lake,
      ROPO_SECRET: NAMES.secret,
      ROPO_IDENTITIES_TABLE: NAMES.identities,
      ROPO_REGISTRY_TABLE: NAMES.registry,
      ROPO_DELIVERY_PREFIX: NAMES.deliveryPrefix,
    },
    folder,
    s3,
    kinesis,
    firehose,
    dynamodb,
    secrets,
    async close() {
      await Promise.all([s3, kinesis, firehose, dynamodb, secrets].map((one) => one.close()));
      if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Makes the tables of a deployment, empty. */
export async function createTables(
  endpoint: string,
  tables: { identities: string; registry: string } = NAMES,
): Promise<void> {
  const client = new DynamoDBClient({
    endpoint,
    region: CREDENTIALS.AWS_REGION,
    credentials: {
      accessKeyId: CREDENTIALS.AWS_ACCESS_KEY_ID,
      secretAccessKey: CREDENTIALS.AWS_SECRET_ACCESS_KEY,
    },
  });
  const keys = ({ partitionKey, sortKey }: { partitionKey: string; sortKey: string }) => [
    { AttributeName: partitionKey, KeyType: 'HASH' as const },
    { AttributeName: sortKey, KeyType: 'RANGE' as const },
  ];
  const texts = ({ partitionKey, sortKey }: { partitionKey: string; sortKey: string }) =>
    [partitionKey, sortKey].map((name) => ({ AttributeName: name, AttributeType: 'S' as const }));
  const { index } = IDENTITIES_KEYS;
  await client.send(
    new CreateTableCommand({
      TableName: tables.identities,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: keys(IDENTITIES_KEYS),
      AttributeDefinitions: texts(IDENTITIES_KEYS),
      GlobalSecondaryIndexes: [
        { IndexName: index.name, KeySchema: keys(index), Projection: { ProjectionType: 'ALL' } },
      ],
    }),
  );
  await client.send(
    new CreateTableCommand({
      TableName: tables.registry,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: keys(REGISTRY_KEYS),
      AttributeDefinitions: texts(REGISTRY_KEYS),
    }),
  );
  client.destroy();
}
