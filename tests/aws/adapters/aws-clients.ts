import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { FirehoseClient } from '@aws-sdk/client-firehose';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Emulators } from '../emulators/index.ts';

/** The SDK's clients of emulators, which give their connections back with `close`. */
export function clientsOf({ environment }: Pick<Emulators, 'environment'>, maxAttempts = 1) {
  const given = {
    region: 'eu-south-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts,
  };
  const at = (service: string) => ({ ...given, endpoint: environment[`AWS_ENDPOINT_URL_${service}`]! });
  const clients = {
    kinesis: new KinesisClient(at('KINESIS')),
    dynamo: new DynamoDBClient(at('DYNAMODB')),
    firehose: new FirehoseClient(at('FIREHOSE')),
    s3: new S3Client({ ...at('S3'), forcePathStyle: true }),
    secrets: new SecretsManagerClient(at('SECRETS_MANAGER')),
  };
  return {
    ...clients,
    close() {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}

export type Clients = ReturnType<typeof clientsOf>;
