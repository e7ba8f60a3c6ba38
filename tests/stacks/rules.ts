/** Rules of our own about what is deployed. Each takes templates and gives what breaks it, in words. */

export interface Resource {
  Type: string;
  Properties?: Record<string, unknown>;
  DeletionPolicy?: string;
}
export interface Template {
  Resources: Record<string, Resource>;
  Outputs?: Record<string, { Description?: string; Value: unknown }>;
}

/** A resource with the name it has in its template. */
export interface Named {
  id: string;
  type: string;
  properties: Record<string, unknown>;
  deletionPolicy: string | undefined;
}

export const resourcesOf = (templates: readonly Template[], ...types: string[]): Named[] =>
  templates.flatMap(({ Resources }) =>
    Object.entries(Resources)
      .filter(([, { Type }]) => types.length === 0 || types.includes(Type))
      .map(([id, { Type, Properties = {}, DeletionPolicy }]) => ({
        id,
        type: Type,
        properties: Properties,
        deletionPolicy: DeletionPolicy,
      })),
  );

/** A value inside another, by names and places. */
export function at(value: unknown, ...path: (string | number)[]): unknown {
  let found = value;
  for (const step of path) {
    if (found === null || typeof found !== 'object') return undefined;
    found = (found as Record<string | number, unknown>)[step];
  }
  return found;
}

export const listOf = (value: unknown): unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

/** A value as one text: references in angle brackets. */
export function flat(value: unknown): string {
  if (typeof value === 'string') return value;
  const join = at(value, 'Fn::Join');
  if (join) return (at(join, 1) as unknown[]).map(flat).join(String(at(join, 0)));
  const attribute = at(value, 'Fn::GetAtt');
  if (attribute) return `<${(attribute as string[]).join('.')}>`;
  const imported = at(value, 'Fn::ImportValue');
  if (imported) return `<${String(imported)}>`;
  const reference = at(value, 'Ref');
  return reference ? `<${String(reference)}>` : JSON.stringify(value ?? null);
}

/** A record of a stream that no try can store holds up none behind it and is not lost. */
export function eventSources(templates: readonly Template[]): string[] {
  return resourcesOf(templates, 'AWS::Lambda::EventSourceMapping').flatMap(({ id, properties }) => {
    const retries = Number(properties.MaximumRetryAttempts ?? -1);
    const age = Number(properties.MaximumRecordAgeInSeconds ?? -1);
    const lacks = [
      properties.BisectBatchOnFunctionError !== true && 'does not bisect',
      !listOf(properties.FunctionResponseTypes).includes('ReportBatchItemFailures') &&
        'takes no partial response',
      !(retries >= 0) && 'retries for ever',
      !(age >= 60) && 'tries records however old',
      at(properties, 'DestinationConfig', 'OnFailure', 'Destination') === undefined &&
        'has nowhere to put what fails',
    ];
    return lacks.filter((lack) => lack !== false).map((lack) => `${id} ${lack}`);
  });
}

/** Where the key of each kind of store stands. */
const KEY_OF: Record<string, (properties: Record<string, unknown>) => unknown[]> = {
  'AWS::S3::Bucket': (its) => [
    at(
      its,
      'BucketEncryption',
      'ServerSideEncryptionConfiguration',
      0,
      'ServerSideEncryptionByDefault',
      'KMSMasterKeyID',
    ),
  ],
  'AWS::DynamoDB::GlobalTable': (its) =>
    listOf(its.Replicas).map((replica) => at(replica, 'SSESpecification', 'KMSMasterKeyId')),
  'AWS::DynamoDB::Table': (its) => [at(its, 'SSESpecification', 'KMSMasterKeyId')],
  'AWS::Kinesis::Stream': (its) => [at(its, 'StreamEncryption', 'KeyId')],
  'AWS::KinesisFirehose::DeliveryStream': (its) => [
    at(its, 'DeliveryStreamEncryptionConfigurationInput', 'KeyARN'),
    at(
      its,
      'ExtendedS3DestinationConfiguration',
      'EncryptionConfiguration',
      'KMSEncryptionConfig',
      'AWSKMSKeyARN',
    ),
  ],
  'AWS::SQS::Queue': (its) => [its.KmsMasterKeyId],
  'AWS::SNS::Topic': (its) => [its.KmsMasterKeyId],
  'AWS::SecretsManager::Secret': (its) => [its.KmsKeyId],
  'AWS::Logs::LogGroup': (its) => [its.KmsKeyId],
  'AWS::Lambda::Function': (its) => [its.KmsKeyArn],
  'AWS::Athena::WorkGroup': (its) => [
    at(its, 'WorkGroupConfiguration', 'ResultConfiguration', 'EncryptionConfiguration', 'KmsKey'),
  ],
};

