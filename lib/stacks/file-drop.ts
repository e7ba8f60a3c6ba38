import { Duration } from 'aws-cdk-lib';
import { Match, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { allow, allowObjects, allowRegistry, allowTableKey } from './allow.ts';
import { DeadLetters } from './dead-letters.ts';
import { HouseFunction } from './house-function.ts';
import type { House, IngestStack } from './ingest-stack.ts';
import { LAKE } from './lake.ts';

/** Where import-files itself puts what became of a file. It is not told of those. */
const ITS_OWN = ['imported/', 'failed/'];

/** Files that are dropped on S3, and the function that imports each by itself. */
export class FileDrop extends Construct {
  readonly importFiles: HouseFunction<'import-files'>;
  /** What EventBridge could not hand over. */
  readonly undelivered: DeadLetters;

  constructor(scope: Construct, id: string, { stack, ...house }: House & { stack: IngestStack }) {
    super(scope, id);
    const { buckets, secret, tables, deliveries } = stack;
    this.importFiles = new HouseFunction(this, 'ImportFiles', {
      ...house,
      name: 'import-files',
      memoryMb: 1792,
      timeout: Duration.minutes(15),
      triesAgain: 2,
      concurrency: house.deployment.concurrency['import-files'],
      environment: {
        ROPO_LAKE_BUCKET: buckets.lake.bucketName,
        ROPO_SECRET: secret.secretArn,
        ROPO_REGISTRY_TABLE: tables.registry.tableName,
        ROPO_DELIVERY_PREFIX: deliveries.prefix,
      },
    });
    const { role } = this.importFiles;
    allow(role, { actions: ['secretsmanager:GetSecretValue'], resources: [secret.secretArn] });
    allowRegistry(role, tables.registry.tableArn);
    allowTableKey(role, house.key.keyArn);
    allow(role, { actions: ['firehose:PutRecordBatch'], resources: deliveries.arns });
    allowObjects(role, buckets.lake.bucketArn, [LAKE.rejections], ['read', 'write', 'remove']);
    allow(role, {
      actions: ['s3:GetObject', 's3:DeleteObject'],
      resources: [`${buckets.drop.bucketArn}/*`],
      because: 'A file in a wrong folder is moved aside too, and the bucket holds dropped files alone',
    });
    // A file that is gone must be told from one that is forbidden.
    allow(role, { actions: ['s3:ListBucket'], resources: [buckets.drop.bucketArn] });
    allowObjects(
      role,
      buckets.drop.bucketArn,
      ITS_OWN.map((prefix) => prefix.slice(0, -1)),
      ['write'],
    );

    this.undelivered = new DeadLetters(this, 'Undelivered', { key: house.key });
    new Rule(this, 'FileDropped', {
      description: `A file was dropped for ropo, ${house.deployment.stage}`,
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: {
          bucket: { name: [buckets.drop.bucketName] },
          object: { key: Match.anythingButPrefix(...ITS_OWN) },
        },
      },
      targets: [
        new LambdaFunction(this.importFiles.function, {
          deadLetterQueue: this.undelivered.queue,
          retryAttempts: 10,
          maxEventAge: Duration.hours(6),
        }),
      ],
    });
  }
}
