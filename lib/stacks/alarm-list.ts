import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, type IMetric, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { DeadLetters } from './dead-letters.ts';
import type { Deployment } from './deployment.ts';
import { bytesScanned, counted, firehoseMetric, largestOf, rejectedShare, sumOf } from './house-metrics.ts';
import type { IngestStack } from './ingest-stack.ts';
import type { ServeStack } from './serve-stack.ts';
import type { WarehouseStack } from './warehouse-stack.ts';

/** One alarm. */
export interface HouseAlarm {
  /** Its name, without that of the deployment. */
  name: string;
  /** What is the matter when it rings, in a sentence. */
  says: string;
  metric: IMetric;
  /** It rings above this, unless `below` is set. */
  threshold: number;
  below?: true;
  /** Periods in a row. */
  periods?: number;
  /** Whether nothing at all is as bad. */
  silenceIsBad?: true;
}

export interface Watched {
  deployment: Deployment;
  ingest: IngestStack;
  warehouse: WarehouseStack;
  serve: ServeStack;
}

const FIVE_MINUTES = Duration.minutes(5);
const HOUR = Duration.hours(1);
/** What a metric of math may read at most is ten; streams are watched in groups. */
const STREAMS_AN_ALARM = 6;
/** A day and a build: when the daily one has failed, or never began. */
const STALE_AFTER_HOURS = 28;

/** Everything that is watched. */
export function alarmList(watched: Watched): HouseAlarm[] {
  return [...ofIngest(watched), ...ofDelivery(watched), ...ofBuilds(watched), ...ofServing(watched)];
}

function ofIngest({ deployment, ingest, warehouse, serve }: Watched): HouseAlarm[] {
  const ofMapping = (metricName: string) =>
    new Metric({
      namespace: 'AWS/Lambda',
      metricName,
      dimensionsMap: { EventSourceMappingUUID: ingest.ingestMapping.eventSourceMappingId },
      statistic: 'Sum',
      period: FIVE_MINUTES,
    });
  const { importFiles, undelivered } = ingest.fileDrop;
  const queues: Record<string, DeadLetters> = {
    'import-files-dead-letters': importFiles.deadLetters!,
    'file-drop-dead-letters': undelivered,
    'schedule-dead-letters': warehouse.notStarted,
    'publish-page-dead-letters': serve.publishPage.deadLetters!,
  };
  return [
    {
      name: 'iterator-age',
      says: 'Records wait on the stream for more than 15 minutes before they are taken in',
      metric: ingest.ingest.function.metric('IteratorAge', { statistic: 'Maximum', period: FIVE_MINUTES }),
      threshold: 15 * 60_000,
      periods: 3,
    },
    {
      name: 'rejected-share',
      says: 'More than 5 % of the records of an hour were refused',
      metric: rejectedShare(deployment),
      threshold: 5,
    },
    {
      name: 'records-not-stored',
      says: 'Records that no try could store lie in the lake, whole, and are in no table',
      metric: sumOf([ofMapping('OnFailureDestinationDeliveredEventCount'), ofMapping('DroppedEventCount')]),
      threshold: 0,
    },
    {
      name: 'files-not-imported',
      says: 'Files of the drop could not be imported and lie under failed/',
      metric: counted(deployment, 'import-files', 'filesFailed'),
      threshold: 0,
    },
    ...Object.entries(queues).map(
      ([name, { queue }]): HouseAlarm => ({
        name,
        says: 'Something that was to be done was given up and lies in a queue',
        metric: queue.metricApproximateNumberOfMessagesVisible({
          statistic: 'Maximum',
          period: FIVE_MINUTES,
        }),
        threshold: 0,
      }),
    ),
    {
      name: 'stream-throttled',
      says: 'The stream refuses what the collector wants to write',
      metric: ingest.stream.metric('WriteProvisionedThroughputExceeded', {
        statistic: 'Sum',
        period: FIVE_MINUTES,
      }),
      threshold: 0,
      periods: 3,
    },
    {
      name: 'tables-throttled',
      says: 'DynamoDB refuses reads or writes of ingest',
      metric: sumOf(
        [ingest.tables.identities, ingest.tables.registry].flatMap((table) =>
          ['ReadThrottleEvents', 'WriteThrottleEvents'].map((name) =>
            table.metric(name, { statistic: 'Sum', period: FIVE_MINUTES }),
          ),
        ),
      ),
      threshold: 0,
      periods: 3,
    },
    {
      name: 'functions-throttled',
      says: 'Functions are refused: too many copies run at once',
      metric: sumOf(
        [ingest.collect, ingest.ingest, importFiles, serve.kpiApi].map(({ function: its }) =>
          its.metricThrottles({ period: FIVE_MINUTES }),
        ),
      ),
      threshold: 0,
      periods: 3,
    },
    {
      name: 'collector-fails',
      says: 'The collector answers senders with errors of its own',
      metric: ingest.collectorApi.metricServerError({ statistic: 'Sum', period: FIVE_MINUTES }),
      threshold: 10,
    },
  ];
}