/**
 * Everything that may hold persons is encrypted by the key of the deployment.
 * @param holdsNone names of stores that hold no persons
 */
export function encryption(templates: readonly Template[], holdsNone: readonly RegExp[] = []): string[] {
  return resourcesOf(templates, ...Object.keys(KEY_OF))
    .filter(({ id }) => !holdsNone.some((name) => name.test(id)))
    .flatMap(({ id, type, properties }) => {
      const keys = KEY_OF[type]!(properties);
      const isOurs =
        keys.length > 0 && keys.every((key) => key !== undefined && /^<.*Key[0-9A-F]{8}/.test(flat(key)));
      return isOurs ? [] : [`${id} is not encrypted by our key`];
    });
}

/** Actions that no resource can be named for. */
const OF_NO_RESOURCE =
  /^(xray:|logs:\w*(LogDelivery|LogDeliveries|ResourcePolicy|ResourcePolicies|LogGroups)$)/;

interface Statement {
  Effect: string;
  Action: unknown;
  Resource: unknown;
  Principal?: unknown;
}

/** Statements of all roles, each with the name of what holds it. */
export function statementsOf(templates: readonly Template[]): { id: string; statement: Statement }[] {
  return resourcesOf(templates, 'AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::Role').flatMap(
    ({ id, properties }) => {
      const documents = [
        properties.PolicyDocument,
        ...listOf(properties.Policies).map((policy) => at(policy, 'PolicyDocument')),
      ].filter((document) => document !== undefined);
      return documents.flatMap((document) =>
        listOf(at(document, 'Statement')).map((statement) => ({ id, statement: statement as Statement })),
      );
    },
  );
}

/**
 * Nobody may do everything, or something with everything.
 * @param wholeBuckets names of buckets all of which a role may reach, since they hold one kind of thing
 */
export function wildcards(templates: readonly Template[], wholeBuckets: readonly RegExp[] = []): string[] {
  const managed = resourcesOf(templates, 'AWS::IAM::Role').flatMap(({ id, properties }) =>
    listOf(properties.ManagedPolicyArns).map((arn) => `${id} has the managed policy ${flat(arn)}`),
  );
  const wide = statementsOf(templates)
    .filter(({ statement }) => statement.Effect === 'Allow')
    .flatMap(({ id, statement }) => {
      const actions = listOf(statement.Action).map(String);
      const ofNone = actions.every((action) => OF_NO_RESOURCE.test(action));
      return [
        ...actions.filter((action) => action.includes('*')).map((action) => `${id} may ${action}`),
        ...listOf(statement.Resource)
          .map(flat)
          .filter((resource) => isWide(resource, ofNone, wholeBuckets))
          .map((resource) => `${id} may ${actions[0]} with ${resource}`),
      ];
    });
  return [...managed, ...wide];
}

function isWide(resource: string, ofNone: boolean, wholeBuckets: readonly RegExp[]): boolean {
  if (!resource.includes('*')) return false;
  if (resource === '*') return !ofNone;
  const [, holder, path] = /^<([^>]+)>\/(.*)$/.exec(resource) ?? [];
  if (holder !== undefined) return path!.startsWith('*') && !wholeBuckets.some((name) => name.test(holder));
  // arn:aws:glue:region:account:table/name_*/*: what is behind its kind must begin with a name.
  const [, name] = resource
    .replaceAll(/<[^>]*>/g, 'x')
    .split(':')
    .slice(5)
    .join(':')
    .split('/');
  return name === undefined || !/^[a-z][a-z0-9_-]{2,}/.test(name);
}

/** Every group of logs ends by itself, and every function writes to one that the template knows. */
export function logs(templates: readonly Template[]): string[] {
  return [
    ...resourcesOf(templates, 'AWS::Logs::LogGroup')
      .filter(({ properties }) => !(Number(properties.RetentionInDays) > 0))
      .map(({ id }) => `${id} keeps logs for ever`),
    ...resourcesOf(templates, 'AWS::Lambda::Function')
      .filter(({ properties }) => at(properties, 'LoggingConfig', 'LogGroup') === undefined)
      .map(({ id }) => `${id} writes to logs that it makes itself, which never end`),
    ...resourcesOf(templates, 'AWS::Lambda::Function')
      .filter(({ properties }) => at(properties, 'TracingConfig', 'Mode') !== 'Active')
      .map(({ id }) => `${id} is not traced`),
  ];
}

const BLOCKS = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'];

