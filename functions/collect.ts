import type { Context } from 'aws-lambda';
import type { LambdaEvent } from 'hono/aws-lambda';
import { handle } from 'hono/aws-lambda';
import { kinesisClient, s3Client, secretsClient } from '../lib/adapters/aws/clients.ts';
import { environmentOf } from '../lib/adapters/aws/environment.ts';
import { createKinesisStream } from '../lib/adapters/aws/kinesis-stream.ts';
import { createLargeBodies } from '../lib/adapters/aws/large-bodies.ts';
import { openFunctionLog } from '../lib/adapters/aws/logging.ts';
import { openedOnce } from '../lib/adapters/aws/opened-once.ts';
import { openShopSecrets } from '../lib/adapters/aws/shop-secrets.ts';
import { createCollector } from '../lib/collector/app.ts';
import { type EventStream, StreamFull } from '../lib/ports.ts';

/** Takes in what trackers, tills and back offices send over HTTP, and answers once it is on the stream. */

/**
 * A function is called with 6 MB at most, and a body that is no plain text comes as base64, which makes it a third
 * longer.
 */
const MOST_BYTES = 4 * 1_048_576;

const log = openFunctionLog('collect');

const opened = openedOnce(async () => {
  const told = environmentOf(['ROPO_STREAM', 'ROPO_LAKE_BUCKET', 'ROPO_SECRET']);
  const secrets = await openShopSecrets({ client: secretsClient(), secretId: told.ROPO_SECRET });
  const stream = createKinesisStream({
    client: kinesisClient(),
    streamName: told.ROPO_STREAM,
    largeBodies: createLargeBodies({ s3: s3Client(), bucket: told.ROPO_LAKE_BUCKET }),
    personKeySecret: secrets.identitySecret,
  });
  const collector = createCollector({
    stream: telling(stream),
    keys: secrets.keys,
    now: Date.now,
    limits: { bodyBytes: MOST_BYTES, uploads: { bodyBytes: MOST_BYTES, unpackedBytes: 10 * 1_048_576 } },
    onFailure: (error, what = 'A request failed') => log.failed(what, error),
  });
  const answer = handle(collector);
  return async (event: LambdaEvent, context: Context) => {
    // A function stands still between its calls, so what is due is read at the beginning of one.
    await secrets.refresh();
    return answer(event, context);
  };
});

/** A full stream is no failure, and its sender is told; that it is full is worth a line all the same. */
const telling = (stream: EventStream): EventStream => ({
  async append(records) {
    try {
      await stream.append(records);
    } catch (error) {
      if (error instanceof StreamFull)
        log.warn('the stream is full', { records: records.length, retry_after_seconds: error.retryAfter });
      throw error;
    }
  },
});

export const handler = async (event: LambdaEvent, context: Context) => {
  log.begin(context);
  try {
    return await (await opened())(event, context);
  } catch (error) {
    log.failed('the function could not begin', error);
    throw new Error('The function could not begin; see its log');
  }
};
