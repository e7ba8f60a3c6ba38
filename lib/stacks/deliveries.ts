import { Aws } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { LogStream } from 'aws-cdk-lib/aws-logs';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { RawTable } from '../domain/raw-tables.ts';
import { allow, allowKey, allowObjects } from './allow.ts';
import type { Deployment } from './deployment.ts';
import { houseLogs } from './house-logs.ts';
import { LAKE } from './lake.ts';
import { LANDING_TABLES, type LandingTables, landingTable } from './landing-tables.ts';

/** The smallest that Firehose takes where it converts; files of this size are what Athena reads well. */
const BUFFER_MB = 128;
/** A quiet table is written after this, in seconds: the longest that landing lags. */
const BUFFER_SECONDS = 300;

export interface DeliveriesProps {
  deployment: Deployment;
  lake: Bucket;
  landing: LandingTables;
  key: Key;
}

/** A Firehose stream per raw table: JSON rows go in, Parquet files come out, one folder per day of arrival. */
export class Deliveries extends Construct {
  /** What their names begin with: ROPO_DELIVERY_PREFIX. */
  readonly prefix: string;
  readonly streams: ReadonlyMap<RawTable, CfnDeliveryStream>;

  constructor(scope: Construct, id: string, { deployment, lake, landing, key }: DeliveriesProps) {
    super(scope, id);
    this.prefix = `ropo-${deployment.stage}`;
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('firehose.amazonaws.com', {
        conditions: { StringEquals: { 'sts:ExternalId': Aws.ACCOUNT_ID } },
      }),
      description: `What Firehose of ${deployment.stage} may do`,
    });
    const logs = houseLogs(this, 'Logs', { deployment, key });
    allowObjects(role, lake.bucketArn, [LAKE.landing, LAKE.undelivered], ['read', 'write']);
    allow(role, {
      actions: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'],
      resources: [lake.bucketArn],
    });
    allowKey(role, key.keyArn);
    allow(role, {
      actions: ['glue:GetTable', 'glue:GetTableVersion', 'glue:GetTableVersions'],
      resources: [
        catalogue('catalog'),
        catalogue(`database/${landing.databaseName}`),
        ...LANDING_TABLES.map((table) => catalogue(`table/${landing.databaseName}/${landingTable(table)}`)),
      ],
    });
    allow(role, {
      actions: ['logs:PutLogEvents'],
      resources: [logs.logGroupArn],
      because: 'The ARN of a group of logs ends so; it names this group and its streams',
    });

    this.streams = new Map(
      LANDING_TABLES.map((table) => {
        const stream = new CfnDeliveryStream(this, table, {
          deliveryStreamName: `${this.prefix}-${table.replaceAll('_', '-')}`,
          deliveryStreamType: 'DirectPut',
          deliveryStreamEncryptionConfigurationInput: {
            keyType: 'CUSTOMER_MANAGED_CMK',
            keyArn: key.keyArn,
          },
          extendedS3DestinationConfiguration: {
            bucketArn: lake.bucketArn,
            roleArn: role.roleArn,
            prefix: `${LAKE.landing}/${table}/arrived=!{timestamp:yyyy-MM-dd}/`,
            errorOutputPrefix: `${LAKE.undelivered}/firehose/${table}/!{firehose:error-output-type}/arrived=!{timestamp:yyyy-MM-dd}/`,
            bufferingHints: { intervalInSeconds: BUFFER_SECONDS, sizeInMBs: BUFFER_MB },
            encryptionConfiguration: { kmsEncryptionConfig: { awskmsKeyArn: key.keyArn } },
            cloudWatchLoggingOptions: {
              enabled: true,
              logGroupName: logs.logGroupName,
              logStreamName: new LogStream(this, `${table}-log`, { logGroup: logs }).logStreamName,
            },
            dataFormatConversionConfiguration: {
              enabled: true,
              // The names are ours and lower case; rows are JSON documents one after another.
              inputFormatConfiguration: { deserializer: { openXJsonSerDe: { caseInsensitive: false } } },
              outputFormatConfiguration: { serializer: { parquetSerDe: { compression: 'SNAPPY' } } },
              schemaConfiguration: {
                catalogId: Aws.ACCOUNT_ID,
                databaseName: landing.databaseName,
                tableName: landingTable(table),
                region: deployment.region,
                roleArn: role.roleArn,
                versionId: 'LATEST',
              },
            },
          },
        });
        // Firehose tries all of it as it is made.
        stream.node.addDependency(role, landing.tables.get(table)!);
        return [table, stream];
      }),
    );
  }

  /** ARNs of all of them. */
  get arns(): string[] {
    return [...this.streams.values()].map((stream) => stream.attrArn);
  }
}

const catalogue = (what: string) => `arn:${Aws.PARTITION}:glue:${Aws.REGION}:${Aws.ACCOUNT_ID}:${what}`;
