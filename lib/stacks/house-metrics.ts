import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { METRIC_NAMESPACE, METRICS } from '../adapters/aws/metric-names.ts';
import type { Deployment } from './deployment.ts';
import type { FunctionName } from './function-environment.ts';

const FIVE_MINUTES = Duration.minutes(5);
/** Fewer records than this tell nothing by their share. */
const FEWEST_RECORDS = 100;

/** Where the functions of a deployment count. Deployments beside each other do not share it. */
export const metricNamespace = ({ stage }: Deployment) => `${METRIC_NAMESPACE}-${stage}`;

/** What a function counts, summed over a period. */
export const counted = (
  deployment: Deployment,
  by: FunctionName,
  what: keyof typeof METRICS,
  period = FIVE_MINUTES,
): Metric =>
  new Metric({
    namespace: metricNamespace(deployment),
    metricName: METRICS[what],
    dimensionsMap: { service: by },
    statistic: 'Sum',
    period,
  });

/** Sum of metrics; what is not told is none. */
export const sumOf = (metrics: readonly IMetric[], period = FIVE_MINUTES): MathExpression =>
  new MathExpression({
    expression: metrics.map((_, at) => `FILL(m${at}, 0)`).join(' + '),
    usingMetrics: Object.fromEntries(metrics.map((metric, at) => [`m${at}`, metric])),
    period,
  });

/** The largest of metrics. */
export const largestOf = (metrics: readonly IMetric[], period = FIVE_MINUTES): MathExpression =>
  new MathExpression({
    expression: `MAX([${metrics.map((_, at) => `FILL(m${at}, 0)`).join(', ')}])`,
    usingMetrics: Object.fromEntries(metrics.map((metric, at) => [`m${at}`, metric])),
    period,
  });

export const firehoseMetric = (stream: string, metricName: string, statistic: string): Metric =>
  new Metric({
    namespace: 'AWS/Firehose',
    metricName,
    dimensionsMap: { DeliveryStreamName: stream },
    statistic,
    period: FIVE_MINUTES,
  });

/** Bytes that queries of the workgroup scanned in a day, however they ended. */
export const bytesScanned = (workgroup: string, period = Duration.days(1)): MathExpression =>
  sumOf(
    ['SUCCEEDED', 'FAILED', 'CANCELED'].map(
      (state) =>
        new Metric({
          namespace: 'AWS/Athena',
          metricName: 'ProcessedBytes',
          dimensionsMap: { WorkGroup: workgroup, QueryState: state, QueryType: 'DML' },
          statistic: 'Sum',
          period,
        }),
    ),
    period,
  );

/** Share of the records that came in that were refused, in percent. */
export const rejectedShare = (deployment: Deployment): MathExpression => {
  const both = (what: 'recordsReceived' | 'recordsRejected') =>
    (['ingest', 'import-files'] as const).map((by) => counted(deployment, by, what, Duration.hours(1)));
  const [received0, received1] = both('recordsReceived');
  const [rejected0, rejected1] = both('recordsRejected');
  const received = '(FILL(received0, 0) + FILL(received1, 0))';
  return new MathExpression({
    expression: `IF(${received} > ${FEWEST_RECORDS}, 100 * (FILL(rejected0, 0) + FILL(rejected1, 0)) / ${received}, 0)`,
    usingMetrics: {
      received0: received0!,
      received1: received1!,
      rejected0: rejected0!,
      rejected1: rejected1!,
    },
    label: 'Rejected, %',
    period: Duration.hours(1),
  });
};
