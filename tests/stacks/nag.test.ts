import { Validations } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { beforeAll, describe, expect, test } from 'vitest';
import { allow } from '../../lib/stacks/allow.ts';
import { type Synthesized, synthesized } from './synthesized.ts';

let deployed: Synthesized;
beforeAll(() => {
  deployed = synthesized({ alarmsAddress: 'alarms@shop.example', programs: { nightly: 'marketer' } });
});

const PACKS = { AwsSolutions: AwsSolutionsChecks, Serverless: ServerlessChecks };
const findingsOf = (Pack: typeof AwsSolutionsChecks | typeof ServerlessChecks, scope: IConstruct) =>
  new Pack()
    .validateScope(scope)
    .violations.map(
      ({ ruleName, violatingResources }) =>
        `${ruleName} ${violatingResources.map(({ constructPath }) => constructPath).join(', ')}`,
    );

/** What was acknowledged, on which construct and why. */
function acknowledgements(scope: IConstruct): { path: string; depth: number; id: string; reason: string }[] {
  return scope.node.findAll().flatMap(({ node }) =>
    node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) =>
        Object.entries(data as Record<string, string>).map(([id, reason]) => ({
          path: node.path,
          depth: node.path.split('/').length,
          id: id.replace(/^annotation::/i, ''),
          reason,
        })),
      ),
  );
}

describe.each(Object.entries(PACKS))('the pack %s of cdk-nag', (_name, Pack) => {
  test.each(['ingest', 'warehouse', 'serve', 'operate'] as const)(
    'finds nothing in the stack %s',
    (stack) => {
      expect(findingsOf(Pack, deployed.stacks[stack])).toEqual([]);
    },
  );
});

test('the packs see what is wrong', () => {
  const { stacks } = synthesized();
  new Bucket(stacks.ingest, 'Open');
  const role = new Role(stacks.ingest, 'Wide', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  allow(role, { actions: ['s3:GetObject'], resources: ['*'], because: 'To be found' });
  const found = findingsOf(AwsSolutionsChecks, stacks.ingest);
  expect(found.join()).toContain('AwsSolutions-S1');
  expect(found.join()).toContain('AwsSolutions-S10');
  // Acknowledged with its reason, by its exact name.
  expect(found.join()).not.toContain('IAM5');
});

test('a wildcard needs a reason, and actions have none', () => {
  const { stacks } = synthesized();
  const role = new Role(stacks.ingest, 'Wide', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  expect(() => allow(role, { actions: ['s3:*'], resources: ['arn:aws:s3:::lake'] })).toThrow(
    /would be allowed s3:\*: name the actions one by one/,
  );
  expect(() => allow(role, { actions: ['s3:GetObject'], resources: ['arn:aws:s3:::lake/*'] })).toThrow(
    /lake\/\*: say why it needs the wildcard/,
  );
});

describe('what is acknowledged', () => {
  test('is acknowledged beside the resource and says why', () => {
    const all = acknowledgements(deployed.app);
    expect(all.filter(({ depth }) => depth < 2)).toEqual([]);
    expect(all.filter(({ reason }) => reason.length < 40)).toEqual([]);
  });

  test('is no more than this', () => {
    const counts = new Map<string, number>();
    for (const { id } of acknowledgements(deployed.app)) {
      const rule = id.replace(/\[.*$/, '');
      counts.set(rule, (counts.get(rule) ?? 0) + 1);
    }
    // Raise a number only with a reason that convinces somebody else.
    expect(Object.fromEntries([...counts].sort())).toEqual({
      'AwsSolutions-APIG4': 4,
      'AwsSolutions-CFR1': 1,
      'AwsSolutions-CFR2': 1,
      'AwsSolutions-CFR4': 1,
      'AwsSolutions-COG8': 1,
      'AwsSolutions-IAM5': 59,
      'AwsSolutions-KDS3': 1,
      'AwsSolutions-S1': 2,
      'AwsSolutions-SMG4': 1,
      'AwsSolutions-SQS3': 4,
      'Serverless-LambdaDLQ': 5,
      'Serverless-SNSRedrivePolicy': 1,
      'Serverless-SQSRedrivePolicy': 4,
    });
  });
});
