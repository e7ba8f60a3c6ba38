import type { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { removalOf } from './data-key.ts';
import type { Deployment } from './deployment.ts';

/**
 * The shop's secret: what identifiers are hashed with, made once and at random, and the keys of senders and readers, of
 * which there are none yet. Nothing of this description may change after the first deployment: CloudFormation would make
 * another secret, under which nobody is known any more.
 */
export function shopSecret(
  scope: Construct,
  id: string,
  { deployment, key }: { deployment: Deployment; key: Key },
): Secret {
  const secret = new Secret(scope, id, {
    description: `What identifiers are hashed with, and keys of senders and readers, of ropo, ${deployment.stage}`,
    encryptionKey: key,
    removalPolicy: removalOf(deployment),
    generateSecretString: {
      secretStringTemplate: JSON.stringify({ keys: [] }),
      generateStringKey: 'identity_secret',
      // 64 hexadecimal digits.
      passwordLength: 64,
      excludePunctuation: true,
      excludeUppercase: true,
      excludeCharacters: 'ghijklmnopqrstuvwxyz',
      requireEachIncludedType: false,
    },
  });
  acknowledge(secret, {
    'AwsSolutions-SMG4':
      'Identifiers are hashed with it: under another secret no person of before would be known again. Keys of senders end one by one',
  });
  return secret;
}
