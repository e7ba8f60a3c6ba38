import { RemovalPolicy } from 'aws-cdk-lib';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';

/** A group of logs that end by themselves, encrypted by our key. Logs hold no persons, and go with the deployment. */
export const houseLogs = (
  scope: Construct,
  id: string,
  { deployment, key, name }: { deployment: Deployment; key: Key; name?: string },
): LogGroup =>
  new LogGroup(scope, id, {
    retention: deployment.retention.logDays as RetentionDays,
    encryptionKey: key,
    removalPolicy: RemovalPolicy.DESTROY,
    ...(name === undefined ? {} : { logGroupName: name }),
  });
