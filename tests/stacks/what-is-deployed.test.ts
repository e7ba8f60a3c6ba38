import { App, CfnResource } from 'aws-cdk-lib';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { databaseOf, shownDatabaseOf } from '../../lib/adapters/aws/athena/pointer.ts';
import {
  LANDED_TABLES,
  landingColumns,
  landingLocation,
  landingTable as landingTableOfBuilds,
} from '../../lib/adapters/aws/athena/raw-statements.ts';
import { openFunctionLog } from '../../lib/adapters/aws/logging.ts';
import { METRICS } from '../../lib/adapters/aws/metric-names.ts';
import { ROLE_NAMES } from '../../lib/api/roles.ts';
import { landedColumns } from '../../lib/domain/landed-columns.ts';

import { deployAll } from '../../lib/stacks/deploy-all.ts';
import { DEPLOYMENT } from '../../lib/stacks/deployment.ts';
import { FEATURE_FLAGS, STRICT } from '../../lib/stacks/feature-flags.ts';
import { LANDING_TABLES, landingTable } from '../../lib/stacks/landing-tables.ts';
import { READER_ROLES } from '../../lib/stacks/reader-roles.ts';
import { at, flat, listOf, type Named, resourcesOf, statementsOf, type Template } from './rules.ts';
import { emptyBundles, folderFor, type Synthesized, synthesizedOnce } from './synthesized.ts';

let deployed: Synthesized;
let templates: Template[] = [];
beforeAll(() => {
  deployed = synthesizedOnce();
  templates = Object.values(deployed.templates);
});

const only = (type: string): Named => {
  const [found, ...more] = resourcesOf(templates, type);
  expect(more).toEqual([]);
  return found!;
};
const functionNamed = (name: string) =>
  resourcesOf(templates, 'AWS::Lambda::Function').find(
    ({ properties }) => properties.Handler === `functions/${name}/index.handler`,
  )!;

describe('landing', () => {
  test('has the tables that a build reads, and Firehose a stream for each', () => {
    expect([...LANDING_TABLES].sort()).toEqual([...LANDED_TABLES].sort());
    expect(LANDED_TABLES.map(landingTable)).toEqual(LANDED_TABLES.map(landingTableOfBuilds));
    const names = resourcesOf(templates, 'AWS::KinesisFirehose::DeliveryStream').map(
      ({ properties }) => properties.DeliveryStreamName,
    );
    expect([...names].sort()).toEqual(
      LANDED_TABLES.map((table) => `ropo-prod-${table.replaceAll('_', '-')}`).sort(),
    );
  });

  test.each(LANDED_TABLES)('%s has the columns and the place that a build expects', (table) => {
    const its = resourcesOf(templates, 'AWS::Glue::Table').find(
      ({ properties }) => at(properties, 'TableInput', 'Name') === landingTable(table),
    )!;
    const columns = listOf(at(its.properties, 'TableInput', 'StorageDescriptor', 'Columns')).map((column) => [
      at(column, 'Name'),
      at(column, 'Type'),
    ]);
    expect(columns).toEqual(
      Object.entries(landingColumns(landedColumns(table))).map(([name, type]) => [
        name,
        type === 'varchar' ? 'string' : type,
      ]),
    );
    const location = flat(at(its.properties, 'TableInput', 'StorageDescriptor', 'Location'));
    const lake = resourcesOf(templates, 'AWS::S3::Bucket').find(({ id }) => id.startsWith('BucketsLake'))!;
    expect(location).toBe(landingLocation(`<${lake.id}>`, table));
    const stream = resourcesOf(templates, 'AWS::KinesisFirehose::DeliveryStream').find(({ properties }) =>
      String(properties.DeliveryStreamName).endsWith(table.replaceAll('_', '-')),
    )!;
    const to = at(stream.properties, 'ExtendedS3DestinationConfiguration');
    expect(at(to, 'Prefix')).toBe(`landing/${table}/arrived=!{timestamp:yyyy-MM-dd}/`);
    expect(at(to, 'DataFormatConversionConfiguration', 'SchemaConfiguration', 'TableName')).toBe(
      landingTable(table),
    );
    expect(String(at(to, 'ErrorOutputPrefix'))).not.toMatch(/^landing/);
  });
});

