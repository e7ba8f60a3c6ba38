import { Duration } from 'aws-cdk-lib';
import { Dashboard, GraphWidget, type IMetric, Row, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { Watched } from './alarm-list.ts';
import { bytesScanned, counted, rejectedShare } from './house-metrics.ts';

const graph = (title: string, left: IMetric[], right: IMetric[] = []) =>
  new GraphWidget({ title, left, right, width: 8, height: 6 });
const HOUR = Duration.hours(1);

/** The day of the pipeline on one page, in the order that a record goes. */
export function dashboard(scope: Construct, id: string, watched: Watched): Dashboard {
  const { deployment, ingest, warehouse, serve } = watched;
  const records = (what: Parameters<typeof counted>[2], label: string) =>
    counted(deployment, 'ingest', what, HOUR).with({ label });
  const page = new Dashboard(scope, id, { defaultInterval: Duration.days(2) });
  page.addWidgets(
    new Row(
      new TextWidget({
        markdown: '## In: received = stored + repeated + rejected + waiting',
        width: 24,
        height: 1,
      }),
    ),
    new Row(
      graph(
        'Requests of senders',
        [ingest.collectorApi.metricCount({ period: HOUR })],
        [
          ingest.collectorApi.metricClientError({ period: HOUR }),
          ingest.collectorApi.metricServerError({ period: HOUR }),
        ],
      ),
      graph('Records', [
        records('recordsReceived', 'received'),
        records('recordsStored', 'stored'),
        records('recordsDuplicate', 'repeated'),
        records('recordsRejected', 'rejected'),
        records('recordsWaiting', 'waiting'),
      ]),
      graph(
        'Waiting on the stream',
        [ingest.ingest.function.metric('IteratorAge', { statistic: 'Maximum' })],
        [rejectedShare(deployment)],
      ),
    ),
    new Row(
      graph(
        'ingest',
        [ingest.ingest.function.metricDuration({ statistic: 'p99' })],
        [
          ingest.ingest.function.metricErrors(),
          ingest.ingest.function.metricThrottles(),
          records('batchesFailed', 'batches that come again'),
        ],
      ),
      graph('Files', [
        counted(deployment, 'import-files', 'recordsReceived', HOUR),
        counted(deployment, 'import-files', 'filesFailed', HOUR),
      ]),
      graph(
        'Links between identifiers',
        ['ConsumedReadCapacityUnits', 'ConsumedWriteCapacityUnits'].map((name) =>
          ingest.tables.identities.metric(name, { statistic: 'Sum', period: HOUR }),
        ),
      ),
    ),
    new Row(new TextWidget({ markdown: '## Builds', width: 24, height: 1 })),
    new Row(
      graph('Builds', [
        counted(deployment, 'build-tables', 'buildSucceeded', HOUR),
        counted(deployment, 'build-tables', 'buildFailed', HOUR),
        counted(deployment, 'build-tables', 'reconciliationFailed', HOUR),
        counted(deployment, 'build-tables', 'upkeepFailed', HOUR),
      ]),
      graph('How long', [warehouse.machine.metricTime({ statistic: 'Maximum', period: HOUR })]),
      graph('Bytes that queries scan', [bytesScanned(warehouse.workgroupName, HOUR)]),
    ),
    new Row(new TextWidget({ markdown: '## Out', width: 24, height: 1 })),
    new Row(
      graph(
        'Requests of readers',
        [serve.api.metricCount({ period: HOUR })],
        [serve.api.metricClientError({ period: HOUR }), serve.api.metricServerError({ period: HOUR })],
      ),
      graph('How long readers wait', [
        serve.api.metricLatency({ statistic: 'p50', period: HOUR }),
        serve.api.metricLatency({ statistic: 'p99', period: HOUR }),
      ]),
      graph('kpi-api', [serve.kpiApi.function.metricErrors(), serve.kpiApi.function.metricThrottles()]),
    ),
  );
  return page;
}