/** No bucket is public, all of them want TLS, and none keeps deleted objects for ever. */
export function buckets(templates: readonly Template[]): string[] {
  const policies = resourcesOf(templates, 'AWS::S3::BucketPolicy');
  const statementsFor = (bucket: string) =>
    policies
      .filter(({ properties }) => flat(properties.Bucket) === `<${bucket}>`)
      .flatMap(({ properties }) => listOf(at(properties, 'PolicyDocument', 'Statement')) as Statement[]);
  return resourcesOf(templates, 'AWS::S3::Bucket').flatMap(({ id, properties }) => {
    const statements = statementsFor(id);
    const isVersioned = at(properties, 'VersioningConfiguration', 'Status') === 'Enabled';
    const rules = listOf(at(properties, 'LifecycleConfiguration', 'Rules'));
    const wrong = [
      !BLOCKS.every((block) => at(properties, 'PublicAccessBlockConfiguration', block) === true) &&
        'may be made public',
      statements.some(
        ({ Effect, Principal }) =>
          Effect === 'Allow' && (Principal === '*' || listOf(at(Principal, 'AWS')).includes('*')),
      ) && 'is open to anybody',
      !statements.some(
        (statement) =>
          statement.Effect === 'Deny' &&
          at(statement, 'Condition', 'Bool', 'aws:SecureTransport') === 'false',
      ) && 'takes requests without TLS',
      isVersioned &&
        !rules.some(
          (rule) => at(rule, 'NoncurrentVersionExpiration') !== undefined && at(rule, 'Prefix') === undefined,
        ) &&
        'keeps what was deleted for ever',
    ];
    return wrong.filter((one) => one !== false).map((one) => `${id} ${one}`);
  });
}

/** What is handed over without waiting has a queue for what fails, and somebody is told of what lies in a queue. */
export function deadLetters(templates: readonly Template[]): string[] {
  const targets = resourcesOf(templates, 'AWS::Events::Rule').flatMap(({ id, properties }) =>
    listOf(properties.Targets)
      .filter((target) => at(target, 'DeadLetterConfig', 'Arn') === undefined)
      .map(() => `${id} loses what it cannot hand over`),
  );
  const schedules = resourcesOf(templates, 'AWS::Scheduler::Schedule')
    .filter(({ properties }) => at(properties, 'Target', 'DeadLetterConfig', 'Arn') === undefined)
    .map(({ id }) => `${id} loses starts that it cannot make`);
  const alarms = JSON.stringify(resourcesOf(templates, 'AWS::CloudWatch::Alarm'));
  const queues = resourcesOf(templates, 'AWS::SQS::Queue')
    .filter(({ id }) => !alarms.includes(id))
    .map(({ id }) => `nobody is told of what lies in ${id}`);
  return [...targets, ...schedules, ...queues];
}

const PAGE = /docs\/runbooks\/([a-z-]+)\.md/;

/**
 * Every alarm names its page, which is there, and tells somebody when it rings and when it is over.
 * @param pages names of the pages that are there
 */
export function alarms(templates: readonly Template[], pages: readonly string[]): string[] {
  return resourcesOf(templates, 'AWS::CloudWatch::Alarm').flatMap(({ id, properties }) => {
    const page = PAGE.exec(String(properties.AlarmDescription))?.[1];
    const wrong = [
      page === undefined && 'names no page of docs/runbooks',
      page !== undefined && !pages.includes(page) && `names the page ${page}, which is not there`,
      listOf(properties.AlarmActions).length === 0 && 'tells nobody',
      listOf(properties.OKActions).length === 0 && 'tells nobody when it is over',
    ];
    return wrong.filter((one) => one !== false).map((one) => `${id} ${one}`);
  });
}

/** What every function is given besides its own names. */
const OF_ALL_FUNCTIONS = ['POWERTOOLS_METRICS_NAMESPACE'];

/**
 * Every function is deployed once, with what it reads from its environment and no more.
 * @param reads names that each function reads
 */
export function functions(
  templates: readonly Template[],
  reads: Readonly<Record<string, readonly string[]>>,
): string[] {
  const deployed = resourcesOf(templates, 'AWS::Lambda::Function').map(({ id, properties }) => ({
    id,
    name: /^functions\/([a-z-]+)\/index\.handler$/.exec(String(properties.Handler))?.[1] ?? null,
    given: Object.keys((at(properties, 'Environment', 'Variables') ?? {}) as object)
      .filter((name) => !OF_ALL_FUNCTIONS.includes(name))
      .sort(),
  }));
  return [
    ...deployed
      .filter(({ name }) => name === null || !(name in reads))
      .map(({ id }) => `${id} is no function of functions/`),
    ...Object.entries(reads).flatMap(([name, names]) => {
      const its = deployed.filter((one) => one.name === name);
      if (its.length !== 1) return [`${name} is deployed ${its.length} times`];
      const [{ given }] = its as [(typeof its)[number]];
      const wanted = [...names].sort();
      return given.join() === wanted.join()
        ? []
        : [`${name} is given ${given.join(', ')} and reads ${wanted.join(', ')}`];
    }),
  ];
}