describe('who may do what', () => {
  const may = (name: string, action: string) =>
    statementsOf(templates)
      .filter(({ id, statement }) => id.startsWith(name) && listOf(statement.Action).includes(action))
      .flatMap(({ statement }) => listOf(statement.Resource).map(flat));

  test('a build reaches its own databases and the one that shows what is published', () => {
    const { landing } = deployed.stacks.ingest;
    expect(landing.shownName).toBe(shownDatabaseOf(landing.databaseName));
    const ours = landing.buildNames.replace('*', '');
    expect(databaseOf(landing.databaseName, '2025-03-31T04-30').startsWith(ours)).toBe(true);
    const tables = may('MachineRole', 'glue:CreateTable').map((arn) => arn.split(':').at(-1));
    expect(tables).toEqual(
      expect.arrayContaining([
        'database/ropo_prod_build_*',
        'table/ropo_prod_build_*/*',
        'table/ropo_prod/*',
        'database/ropo_prod',
        'table/ropo_prod_raw/*',
      ]),
    );
  });

  test.each(['MachineRole', 'BuildTablesRole', 'FitModelsRole'])(
    '%s drops databases of builds, and neither the raw tables nor what others made',
    (role) => {
      const dropped = may(role, 'glue:DeleteDatabase').map((arn) => arn.split(':').at(-1));
      expect(dropped.filter((name) => name?.startsWith('database/'))).toEqual(['database/ropo_prod_build_*']);
      const written = ['glue:CreateDatabase', 'glue:CreateTable', 'glue:DeleteTable'].flatMap((action) =>
        may(role, action),
      );
      expect(written.filter((arn) => arn.endsWith('/default'))).toEqual([]);
    },
  );

  test('readers make no tables and see no landing', () => {
    expect(may('KpiFunction', 'glue:CreateTable')).toEqual([]);
    expect(may('KpiFunction', 's3:DeleteObject')).toEqual([]);
    expect(may('KpiFunction', 's3:GetObject').join()).not.toMatch(/landing|large|aws\/lambda/);
  });

  test('the collector reads nothing that it took in', () => {
    expect(may('CollectRole', 'kinesis:GetRecords')).toEqual([]);
    expect(may('CollectRole', 's3:GetObject')).toEqual([]);
    expect(may('CollectRole', 'dynamodb:PutItem')).toEqual([]);
  });

  test('what fails is put at one place and not read', () => {
    const put = may('IngestRole', 's3:PutObject').filter((arn) => arn.includes('aws/lambda'));
    expect(put).toHaveLength(1);
    expect(may('IngestRole', 's3:GetObject').join()).not.toContain('aws/lambda');
  });
});

test('a consumer that begins anew takes all that the stream still has', () => {
  const { properties } = only('AWS::Lambda::EventSourceMapping');
  const stream = only('AWS::Kinesis::Stream');
  expect(properties.StartingPosition).toBe('TRIM_HORIZON');
  expect(properties.MaximumRecordAgeInSeconds).toBe(Number(stream.properties.RetentionPeriodHours) * 3600);
});

