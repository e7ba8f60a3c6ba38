import { CfnOutput, Duration, Stack, TimeZone } from 'aws-cdk-lib';
import { CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { allow, allowKey, allowObjects, allowTableKey, arnFor } from './allow.ts';
import { buildMachine } from './build-machine.ts';
import { DeadLetters } from './dead-letters.ts';
import type { Deployment } from './deployment.ts';
import { HouseFunction } from './house-function.ts';
import { houseLogs } from './house-logs.ts';
import type { House, IngestStack, RopoStackProps } from './ingest-stack.ts';
import { LAKE } from './lake.ts';
import { allowQueries } from './warehouse-access.ts';

export interface WarehouseStackProps extends RopoStackProps {
  ingest: IngestStack;
}

/** The build: the workgroup of all queries, the state machine that runs sql/, and its schedule. */
export class WarehouseStack extends Stack {
  readonly workgroupName: string;
  readonly buildTables: HouseFunction<'build-tables'>;
  readonly fitModels: HouseFunction<'fit-models'>;
  readonly machine: StateMachine;
  /** Starts of a build that the schedule could not make. */
  readonly notStarted: DeadLetters;

  constructor(scope: Construct, id: string, props: WarehouseStackProps) {
    super(scope, id, props);
    const { deployment, bundles, ingest } = props;
    const house = { deployment, bundles, key: ingest.key };
    this.workgroupName = `ropo-${deployment.stage}`;
    const workgroup = workgroupOf(this, this.workgroupName, deployment, ingest);

    this.buildTables = new HouseFunction(this, 'BuildTables', {
      ...house,
      name: 'build-tables',
      memoryMb: 1024,
      timeout: Duration.minutes(15),
      environment: {
        ROPO_LAKE_BUCKET: ingest.buckets.lake.bucketName,
        ROPO_WORKGROUP: this.workgroupName,
        ROPO_RAW_DATABASE: ingest.landing.databaseName,
        ROPO_SECRET: ingest.secret.secretArn,
        ROPO_IDENTITIES_TABLE: ingest.tables.identities.tableName,
        ROPO_REGISTRY_TABLE: ingest.tables.registry.tableName,
      },
    });
    this.fitModels = new HouseFunction(this, 'FitModels', {
      ...house,
      name: 'fit-models',
      memoryMb: deployment.modelMemoryMb,
      timeout: Duration.minutes(15),
      environment: {
        ROPO_LAKE_BUCKET: ingest.buckets.lake.bucketName,
        ROPO_WORKGROUP: this.workgroupName,
        ROPO_RAW_DATABASE: ingest.landing.databaseName,
      },
    });
    for (const { role } of [this.buildTables, this.fitModels])
      allowQueries(role, { ingest, workgroup: this.workgroupName, makesTables: true });
    this.#allowErasing(ingest);

    this.machine = this.#machine(house, ingest);
    this.machine.node.addDependency(workgroup);
    this.notStarted = new DeadLetters(this, 'NotStarted', { key: ingest.key });
    this.#schedule(deployment, ingest);

    new CfnOutput(this, 'Workgroup', {
      description: `Athena workgroup of all queries; results lie in ${LAKE.queryResults}/`,
      value: this.workgroupName,
    });
    new CfnOutput(this, 'Database', {
      description:
        'Shows the tables of the published build, for SQL and BI tools; there after the first build',
      value: ingest.landing.shownName,
    });
    new CfnOutput(this, 'BuildMachineArn', {
      description: 'aws stepfunctions start-execution --state-machine-arn with this begins a build at once',
      value: this.machine.stateMachineArn,
    });
  }

  /** An erasure takes the links of a person away and the records that were refused, and is remembered for ever. */
  #allowErasing({ buckets, key, secret, tables }: IngestStack): void {
    const { role } = this.buildTables;
    allowTableKey(role, key.keyArn);
    const lake = arnFor(role, buckets.lake);
    allowObjects(role, lake, [LAKE.seeds], ['read']);
    allowObjects(role, lake, [LAKE.rejections], ['write', 'remove']);
    allow(role, { actions: ['secretsmanager:GetSecretValue'], resources: [secret.secretArn] });
    allow(role, {
      actions: [
        'dynamodb:BatchGetItem',
        'dynamodb:BatchWriteItem',
        'dynamodb:DeleteItem',
        'dynamodb:PutItem',
        'dynamodb:Query',
      ],
      resources: [tables.identities.tableArn, tables.linksByWeakKey, tables.registry.tableArn],
    });
  }

  #machine(house: House, ingest: IngestStack): StateMachine {
    const { deployment } = house;
    const role = new Role(this, 'MachineRole', {
      assumedBy: new ServicePrincipal('states.amazonaws.com'),
      description: `What a build of ${deployment.stage} may do`,
    });
    allow(role, {
      actions: ['lambda:InvokeFunction'],
      resources: [this.buildTables.function.functionArn, this.fitModels.function.functionArn],
    });
    allowQueries(role, { ingest, workgroup: this.workgroupName, makesTables: true });
    allow(role, {
      actions: [
        'logs:CreateLogDelivery',
        'logs:GetLogDelivery',
        'logs:UpdateLogDelivery',
        'logs:DeleteLogDelivery',
        'logs:ListLogDeliveries',
        'logs:PutResourcePolicy',
        'logs:DescribeResourcePolicies',
        'logs:DescribeLogGroups',
        'xray:PutTraceSegments',
        'xray:PutTelemetryRecords',
        'xray:GetSamplingRules',
        'xray:GetSamplingTargets',
      ],
      resources: ['*'],
      because: 'Delivery of logs and X-Ray have no resources that a permission could name',
    });
    const machine = new StateMachine(this, 'Build', {
      comment: `A build of ropo, ${deployment.stage}`,
      definitionBody: DefinitionBody.fromString(
        this.toJsonString(
          buildMachine({
            buildTables: this.buildTables.function.functionArn,
            fitModels: this.fitModels.function.functionArn,
            workgroup: this.workgroupName,
          }),
        ),
      ),
      role: role.withoutPolicyUpdates(),
      tracingEnabled: true,
      logs: {
        // Names of groups that services write to begin so, or a policy of the account would grow with each.
        destination: houseLogs(this, 'MachineLogs', {
          deployment,
          key: house.key,
          name: `/aws/vendedlogs/states/ropo-${deployment.stage}-build`,
        }),
        level: LogLevel.ALL,
        includeExecutionData: false,
      },
    });
    machine.node.addDependency(role);
    return machine;
  }

  #schedule(deployment: Deployment, ingest: IngestStack): void {
    const role = new Role(this, 'ScheduleRole', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com'),
      description: `Starts builds of ${deployment.stage}`,
    });
    allow(role, { actions: ['states:StartExecution'], resources: [this.machine.stateMachineArn] });
    allow(role, { actions: ['sqs:SendMessage'], resources: [this.notStarted.queue.queueArn] });
    allowKey(role, ingest.key.keyArn);
    const [hour, minute] = deployment.buildAt.split(':').map(Number);
    new Schedule(this, 'Daily', {
      description: `A build of ropo, ${deployment.stage}, each day`,
      schedule: ScheduleExpression.expression(
        `cron(${minute} ${hour} * * ? *)`,
        TimeZone.of(deployment.timeZone),
      ),
      target: new StepFunctionsStartExecution(this.machine, {
        input: ScheduleTargetInput.fromObject({}),
        role,
        deadLetterQueue: this.notStarted.queue,
        retryAttempts: 10,
        maxEventAge: Duration.hours(2),
      }),
    });
  }
}

/** The workgroup: its settings hold for every query, results are encrypted, and a query that scans too much is ended. */
function workgroupOf(
  scope: Construct,
  name: string,
  deployment: Deployment,
  ingest: IngestStack,
): CfnWorkGroup {
  return new CfnWorkGroup(scope, 'Queries', {
    name,
    description: `Every query of ropo, ${deployment.stage}`,
    recursiveDeleteOption: true,
    state: 'ENABLED',
    workGroupConfiguration: {
      enforceWorkGroupConfiguration: true,
      publishCloudWatchMetricsEnabled: true,
      bytesScannedCutoffPerQuery: deployment.bytesPerQuery,
      engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
      resultConfiguration: {
        outputLocation: `s3://${ingest.buckets.lake.bucketName}/${LAKE.queryResults}/`,
        encryptionConfiguration: { encryptionOption: 'SSE_KMS', kmsKey: ingest.key.keyArn },
      },
    },
  });
}
