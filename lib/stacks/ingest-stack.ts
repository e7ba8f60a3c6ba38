import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Stream, StreamEncryption, StreamMode } from 'aws-cdk-lib/aws-kinesis';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { EventSourceMapping, MetricType, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { allow, allowObjects, allowRegistry, allowTableKey } from './allow.ts';
import { dataKey, removalOf } from './data-key.ts';
import { Deliveries } from './deliveries.ts';
import type { Deployment } from './deployment.ts';
import { FileDrop } from './file-drop.ts';
import { HouseFunction } from './house-function.ts';
import { httpStage } from './http-stage.ts';
import { Buckets, LAKE } from './lake.ts';
import { LandingTables } from './landing-tables.ts';
import { PersonTables } from './person-tables.ts';
import { shopSecret } from './shop-secret.ts';
import { StreamFailures } from './stream-failures.ts';

export interface RopoStackProps extends StackProps {
  deployment: Deployment;
  /** Folder of the bundles of functions. */
  bundles: string;
}

/**
 * A batch that fails is tried so often, with growing waits, that a dependency may be away for a while; then its records lie
 * in the lake as a whole, and what is behind them goes on. Halving a batch uses none of these tries.
 */
const TRIES_AGAIN = 30;

/** What comes in, over HTTP and as files, and where it rests: stream, lake, tables of persons, secret and key. */
export class IngestStack extends Stack {
  readonly key: Key;
  readonly buckets: Buckets;
  readonly landing: LandingTables;
  readonly tables: PersonTables;
  readonly secret: Secret;
  readonly stream: Stream;
  readonly deliveries: Deliveries;
  readonly collectorApi: HttpApi;
  readonly collect: HouseFunction<'collect'>;
  readonly ingest: HouseFunction<'ingest'>;
  readonly ingestMapping: EventSourceMapping;
  readonly fileDrop: FileDrop;

  constructor(scope: Construct, id: string, props: RopoStackProps) {
    super(scope, id, props);
    const { deployment, bundles } = props;
    this.key = dataKey(this, 'Key', deployment);
    const house = { deployment, bundles, key: this.key };
    this.buckets = new Buckets(this, 'Buckets', house);
    const { lake } = this.buckets;
    this.landing = new LandingTables(this, 'Landing', { deployment, lake: lake.bucketName });
    this.tables = new PersonTables(this, 'Persons', house);
    this.secret = shopSecret(this, 'Secret', house);
    this.stream = new Stream(this, 'Stream', {
      streamMode: StreamMode.ON_DEMAND,
      encryption: StreamEncryption.KMS,
      encryptionKey: this.key,
      retentionPeriod: Duration.hours(deployment.retention.streamHours),
      removalPolicy: removalOf(deployment),
    });
    acknowledge(this.stream, {
      'AwsSolutions-KDS3':
        'The stream holds persons, so it is encrypted by the key of the deployment, whose use is ours to end',
    });
    this.deliveries = new Deliveries(this, 'Deliveries', { ...house, lake, landing: this.landing });

    this.collect = this.#collect(house);
    this.collectorApi = this.#collectorApi(deployment);
    this.ingest = this.#ingest(house);
    this.ingestMapping = this.#mapping(deployment.retention.streamHours);
    this.fileDrop = new FileDrop(this, 'FileDrop', { ...house, stack: this });

    new CfnOutput(this, 'CollectorUrl', {
      description: 'Where trackers, tills and back offices send to',
      value: this.collectorApi.apiEndpoint,
    });
    new CfnOutput(this, 'DropBucket', {
      description: 'Files put at incoming/<format>/<file> are imported',
      value: this.buckets.drop.bucketName,
    });
    new CfnOutput(this, 'LakeBucket', { value: lake.bucketName });
    new CfnOutput(this, 'StreamName', { value: this.stream.streamName });
    new CfnOutput(this, 'RawDatabase', { value: this.landing.databaseName });
    new CfnOutput(this, 'SecretArn', {
      description: 'Holds what identifiers are hashed with, and the keys of senders',
      value: this.secret.secretArn,
    });
  }

  #collect(house: House): HouseFunction<'collect'> {
    const collect = new HouseFunction(this, 'Collect', {
      ...house,
      name: 'collect',
      memoryMb: 1024,
      timeout: Duration.seconds(20),
      concurrency: house.deployment.concurrency.collect,
      environment: {
        ROPO_STREAM: this.stream.streamName,
        ROPO_LAKE_BUCKET: this.buckets.lake.bucketName,
        ROPO_SECRET: this.secret.secretArn,
      },
    });
    allow(collect.role, {
      actions: ['kinesis:PutRecords', 'kinesis:PutRecord'],
      resources: [this.stream.streamArn],
    });
    allow(collect.role, { actions: ['secretsmanager:GetSecretValue'], resources: [this.secret.secretArn] });
    allowObjects(collect.role, this.buckets.lake.bucketArn, [LAKE.large], ['write']);
    return collect;
  }

  #collectorApi(deployment: Deployment): HttpApi {
    const api = new HttpApi(this, 'CollectorApi', {
      apiName: `ropo-${deployment.stage}-collector`,
      description: `Collector of ropo, ${deployment.stage}`,
      createDefaultStage: false,
    });
    const integration = new HttpLambdaIntegration('Collect', this.collect.function);
    const routes = [
      ...api.addRoutes({ path: '/v1/{path+}', methods: [HttpMethod.POST, HttpMethod.OPTIONS], integration }),
      ...api.addRoutes({ path: '/ropo.js', methods: [HttpMethod.GET], integration }),
      ...api.addRoutes({ path: '/health', methods: [HttpMethod.GET], integration }),
    ];
    for (const route of routes)
      acknowledge(route, {
        'AwsSolutions-APIG4':
          'Browsers and tills send here, which cannot sign in. The collector itself asks for a write key, keeps a limit per key and for all, and takes records in only; the script and the state of health tell nothing',
      });
    httpStage(this, 'CollectorStage', { api, deployment, key: this.key, rate: deployment.collectorRate });
    return api;
  }

  #ingest(house: House): HouseFunction<'ingest'> {
    const { lake } = this.buckets;
    const ingest = new HouseFunction(this, 'Ingest', {
      ...house,
      name: 'ingest',
      memoryMb: 1792,
      timeout: Duration.minutes(2),
      concurrency: house.deployment.concurrency.ingest,
      environment: {
        ROPO_LAKE_BUCKET: lake.bucketName,
        ROPO_SECRET: this.secret.secretArn,
        ROPO_IDENTITIES_TABLE: this.tables.identities.tableName,
        ROPO_REGISTRY_TABLE: this.tables.registry.tableName,
        ROPO_DELIVERY_PREFIX: this.deliveries.prefix,
        ROPO_MATCHES_UNKNOWN_CONSENT: String(house.deployment.matchesUnknownConsent),
      },
    });
    allow(ingest.role, {
      actions: [
        'kinesis:DescribeStream',
        'kinesis:DescribeStreamSummary',
        'kinesis:GetRecords',
        'kinesis:GetShardIterator',
        'kinesis:ListShards',
      ],
      resources: [this.stream.streamArn],
    });
    allow(ingest.role, { actions: ['secretsmanager:GetSecretValue'], resources: [this.secret.secretArn] });
    const { identities, linksByWeakKey, registry } = this.tables;
    allow(ingest.role, {
      actions: ['dynamodb:BatchGetItem', 'dynamodb:Query', 'dynamodb:PutItem'],
      resources: [identities.tableArn, linksByWeakKey],
    });
    allowRegistry(ingest.role, registry.tableArn);
    allowTableKey(ingest.role, this.key.keyArn);
    allow(ingest.role, { actions: ['firehose:PutRecordBatch'], resources: this.deliveries.arns });
    allowObjects(ingest.role, lake.bucketArn, [LAKE.rejections], ['read', 'write', 'remove']);
    allowObjects(ingest.role, lake.bucketArn, [LAKE.large], ['read']);
    return ingest;
  }

  /** A bad record delays its neighbours at most; it holds up none and is lost never. */
  #mapping(retentionHours: number): EventSourceMapping {
    const mapping = new EventSourceMapping(this, 'StreamToIngest', {
      target: this.ingest.function,
      eventSourceArn: this.stream.streamArn,
      // A new consumer reads all that the stream still has: what it has seen before is told apart by its identity.
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 500,
      maxBatchingWindow: Duration.seconds(2),
      // Records of a person share a partition key, so that they stay in order all the same.
      parallelizationFactor: 4,
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      retryAttempts: TRIES_AGAIN,
      // As old as the stream lets a record become: who replays all of it would lose what is older.
      maxRecordAge: Duration.hours(retentionHours),
      onFailure: new StreamFailures(this.buckets.lake, this.ingest.role),
      supportS3OnFailureDestination: true,
      metricsConfig: { metrics: [MetricType.EVENT_COUNT] },
    });
    // Lambda tries the permissions when the mapping is made.
    mapping.node.addDependency(this.ingest.role);
    return mapping;
  }
}

/** What all functions of a stack are given. */
export interface House {
  deployment: Deployment;
  bundles: string;
  key: Key;
}