describe('the warehouse', () => {
  test('its workgroup holds for every query, encrypts, and ends what scans too much', () => {
    const { properties } = only('AWS::Athena::WorkGroup');
    const settings = properties.WorkGroupConfiguration;
    expect(at(settings, 'EnforceWorkGroupConfiguration')).toBe(true);
    expect(at(settings, 'BytesScannedCutoffPerQuery')).toBe(DEPLOYMENT.bytesPerQuery);
    expect(at(settings, 'EngineVersion', 'SelectedEngineVersion')).toBe('Athena engine version 3');
    expect(at(settings, 'ResultConfiguration', 'EncryptionConfiguration', 'EncryptionOption')).toBe(
      'SSE_KMS',
    );
  });

  test('the state machine calls our functions, and keeps no data in its log', () => {
    const { properties } = only('AWS::StepFunctions::StateMachine');
    const definition = flat(properties.DefinitionString);
    expect(definition).toContain(`<${functionNamed('build-tables').id}.Arn>`);
    expect(definition).toContain(`<${functionNamed('fit-models').id}.Arn>`);
    expect(JSON.parse(definition)).toMatchObject({ QueryLanguage: 'JSONata', StartAt: 'Begin' });
    expect(at(properties, 'LoggingConfiguration', 'IncludeExecutionData')).toBe(false);
  });

  test('it is begun by the clock of the shop', () => {
    const { properties } = only('AWS::Scheduler::Schedule');
    expect(properties.ScheduleExpression).toBe('cron(30 4 * * ? *)');
    expect(properties.ScheduleExpressionTimezone).toBe('Europe/Berlin');
  });
});

describe('what readers meet', () => {
  test('every route of the KPI API wants a token, and none of the collector', () => {
    const routes = resourcesOf([deployed.templates.Serve!], 'AWS::ApiGatewayV2::Route');
    expect(routes).toHaveLength(4);
    expect(routes.map(({ properties }) => properties.AuthorizationType)).toEqual(Array(4).fill('JWT'));
    const open = resourcesOf([deployed.templates.Ingest!], 'AWS::ApiGatewayV2::Route').map(
      ({ properties }) => properties.RouteKey,
    );
    expect(open.sort()).toEqual(['GET /health', 'GET /ropo.js', 'OPTIONS /v1/{path+}', 'POST /v1/{path+}']);
  });

  test('the page may ask its own origin and the one that signs in, and nobody else', () => {
    const policies = resourcesOf(templates, 'AWS::CloudFront::ResponseHeadersPolicy').map(({ properties }) =>
      flat(
        at(
          properties,
          'ResponseHeadersPolicyConfig',
          'SecurityHeadersConfig',
          'ContentSecurityPolicy',
          'ContentSecurityPolicy',
        ),
      ),
    );
    const page = policies.find((policy) => policy.includes('script-src'))!;
    expect(page).toContain("script-src 'self';");
    expect(page).toContain(
      "connect-src 'self' https://ropo-prod-<AWS::AccountId>.auth.eu-central-1.amazoncognito.com;",
    );
    expect(page).not.toMatch(/unsafe|\*/);
  });

  test('people are invited, with a second factor, and belong to a group that is their role', () => {
    const { properties } = only('AWS::Cognito::UserPool');
    expect(properties.MfaConfiguration).toBe('ON');
    expect(at(properties, 'AdminCreateUserConfig', 'AllowAdminCreateUserOnly')).toBe(true);
    const groups = resourcesOf(templates, 'AWS::Cognito::UserPoolGroup').map(
      ({ properties: its }) => its.GroupName,
    );
    expect(groups.sort()).toEqual(['manager', 'marketer', 'partner']);
  });

  test('roles are those of the API', () => {
    expect(READER_ROLES).toEqual(ROLE_NAMES);
  });

  test('a program gets the scope of its role and a token of its own', () => {
    const { templates: its } = synthesizedOnce({ programs: { nightly: 'marketer' } });
    const clients = resourcesOf([its.Serve!], 'AWS::Cognito::UserPoolClient');
    const program = clients.find(({ properties }) => properties.GenerateSecret === true)!;
    expect(program.properties.AllowedOAuthFlows).toEqual(['client_credentials']);
    expect(listOf(program.properties.AllowedOAuthScopes).map(flat).join()).toMatch(/^<[^>]*>\/marketer$/);
    const [authorizer] = resourcesOf([its.Serve!], 'AWS::ApiGatewayV2::Authorizer');
    expect(listOf(at(authorizer!.properties, 'JwtConfiguration', 'Audience'))).toHaveLength(2);
    const kpiApi = resourcesOf([its.Serve!], 'AWS::Lambda::Function').find(({ id }) =>
      id.startsWith('KpiFunction'),
    )!;
    expect(
      flat(at(kpiApi.properties, 'Environment', 'Variables', 'ROPO_TOKEN_AUDIENCE')).split(','),
    ).toHaveLength(2);
  });

  test('the page is published anew when it, or what it must know, changes', () => {
    const { properties } = only('Custom::RopoPage');
    expect(properties.contents).toMatch(/^[0-9a-f]{32,}$/);
    expect(flat(properties.settings)).toContain('"hosted_ui":"https://ropo-prod-');
    expect(flat(properties.ServiceToken)).toBe(`<${functionNamed('publish-page').id}.Arn>`);
  });
});

