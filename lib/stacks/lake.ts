import { Duration } from 'aws-cdk-lib';
import type { Key } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type CfnBucket,
  type IBucket,
  type LifecycleRule,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { removalOf } from './data-key.ts';
import type { Deployment } from './deployment.ts';

/** What lies where in the lake. Keys begin with these, and a slash. */
export const LAKE = {
  /** What Firehose wrote, for some days: long enough for a build to merge it, however many fail before. */
  landing: 'landing',
  /** The raw tables, as Iceberg. */
  raw: 'raw',
  rejections: 'rejections',
  /** Bodies that are too large for the stream. What names one may be given up as late as the stream ends, and stay as long. */
  large: 'large',
  /** Tables of builds, their manifests and the pointer to the one that is published. */
  builds: 'builds',
  /** The shop's own seeds, where it has put some. */
  seeds: 'seeds',
  queryResults: 'athena-results',
  /** What Firehose could not convert or deliver. */
  undelivered: 'on-failure',
  /** What no try of ingest could store. Lambda itself chooses the name. */
  unstored: 'aws/lambda',
} as const;

/**
 * Noncurrent versions stay so many days, against mistakes. A person who is erased leaves the current tables with the next
 * build, and is gone from here too after this: the time by law is a month.
 */
const NONCURRENT_DAYS = 7;

export interface BucketsProps {
  deployment: Deployment;
  key: Key;
}

/** The bucket of everything that the pipeline keeps, the one that files are dropped into, and the one of their access logs. */
export class Buckets extends Construct {
  readonly lake: Bucket;
  readonly drop: Bucket;

  constructor(scope: Construct, id: string, { deployment, key }: BucketsProps) {
    super(scope, id);
    const { retention } = deployment;
    const accessLogs = accessLogsBucket(this, 'AccessLogs', deployment);
    const ours = {
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      // One request to KMS for many objects.
      bucketKeyEnabled: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      versioned: true,
      serverAccessLogsBucket: accessLogs as IBucket,
      removalPolicy: removalOf(deployment),
    } as const;
    this.lake = new Bucket(this, 'Lake', {
      ...ours,
      serverAccessLogsPrefix: 'lake/',
      lifecycleRules: [
        ...(
          [
            [LAKE.landing, retention.landingDays],
            [LAKE.rejections, retention.rejectionDays],
            [LAKE.large, retention.failedDays + Math.ceil(retention.streamHours / 24)],
            [LAKE.queryResults, retention.queryResultDays],
            [LAKE.undelivered, retention.failedDays],
            [LAKE.unstored, retention.failedDays],
          ] as const
        ).flatMap(([prefix, days]) => (days === null ? [] : [endsAfter(prefix, days)])),
        ...tidy,
      ],
    });
    this.drop = new Bucket(this, 'Drop', {
      ...ours,
      serverAccessLogsPrefix: 'drop/',
      lifecycleRules: [{ id: 'files', expiration: Duration.days(retention.failedDays) }, ...tidy],
    });
    // Not by eventBridgeEnabled, which deploys a function of aws-cdk-lib with a role that may change every bucket.
    (this.drop.node.defaultChild as CfnBucket).notificationConfiguration = {
      eventBridgeConfiguration: { eventBridgeEnabled: true },
    };
  }
}

/**
 * A bucket for the access logs of others. Services that write them encrypt by S3's own key alone. They hold network addresses
 * of readers and of whoever drops files, and names of files, and end like all logs.
 */
export function accessLogsBucket(
  scope: Construct,
  id: string,
  deployment: Deployment,
  objectOwnership = ObjectOwnership.BUCKET_OWNER_ENFORCED,
): Bucket {
  const bucket = new Bucket(scope, id, {
    encryption: BucketEncryption.S3_MANAGED,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership,
    enforceSSL: true,
    removalPolicy: removalOf(deployment),
    lifecycleRules: [
      { id: 'logs', expiration: Duration.days(deployment.retention.logDays) },
      { id: 'parts', abortIncompleteMultipartUploadAfter: Duration.days(1) },
    ],
  });
  acknowledge(bucket, {
    'AwsSolutions-S1': 'The access logs of the bucket of access logs would grow by themselves for ever',
  });
  return bucket;
}

const endsAfter = (prefix: string, days: number): LifecycleRule => ({
  id: prefix.replaceAll('/', '-'),
  prefix: `${prefix}/`,
  expiration: Duration.days(days),
});

/** What is replaced or deleted is gone soon after: a bucket with versions would keep erased persons otherwise. */
const tidy: LifecycleRule[] = [
  { id: 'versions', noncurrentVersionExpiration: Duration.days(NONCURRENT_DAYS) },
  { id: 'markers', expiredObjectDeleteMarker: true },
  { id: 'parts', abortIncompleteMultipartUploadAfter: Duration.days(1) },
];
