import type { Context, EventBridgeEvent } from 'aws-lambda';
import { dynamoClient, firehoseClient, s3Client, secretsClient } from '../lib/adapters/aws/clients.ts';
import { createRegistry } from '../lib/adapters/aws/dynamodb-registry.ts';
import { environmentOf } from '../lib/adapters/aws/environment.ts';
import type { DroppedFile } from '../lib/adapters/aws/file-drop.ts';
import { createFirehoseLake } from '../lib/adapters/aws/firehose-lake.ts';
import { importDropped } from '../lib/adapters/aws/import-dropped.ts';
import { openFunctionLog } from '../lib/adapters/aws/logging.ts';
import { METRICS } from '../lib/adapters/aws/metric-names.ts';
import { openedOnce } from '../lib/adapters/aws/opened-once.ts';
import { createRejections } from '../lib/adapters/aws/rejections.ts';
import { openShopSecrets } from '../lib/adapters/aws/shop-secrets.ts';
import { isBot } from '../lib/domain/bots.ts';
import { createIdentify } from '../lib/domain/identifier.ts';

/** Imports files that are dropped on S3 at incoming/<format>/<file>, each by itself, as it is told of. */

/** What EventBridge tells of a new object, as far as it is read here. */
interface ObjectCreated {
  bucket: { name: string };
  object: { key: string; size?: number; etag?: string };
}

const log = openFunctionLog('import-files');

const opened = openedOnce(async () => {
  const told = environmentOf([
    'ROPO_LAKE_BUCKET',
    'ROPO_SECRET',
    'ROPO_REGISTRY_TABLE',
    'ROPO_DELIVERY_PREFIX',
  ]);
  const { identitySecret } = await openShopSecrets({ client: secretsClient(), secretId: told.ROPO_SECRET });
  const lake = createFirehoseLake({
    firehose: firehoseClient(),
    prefix: told.ROPO_DELIVERY_PREFIX,
    registry: createRegistry({ client: dynamoClient(), tableName: told.ROPO_REGISTRY_TABLE }),
    rejections: createRejections({ s3: s3Client(), bucket: told.ROPO_LAKE_BUCKET }),
  });
  return { s3: s3Client(), importer: { lake, identify: createIdentify(identitySecret), isBot } };
});

export const handler = async (
  event: EventBridgeEvent<'Object Created', ObjectCreated>,
  context: Context,
): Promise<object> => {
  log.begin(context);
  const { bucket, object } = event.detail;
  const file: DroppedFile = {
    bucket: bucket.name,
    key: object.key,
    size: object.size ?? 0,
    ...(object.etag ? { etag: object.etag } : {}),
    droppedAt: Date.parse(event.time),
  };
  try {
    const { outcome, ...facts } = await importDropped(file, await opened());
    if (outcome === 'failed') {
      log.warn('a file was not imported', facts);
      log.count({ [METRICS.filesFailed]: 1 });
    } else {
      log.info(outcome === 'imported' ? 'file' : 'a file was gone before it was read', facts);
      if ('received' in facts)
        log.count({
          [METRICS.recordsReceived]: facts.received,
          [METRICS.recordsStored]: facts.stored + facts.released,
          [METRICS.recordsDuplicate]: facts.duplicates,
          [METRICS.recordsRejected]: Object.values(facts.rejected).reduce((sum, n) => sum + n, 0),
          [METRICS.recordsWaiting]: facts.waiting,
        });
    }
    return { outcome, ...facts };
  } catch (error) {
    log.failed('a file could not be imported for now and is tried again', error);
    throw new Error('The file could not be imported for now; see the log of the function');
  }
};