describe('what tells of trouble', () => {
  const alarmNamed = (name: string) =>
    resourcesOf(templates, 'AWS::CloudWatch::Alarm').find(
      ({ properties }) => properties.AlarmName === `ropo-prod-${name}`,
    )!;

  test('counts stand where the functions write them', () => {
    const said = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const { Variables } = functionNamed('build-tables').properties.Environment as {
      Variables: Record<string, string>;
    };
    vi.stubEnv('POWERTOOLS_METRICS_NAMESPACE', Variables.POWERTOOLS_METRICS_NAMESPACE);
    openFunctionLog('build-tables').count({ [METRICS.reconciliationFailed]: 1 });
    const written = JSON.parse(
      said.mock.calls.map(([line]) => String(line)).find((line) => line.includes('_aws'))!,
    );
    said.mockRestore();
    vi.unstubAllEnvs();
    const [told] = written._aws.CloudWatchMetrics;
    const { properties } = alarmNamed('reconciliation-failed');
    expect(properties).toMatchObject({
      Namespace: told.Namespace,
      MetricName: told.Metrics[0].Name,
      Dimensions: [{ Name: told.Dimensions[0][0], Value: written[told.Dimensions[0][0]] }],
      Statistic: 'Sum',
    });
    expect(told.Namespace).toBe('ropo-prod');
  });

  test('stale tables ring when nothing is told at all', () => {
    expect(alarmNamed('stale-tables').properties).toMatchObject({
      TreatMissingData: 'breaching',
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 1,
      Period: 3600,
      EvaluationPeriods: 28,
    });
  });

  test('every delivery stream is watched for rows that it cannot convert, and for time', () => {
    const watched = (name: string) =>
      [1, 2].flatMap((group) =>
        listOf(alarmNamed(`${name}-${group}`).properties.Metrics).flatMap((metric) =>
          listOf(at(metric, 'MetricStat', 'Metric', 'Dimensions')).map((dimension) =>
            flat(at(dimension, 'Value')),
          ),
        ),
      );
    expect(new Set(watched('rows-not-delivered')).size).toBe(LANDED_TABLES.length);
    expect(new Set(watched('delivery-late')).size).toBe(LANDED_TABLES.length);
  });

  test('a budget writes to the topic of the alarms', () => {
    const { properties } = only('AWS::Budgets::Budget');
    expect(at(properties, 'Budget', 'BudgetLimit')).toEqual({ Amount: 300, Unit: 'USD' });
    expect(listOf(properties.NotificationsWithSubscribers)).toHaveLength(3);
    expect(JSON.stringify(properties)).toContain(only('AWS::SNS::Topic').id);
  });

  test('an address is written to where the deployment names one', () => {
    expect(resourcesOf(templates, 'AWS::SNS::Subscription')).toEqual([]);
    const { templates: its } = synthesizedOnce({ alarmsAddress: 'alarms@shop.example' });
    expect(resourcesOf([its.Operate!], 'AWS::SNS::Subscription')[0]!.properties.Endpoint).toBe(
      'alarms@shop.example',
    );
  });
});

