import { Aws, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';

/** What keeps data that belong to a deployment when it is destroyed. */
export const removalOf = ({ removal }: Deployment) =>
  removal === 'keep' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;

/**
 * The key that everything of persons is encrypted by. Roles use it by their own policies; services that write for nobody's
 * role are named here, each only for what belongs to this account.
 */
export function dataKey(scope: Construct, id: string, deployment: Deployment): Key {
  const key = new Key(scope, id, {
    description: `Data of ropo, ${deployment.stage}`,
    enableKeyRotation: true,
    removalPolicy: removalOf(deployment),
  });
  const logs = `arn:${Aws.PARTITION}:logs:${deployment.region}:${Aws.ACCOUNT_ID}:log-group:*`;
  key.addToResourcePolicy(
    new PolicyStatement({
      sid: 'Logs',
      principals: [new ServicePrincipal(`logs.${deployment.region}.amazonaws.com`)],
      actions: [
        'kms:Encrypt',
        'kms:Decrypt',
        'kms:ReEncryptFrom',
        'kms:ReEncryptTo',
        'kms:GenerateDataKey',
        'kms:GenerateDataKeyWithoutPlaintext',
        'kms:DescribeKey',
      ],
      resources: ['*'],
      conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': logs } },
    }),
  );
  key.addToResourcePolicy(
    new PolicyStatement({
      sid: 'EventsAndBudgets',
      principals: [
        new ServicePrincipal('events.amazonaws.com'),
        new ServicePrincipal('budgets.amazonaws.com'),
      ],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    }),
  );
  // An alarm does not say for whom it asks. Whose alarms may write to the topic, the topic says.
  key.addToResourcePolicy(
    new PolicyStatement({
      sid: 'Alarms',
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: ['*'],
    }),
  );
  return key;
}
