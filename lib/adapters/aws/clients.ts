import { AthenaClient } from '@aws-sdk/client-athena';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { FirehoseClient } from '@aws-sdk/client-firehose';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

/**
 * Clients of the services, each made when it is first asked for and once per process, so that connections stay open
 * from one invocation to the next. Region, credentials and addresses come from the environment as the SDK reads it.
 */

/**
 * How often the SDK itself sends a request whose connection broke or that the service failed at. What a service answers
 * of its own limits, the adapters see to, since they know what is left to do and until when.
 */
const ATTEMPTS = 3;

function once<Client>(make: () => Client): () => Client {
  let made: Client | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** Milliseconds after which a request that nothing comes back of is given up; no call of ingest takes a tenth of it. */
const REQUEST_MS = 10_000;
const timed = { requestTimeout: REQUEST_MS, connectionTimeout: 3000, throwOnRequestTimeout: true };

/** Speaks HTTP/2, whose sessions have no time of connecting. */
export const kinesisClient = once(
  () => new KinesisClient({ maxAttempts: ATTEMPTS, requestHandler: { requestTimeout: REQUEST_MS } }),
);
export const dynamoClient = once(() => new DynamoDBClient({ maxAttempts: ATTEMPTS, requestHandler: timed }));
export const firehoseClient = once(
  () => new FirehoseClient({ maxAttempts: ATTEMPTS, requestHandler: timed }),
);
export const secretsClient = once(
  () => new SecretsManagerClient({ maxAttempts: ATTEMPTS, requestHandler: timed }),
);
/** What comes of these may be large: they are given up where nothing moves any more. */
const moving = { connectionTimeout: 3000, socketTimeout: 30_000 };

export const athenaClient = once(() => new AthenaClient({ maxAttempts: ATTEMPTS, requestHandler: moving }));

/** At an address of its own there are no host names by bucket. */
export const s3Client = once(
  () =>
    new S3Client({
      maxAttempts: ATTEMPTS,
      requestHandler: moving,
      forcePathStyle: process.env.AWS_ENDPOINT_URL_S3 !== undefined,
    }),
);
