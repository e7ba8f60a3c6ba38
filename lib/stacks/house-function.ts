import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { Architecture, Code, Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { allow, allowKey } from './allow.ts';
import { DeadLetters } from './dead-letters.ts';
import type { Deployment } from './deployment.ts';
import type { EnvironmentOf, FunctionName } from './function-environment.ts';
import { houseLogs } from './house-logs.ts';
import { metricNamespace } from './house-metrics.ts';

export interface HouseFunctionProps<Name extends FunctionName> {
  /** Its file in functions/, which is its bundle too. */
  name: Name;
  deployment: Deployment;
  /** Folder of the bundles. */
  bundles: string;
  /** Encrypts its logs and its environment. */
  key: Key;
  environment: EnvironmentOf<Name>;
  memoryMb: number;
  timeout: Duration;
  /**
   * Of a function that a service hands events to without waiting: how often it tries again. What still fails then lies in
   * a queue. Without it the function is only ever called by someone who waits for the answer.
   */
  triesAgain?: 0 | 1 | 2;
  /** Copies that may run at once, where the deployment sets it. */
  concurrency?: number | undefined;
}

/**
 * A function of functions/ as all of them are deployed: its own role, logs that end, traced, on arm64. Its role may write
 * its logs and traces; what else it may the stack says.
 */
export class HouseFunction<Name extends FunctionName> extends Construct {
  readonly function: LambdaFunction;
  readonly role: Role;
  /** Events that no try could handle, of a function that has triesAgain. */
  readonly deadLetters: DeadLetters | null;

  constructor(scope: Construct, id: string, props: HouseFunctionProps<Name>) {
    super(scope, id);
    const { name, deployment, key, triesAgain } = props;
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `What ${name} of ${deployment.stage} may do`,
    });
    const logs = houseLogs(this, 'Logs', { deployment, key });
    allow(this.role, {
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logs.logGroupArn],
      because: 'Every copy of the function opens a log stream of its own in this group',
    });
    allow(this.role, {
      actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
      resources: ['*'],
      because: 'X-Ray has no resources that a permission could name',
    });
    allowKey(this.role, key.keyArn);
    this.deadLetters = triesAgain === undefined ? null : new DeadLetters(this, 'DeadLetters', { key });
    if (this.deadLetters)
      allow(this.role, { actions: ['sqs:SendMessage'], resources: [this.deadLetters.queue.queueArn] });

    this.function = new LambdaFunction(this, 'Function', {
      description: `${name} of ropo, ${deployment.stage}`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: `functions/${name}/index.handler`,
      code: Code.fromAsset(bundleOf(name, props.bundles)),
      role: this.role.withoutPolicyUpdates(),
      memorySize: props.memoryMb,
      timeout: props.timeout,
      tracing: Tracing.ACTIVE,
      logGroup: logs,
      environmentEncryption: key,
      ...(props.concurrency === undefined ? {} : { reservedConcurrentExecutions: props.concurrency }),
      ...(this.deadLetters === null
        ? {}
        : {
            onFailure: new SqsDestination(this.deadLetters.queue),
            deadLetterQueue: this.deadLetters.queue,
            retryAttempts: triesAgain,
            maxEventAge: Duration.hours(6),
          }),
      environment: {
        ...props.environment,
        POWERTOOLS_METRICS_NAMESPACE: metricNamespace(deployment),
      },
    });
    // The policy must be there before the first call.
    this.function.node.addDependency(this.role);
    if (this.deadLetters === null)
      acknowledge(this.function, {
        'Serverless-LambdaDLQ':
          'Whoever calls this function waits for its answer and is told of a failure; no event is left to keep',
      });
  }
}

/**
 * Folder of a function's bundle.
 * @throws Error where it has not been made
 */
function bundleOf(name: FunctionName, bundles: string): string {
  const folder = join(bundles, name);
  if (!existsSync(join(folder, 'functions', name, 'index.mjs')))
    throw new Error(
      `There is no bundle of ${name} in ${folder}: bin/bundle-functions.ts makes it from functions/${name}.ts`,
    );
  return folder;
}