describe('deployments beside each other', () => {
  /** Names that CloudFormation does not make itself. */
  const namesOf = (all: Template[]) =>
    resourcesOf(all).flatMap(({ type, properties }) =>
      Object.entries({
        ...properties,
        ...(at(properties, 'TableInput') as object),
        ...(at(properties, 'Budget') as object),
      })
        .filter(
          ([name, value]) => /^(\w*Name|Name|Domain|AlarmName)$/.test(name) && typeof value !== 'object',
        )
        .map(([name, value]) => `${type} ${name} ${String(value)}`),
    );
  /** Names inside something that has a name of its own, of kinds of metrics, and that need not differ. */
  const INSIDE =
    /^AWS::(Glue::Table |IAM::Policy |CloudWatch::Alarm MetricName|Logs::LogStream|ApiGatewayV2::\w+ (StageName|Name (Readers|\$default))|Cognito::UserPoolGroup)/;

  test('share no name', () => {
    const other = Object.values(synthesizedOnce({ stage: 'trial' }).templates);
    const shared = namesOf(templates).filter((name) => namesOf(other).includes(name) && !INSIDE.test(name));
    expect(shared).toEqual([]);
  });

  test('reach no database of each other in the catalogue', () => {
    const { landing } = synthesizedOnce({ stage: 'trial' }).stacks.ingest;
    const theirs = [
      landing.databaseName,
      landing.shownName,
      databaseOf(landing.databaseName, '20250331t043000-1a2b3c4d'),
    ].flatMap((database) => [`database/${database}`, `table/${database}/purchases`]);
    const reached = statementsOf(templates)
      .filter(({ statement }) =>
        listOf(statement.Action).some((action) => String(action).startsWith('glue:')),
      )
      .flatMap(({ statement }) => listOf(statement.Resource).map((arn) => flat(arn).split(':').at(-1)!));
    expect(reached.length).toBeGreaterThan(20);
    const patterns = new Set(reached);
    for (const pattern of patterns) {
      const fits = new RegExp(`^${pattern.replaceAll('*', '.*')}$`);
      expect(theirs.filter((name) => fits.test(name))).toEqual([]);
    }
  });

  test('data stay where it says keep, and go where it says destroy', () => {
    const stores = [
      'AWS::S3::Bucket',
      'AWS::DynamoDB::GlobalTable',
      'AWS::Kinesis::Stream',
      'AWS::KMS::Key',
      'AWS::SecretsManager::Secret',
      'AWS::Cognito::UserPool',
    ];
    const policies = (all: Template[]) =>
      resourcesOf(all, ...stores)
        .filter(({ id }) => !id.startsWith('PageFiles'))
        .map(({ deletionPolicy }) => deletionPolicy);
    const gone = Object.values(synthesizedOnce({ stage: 'trial', removal: 'destroy' }).templates);
    expect(new Set(policies(templates))).toEqual(new Set(['Retain']));
    expect(new Set(policies(gone))).toEqual(new Set(['Delete']));
    expect(policies(gone).length).toBe(policies(templates).length);
  });
});

// It starts an engine of its own, which takes a while.
describe('the validation of CloudFormation schemas', () => {
  const app = () => new App({ context: { ...FEATURE_FLAGS, ...STRICT }, outdir: folderFor('cdk') });

  test('finds nothing', () => {
    const valid = app();
    deployAll(valid, { ...DEPLOYMENT, alarmsAddress: 'alarms@shop.example' }, emptyBundles());
    expect(() => valid.synth()).not.toThrow();
  });

  test('ends in an error where there is something', () => {
    const broken = app();
    const { operate } = deployAll(broken, DEPLOYMENT, emptyBundles());
    new CfnResource(operate, 'Broken', { type: 'AWS::SQS::Queue', properties: { NoSuchThing: 1 } });
    expect(() => broken.synth()).toThrow(/[Vv]alidation/);
  });
});

test('a body that is too large for the stream stays as long as any record that names it', () => {
  const rules = resourcesOf(templates, 'AWS::S3::Bucket').flatMap(({ properties }) =>
    listOf(at(properties, 'LifecycleConfiguration', 'Rules')),
  );
  const daysOf = (prefix: string) =>
    Number(
      at(
        rules.find((rule) => at(rule, 'Prefix') === prefix),
        'ExpirationInDays',
      ),
    );
  const { streamHours } = DEPLOYMENT.retention;
  expect(daysOf('large/')).toBeGreaterThanOrEqual(daysOf('aws/lambda/') + streamHours / 24);
});
