import type { Template } from './rules.ts';

const one = (id: string, Type: string, Properties: Record<string, unknown> = {}): Template => ({
  Resources: { [id]: { Type, Properties } },
});
const key = { 'Fn::GetAtt': ['Key961B73FD', 'Arn'] };
const policy = (statement: object): Template =>
  one('Policy', 'AWS::IAM::Policy', {
    PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 's3:GetObject', ...statement }] },
  });
const lake = (path: string) => ({ 'Fn::Join': ['', [{ 'Fn::GetAtt': ['Lake', 'Arn'] }, path]] });

const goodMapping = {
  BisectBatchOnFunctionError: true,
  FunctionResponseTypes: ['ReportBatchItemFailures'],
  MaximumRetryAttempts: 3,
  MaximumRecordAgeInSeconds: 3600,
  DestinationConfig: { OnFailure: { Destination: 'arn' } },
};
const mapping = (changes: object) =>
  one('Mapping', 'AWS::Lambda::EventSourceMapping', { ...goodMapping, ...changes });

/** Templates that break the rule of event sources, and how. */
export const BAD_EVENT_SOURCES: [Template, string][] = [
  [mapping({ BisectBatchOnFunctionError: undefined }), 'does not bisect'],
  [mapping({ FunctionResponseTypes: undefined }), 'takes no partial response'],
  [mapping({ MaximumRetryAttempts: -1 }), 'retries for ever'],
  [mapping({ MaximumRetryAttempts: undefined }), 'retries for ever'],
  [mapping({ MaximumRecordAgeInSeconds: -1 }), 'tries records however old'],
  [mapping({ DestinationConfig: undefined }), 'has nowhere to put what fails'],
];

export const BAD_ENCRYPTION: [Template, string][] = [
  [one('Lake', 'AWS::S3::Bucket'), 'Lake is not'],
  [
    one('Lake', 'AWS::S3::Bucket', {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } }],
      },
    }),
    'Lake is not',
  ],
  [one('Links', 'AWS::DynamoDB::GlobalTable', { Replicas: [{ SSESpecification: {} }] }), 'Links is not'],
  [
    one('Stream', 'AWS::Kinesis::Stream', { StreamEncryption: { KeyId: 'alias/aws/kinesis' } }),
    'Stream is not',
  ],
  [
    one('Rows', 'AWS::KinesisFirehose::DeliveryStream', {
      DeliveryStreamEncryptionConfigurationInput: { KeyARN: key },
    }),
    'Rows is not',
  ],
  [one('Logs', 'AWS::Logs::LogGroup', {}), 'Logs is not'],
  [one('Queue', 'AWS::SQS::Queue', { SqsManagedSseEnabled: true }), 'Queue is not'],
];

export const BAD_WILDCARDS: [Template, string][] = [
  [policy({ Action: 's3:*', Resource: lake('/landing/*') }), 'may s3:*'],
  [policy({ Action: ['s3:Get*'], Resource: lake('/landing/*') }), 'may s3:Get*'],
  [policy({ Resource: '*' }), 'with *'],
  [policy({ Action: 'dynamodb:PutItem', Resource: '*' }), 'with *'],
  [policy({ Resource: lake('/*') }), '<Lake.Arn>/*'],
  [policy({ Action: 'glue:GetTable', Resource: 'arn:aws:glue:eu-central-1:1:table/*' }), 'table/*'],
  [policy({ Action: 'kinesis:PutRecords', Resource: 'arn:aws:kinesis:eu-central-1:1:*' }), ':*'],
  [
    one('Role', 'AWS::IAM::Role', { ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] }),
    'managed policy',
  ],
  [
    one('Role', 'AWS::IAM::Role', {
      Policies: [
        { PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }] } },
      ],
    }),
    'with *',
  ],
];

export const BAD_LOGS: [Template, string][] = [
  [one('Logs', 'AWS::Logs::LogGroup', { KmsKeyId: key }), 'keeps logs for ever'],
  [one('Function', 'AWS::Lambda::Function', {}), 'logs that it makes itself'],
  [one('Function', 'AWS::Lambda::Function', { TracingConfig: { Mode: 'PassThrough' } }), 'is not traced'],
];