function ofDelivery({ ingest }: Watched): HouseAlarm[] {
  const names = [...ingest.deliveries.streams.values()].map((stream) => stream.ref);
  const groups = Array.from({ length: Math.ceil(names.length / STREAMS_AN_ALARM) }, (_, at) =>
    names.slice(at * STREAMS_AN_ALARM, (at + 1) * STREAMS_AN_ALARM),
  );
  return groups.flatMap((group, at): HouseAlarm[] => [
    {
      name: `rows-not-delivered-${at + 1}`,
      says: 'Firehose could not make Parquet of rows, which lie under on-failure/ and are in no table',
      metric: sumOf(group.map((name) => firehoseMetric(name, 'FailedConversion.Records', 'Sum'))),
      threshold: 0,
    },
    {
      name: `delivery-late-${at + 1}`,
      says: 'Firehose has held rows for more than 30 minutes without writing them to the lake',
      metric: largestOf(group.map((name) => firehoseMetric(name, 'DeliveryToS3.DataFreshness', 'Maximum'))),
      threshold: 30 * 60,
      periods: 2,
    },
  ]);
}

function ofBuilds({ deployment, warehouse }: Watched): HouseAlarm[] {
  const { machine } = warehouse;
  return [
    {
      name: 'build-failed',
      says: 'A build was given up; readers stay on the one before',
      metric: sumOf([
        machine.metricFailed({ period: FIVE_MINUTES }),
        machine.metricTimedOut({ period: FIVE_MINUTES }),
        machine.metricAborted({ period: FIVE_MINUTES }),
      ]),
      threshold: 0,
    },
    {
      name: 'reconciliation-failed',
      says: 'The sums of a build did not agree, so it was not published',
      metric: counted(deployment, 'build-tables', 'reconciliationFailed'),
      threshold: 0,
    },
    {
      name: 'upkeep-failed',
      says: 'Files of raw tables were not brought in order after a build, so that erased rows may still lie in them',
      metric: counted(deployment, 'build-tables', 'upkeepFailed'),
      threshold: 0,
    },
    {
      name: 'stale-tables',
      says: `No build has been published for ${STALE_AFTER_HOURS} hours`,
      metric: counted(deployment, 'build-tables', 'buildSucceeded', HOUR),
      threshold: 1,
      below: true,
      periods: STALE_AFTER_HOURS,
      silenceIsBad: true,
    },
    {
      name: 'cost-guard',
      says: 'Queries have scanned more in a day than they may',
      metric: bytesScanned(warehouse.workgroupName),
      threshold: deployment.bytesPerDay,
    },
  ];
}

function ofServing({ serve }: Watched): HouseAlarm[] {
  return [
    {
      name: 'api-fails',
      says: 'The KPI API answers readers with errors of its own',
      metric: serve.api.metricServerError({ statistic: 'Sum', period: FIVE_MINUTES }),
      threshold: 5,
    },
  ];
}

/** Page of docs/runbooks that says what to do, without .md: one for each alarm, and for all groups of the same. */
export const runbookOf = ({ name }: HouseAlarm) => name.replace(/-\d+$/, '');

/** How a threshold is compared, and what silence means. */
export const comparisonOf = ({ below, silenceIsBad }: HouseAlarm) => ({
  comparisonOperator: below
    ? ComparisonOperator.LESS_THAN_THRESHOLD
    : ComparisonOperator.GREATER_THAN_THRESHOLD,
  treatMissingData: silenceIsBad ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
});
