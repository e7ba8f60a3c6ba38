import type { Context, KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { dynamoClient, firehoseClient, s3Client, secretsClient } from '../lib/adapters/aws/clients.ts';
import { createDynamoIdentityStore } from '../lib/adapters/aws/dynamodb-identities.ts';
import { createRegistry } from '../lib/adapters/aws/dynamodb-registry.ts';
import { environmentOf } from '../lib/adapters/aws/environment.ts';
import { createFirehoseLake } from '../lib/adapters/aws/firehose-lake.ts';
import { ingestKinesisBatch } from '../lib/adapters/aws/kinesis-batch.ts';
import { readKinesisRecord } from '../lib/adapters/aws/kinesis-records.ts';
import { createLargeBodies } from '../lib/adapters/aws/large-bodies.ts';
import { openFunctionLog } from '../lib/adapters/aws/logging.ts';
import { METRICS } from '../lib/adapters/aws/metric-names.ts';
import { openedOnce } from '../lib/adapters/aws/opened-once.ts';
import { createRejections } from '../lib/adapters/aws/rejections.ts';
import {
  type ReplayAsked,
  type Replayed,
  replayAside,
  replayAsked,
} from '../lib/adapters/aws/replay-aside.ts';
import { openShopSecrets } from '../lib/adapters/aws/shop-secrets.ts';
import { isBot } from '../lib/domain/bots.ts';
import { createIdentify } from '../lib/domain/identifier.ts';
import type { IngestDeps } from '../lib/pipeline/ingest.ts';

/** Takes batches of the stream into the lake, and tries records again that were set aside, when somebody asks for it. */

const log = openFunctionLog('ingest');

const opened = openedOnce(async () => {
  const told = environmentOf([
    'ROPO_LAKE_BUCKET',
    'ROPO_SECRET',
    'ROPO_IDENTITIES_TABLE',
    'ROPO_REGISTRY_TABLE',
    'ROPO_DELIVERY_PREFIX',
    'ROPO_MATCHES_UNKNOWN_CONSENT',
  ]);
  const { identitySecret } = await openShopSecrets({ client: secretsClient(), secretId: told.ROPO_SECRET });
  const bucket = told.ROPO_LAKE_BUCKET;
  const registry = createRegistry({ client: dynamoClient(), tableName: told.ROPO_REGISTRY_TABLE });
  const largeBodies = createLargeBodies({ s3: s3Client(), bucket });
  const rejections = createRejections({ s3: s3Client(), bucket });
  const ingest: IngestDeps = {
    lake: createFirehoseLake({
      firehose: firehoseClient(),
      prefix: told.ROPO_DELIVERY_PREFIX,
      registry,
      rejections,
    }),
    identities: createDynamoIdentityStore({ client: dynamoClient(), tableName: told.ROPO_IDENTITIES_TABLE }),
    identify: createIdentify(identitySecret),
    isBot,
    now: Date.now,
    lastFates: 0,
    matchesUnknownConsent: told.ROPO_MATCHES_UNKNOWN_CONSENT === 'true',
  };
  return { ingest, rejections, read: (data: Uint8Array) => readKinesisRecord(data, largeBodies) };
});

export const handler = async (
  event: KinesisStreamEvent | ReplayAsked,
  context: Context,
): Promise<KinesisStreamBatchResponse | Replayed> => {
  log.begin(context);
  return 'Records' in event ? await batchTaken(event) : await replayDone(event);
};

async function replayDone(event: ReplayAsked): Promise<Replayed> {
  const asked = replayAsked(event);
  if (asked === null) throw new Error('The function is called with records of the stream, or with an action');
  try {
    const replayed = await replayAside(asked, await opened());
    log.info('records tried again', { reason: asked.reason, ...replayed });
    log.count({ [METRICS.recordsStored]: replayed.stored });
    return replayed;
  } catch (error) {
    log.failed('records could not be tried again', error, { reason: asked.reason });
    throw new Error('Not all records were tried again; see the log of the function, and ask once more');
  }
}

async function batchTaken(event: KinesisStreamEvent): Promise<KinesisStreamBatchResponse> {
  try {
    const { response, failure, isRefused, ...counts } = await ingestKinesisBatch(
      event.Records,
      await opened(),
    );
    if (failure !== null) log.failed('the batch comes again', failure, { records: event.Records.length });
    log.info('batch', { ...counts });
    log.count({
      [METRICS.recordsReceived]: counts.received,
      [METRICS.recordsStored]: counts.stored + counts.released,
      [METRICS.recordsDuplicate]: counts.duplicates,
      [METRICS.recordsRejected]: Object.values(counts.rejected).reduce((sum, n) => sum + n, 0),
      [METRICS.recordsWaiting]: counts.waiting,
      [METRICS.batchesFailed]: Number(failure !== null),
    });
    if (!isRefused) return response;
  } catch (error) {
    log.failed('the batch could not be taken in', error, { records: event.Records.length });
    log.count({ [METRICS.batchesFailed]: 1 });
    // The mapping keeps what is thrown, so that says nothing either.
    throw new Error('The batch could not be taken in; see the log of the function');
  }
  throw new Error('A service refuses the batch, or a record of it: it comes again by halves');
}
