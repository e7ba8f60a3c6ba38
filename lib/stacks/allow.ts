import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { acknowledge, nameInFindings } from './acknowledge.ts';

export interface Allowed {
  actions: readonly string[];
  resources: readonly string[];
  /** Why a resource may hold a wildcard; without it none may. */
  because?: string;
  conditions?: Record<string, Record<string, string | string[]>>;
}

/** Wildcards of a role that a reason was given for: each is told once. */
const told = new WeakMap<Role, Set<string>>();

/**
 * Lets a role do something, and nothing besides. Actions are named one by one.
 * @throws Error where an action has a wildcard, or a resource has one and nobody says why
 */
export function allow(role: Role, { actions, resources, because, conditions }: Allowed): void {
  const wild = actions.find((action) => action.includes('*'));
  if (wild) throw new Error(`${role.node.path} would be allowed ${wild}: name the actions one by one`);
  const names = resources.map((resource) => nameInFindings(Stack.of(role).resolve(resource)));
  for (const name of names.filter((one) => one.includes('*'))) {
    if (because === undefined)
      throw new Error(`${role.node.path} would be allowed ${name}: say why it needs the wildcard`);
    const before = told.get(role) ?? new Set();
    if (!before.has(name)) acknowledge(role, { [`AwsSolutions-IAM5[Resource::${name}]`]: because });
    told.set(role, before.add(name));
  }
  role.addToPolicy(
    new PolicyStatement({
      actions: [...actions],
      resources: [...resources],
      ...(conditions === undefined ? {} : { conditions }),
    }),
  );
}

/** What may be done with objects of a bucket. */
const OBJECTS = {
  read: ['s3:GetObject'],
  write: ['s3:PutObject', 's3:AbortMultipartUpload'],
  remove: ['s3:DeleteObject'],
} as const;

/**
 * Lets a role reach the objects below some prefixes of a bucket, and list those prefixes where it reads.
 * @param bucketArn ARN of the bucket, as the role's stack sees it
 * @param prefixes each without a slash at its end
 */
export function allowObjects(
  role: Role,
  bucketArn: string,
  prefixes: readonly string[],
  may: readonly (keyof typeof OBJECTS)[],
): void {
  allow(role, {
    actions: may.flatMap((one) => OBJECTS[one]),
    resources: prefixes.map((prefix) => `${bucketArn}/${prefix}/*`),
    because: 'The keys of objects are not known beforehand; all of them lie below this prefix',
  });
  if (may.includes('read'))
    allow(role, {
      actions: ['s3:ListBucket'],
      resources: [bucketArn],
      // "If exists": reading an object that is not there names no prefix, and S3 says that it is not there only to who may
      // list; others are told that it is forbidden.
      conditions: {
        StringLikeIfExists: { 's3:prefix': prefixes.flatMap((prefix) => [prefix, `${prefix}/*`]) },
      },
    });
}

/** Lets a role read and write what a key encrypts. */
export function allowKey(role: Role, keyArn: string): void {
  allow(role, { actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [keyArn] });
}

/** Lets a role read and write tables that a key encrypts: DynamoDB uses the key in the name of whoever asks. */
export function allowTableKey(role: Role, keyArn: string): void {
  allow(role, {
    actions: ['kms:DescribeKey', 'kms:Encrypt', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'],
    resources: [keyArn],
  });
}

/** Lets a role look up stores and erased persons, and write down stores that it learns of. */
export function allowRegistry(role: Role, tableArn: string): void {
  allow(role, {
    actions: ['dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:BatchWriteItem'],
    resources: [tableArn],
  });
}

/**
 * ARN of a bucket as a stack sees it: where the bucket is of another stack, by the name that it is exported under, which
 * is the same before and after synthesis.
 */
export function arnFor(scope: Role | Stack, bucket: Bucket): string {
  const owner = Stack.of(bucket);
  return owner === Stack.of(scope) ? bucket.bucketArn : owner.exportValue(bucket.bucketArn);
}