const closed = {
  PublicAccessBlockConfiguration: {
    BlockPublicAcls: true,
    BlockPublicPolicy: true,
    IgnorePublicAcls: true,
    RestrictPublicBuckets: true,
  },
};
const withPolicy = (properties: object, ...Statement: object[]): Template => ({
  Resources: {
    Files: { Type: 'AWS::S3::Bucket', Properties: { ...properties } },
    FilesPolicy: {
      Type: 'AWS::S3::BucketPolicy',
      Properties: { Bucket: { Ref: 'Files' }, PolicyDocument: { Statement } },
    },
  },
});
const wantsTls = { Effect: 'Deny', Principal: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } };

export const BAD_BUCKETS: [Template, string][] = [
  [withPolicy({}, wantsTls), 'may be made public'],
  [
    withPolicy(
      {
        PublicAccessBlockConfiguration: {
          ...closed.PublicAccessBlockConfiguration,
          BlockPublicPolicy: false,
        },
      },
      wantsTls,
    ),
    'may be made public',
  ],
  [withPolicy(closed, wantsTls, { Effect: 'Allow', Principal: '*' }), 'open to anybody'],
  [withPolicy(closed, wantsTls, { Effect: 'Allow', Principal: { AWS: '*' } }), 'open to anybody'],
  [withPolicy(closed), 'without TLS'],
  [
    withPolicy({ ...closed, VersioningConfiguration: { Status: 'Enabled' } }, wantsTls),
    'keeps what was deleted for ever',
  ],
  [
    withPolicy(
      {
        ...closed,
        VersioningConfiguration: { Status: 'Enabled' },
        LifecycleConfiguration: { Rules: [{ Prefix: 'landing/', NoncurrentVersionExpiration: {} }] },
      },
      wantsTls,
    ),
    'keeps what was deleted for ever',
  ],
];

export const BAD_DEAD_LETTERS: [Template, string][] = [
  [one('Rule', 'AWS::Events::Rule', { Targets: [{ Arn: 'a' }] }), 'cannot hand over'],
  [one('Daily', 'AWS::Scheduler::Schedule', { Target: { Arn: 'a' } }), 'cannot make'],
  [one('Queue', 'AWS::SQS::Queue'), 'nobody is told'],
];

const alarm = (changes: object) =>
  one('Late', 'AWS::CloudWatch::Alarm', {
    AlarmDescription: 'Late. What to do: docs/runbooks/there.md',
    AlarmActions: ['a'],
    OKActions: ['a'],
    ...changes,
  });

export const BAD_ALARMS: [Template, string][] = [
  [alarm({ AlarmDescription: 'Late' }), 'names no page'],
  [alarm({ AlarmDescription: undefined }), 'names no page'],
  [alarm({ AlarmDescription: 'See docs/runbooks/nowhere.md' }), 'which is not there'],
  [alarm({ AlarmActions: [] }), 'tells nobody'],
  [alarm({ OKActions: undefined }), 'when it is over'],
];

const lambda = (Handler: string, Variables: object) => ({
  Type: 'AWS::Lambda::Function',
  Properties: { Handler, Environment: { Variables } },
});
const collect = 'functions/collect/index.handler';

/** For a function collect that reads A and B. */
export const BAD_FUNCTIONS: [Template, string][] = [
  [{ Resources: {} }, 'collect is deployed 0 times'],
  [
    { Resources: { One: lambda(collect, { A: '', B: '' }), Two: lambda(collect, { A: '', B: '' }) } },
    'collect is deployed 2 times',
  ],
  [{ Resources: { One: lambda(collect, { A: '' }) } }, 'collect is given A and reads A, B'],
  [{ Resources: { One: lambda(collect, { A: '', B: '', C: '' }) } }, 'is given A, B, C and reads A, B'],
  [
    { Resources: { One: lambda(collect, { A: '', B: '' }), Other: lambda('index.handler', {}) } },
    'Other is no function',
  ],
];
