import { MEASURED, MEASURED_STEPS } from './measured.ts';
import { historyOf } from './usage.ts';
import { ASSUMED, SECONDS_PER_MONTH, type Workload } from './workload.ts';

/** Something that a service, or the pipeline as it is built, does only so much of. */
export interface Limit {
  service: string;
  what: string;
  unit: string;
  /** What the workload asks of it, in the busiest second or of one build. */
  load: number;
  /** How much there is, as an account has it before it asks for more. */
  limit: number;
  /** Who sets it: AWS alone, AWS on request, or a setting of the deployment. */
  setBy: 'AWS' | 'AWS, more on request' | 'a setting';
  /** Events a month at which it binds, the rest of the workload as it is. */
  bindsAt: number;
  /** What to change then. */
  change: string;
}

interface Rule extends Omit<Limit, 'load' | 'bindsAt'> {
  /** In proportion to events a month. */
  load(workload: Workload): number;
}

const MIB = 2 ** 20;
const GIB = 2 ** 30;
/** Events in the busiest second. */
const perSecond = ({ eventsPerMonth, peakFactor }: Workload) =>
  (eventsPerMonth / SECONDS_PER_MONTH) * peakFactor;
const touchpoints = (load: Workload) => historyOf(load) * MEASURED.touchpoints;

const RULES: readonly Rule[] = [
  {
    service: 'API Gateway',
    what: 'requests to the collector, as the stack throttles them',
    unit: 'requests/s',
    load: (load) => perSecond(load) / load.messagesPerRequest,
    limit: 2_000,
    setBy: 'a setting',
    change: 'raise collectorRate in lib/stacks/deployment.ts; send messages in batches',
  },
  {
    service: 'API Gateway',
    what: 'requests of the account in its region',
    unit: 'requests/s',
    load: (load) => perSecond(load) / load.messagesPerRequest,
    limit: 10_000,
    setBy: 'AWS, more on request',
    change: 'ask for more; send messages in batches, which divides requests by their size',
  },
  {
    service: 'Lambda',
    what: 'collect and ingest at once',
    unit: 'copies',
    load: (load) =>
      (perSecond(load) / load.messagesPerRequest) * ASSUMED.collect.seconds +
      (perSecond(load) / ASSUMED.ingest.records) * ASSUMED.ingest.seconds,
    limit: 1_000,
    setBy: 'AWS, more on request',
    change: 'ask for more; send messages in batches',
  },
  {
    service: 'Kinesis',
    what: 'bytes into a stream on demand',
    unit: 'MB/s',
    load: (load) => (perSecond(load) * MEASURED.streamBilledBytes) / 1e6,
    limit: 200,
    setBy: 'AWS, more on request',
    change: 'ask for more; provision shards, which cost less above a steady 25% of their use',
  },
  {
    service: 'Kinesis',
    what: 'records into a stream on demand',
    unit: 'records/s',
    load: perSecond,
    limit: 200_000,
    setBy: 'AWS, more on request',
    change: 'put several messages of one person into one record',
  },
  {
    service: 'Firehose',
    what: 'bytes into the stream of web events',
    unit: 'MiB/s',
    load: (load) => (perSecond(load) * MEASURED.landingJsonBytes) / MIB,
    limit: 1,
    setBy: 'AWS, more on request',
    change:
      'ask for more per stream; several streams a table; above that, ingest writes Parquet to S3 itself',
  },
  {
    service: 'Firehose',
    what: 'PutRecordBatch calls for web events',
    unit: 'calls/s',
    load: (load) => perSecond(load) / ASSUMED.ingest.records,
    limit: 1_000,
    setBy: 'AWS, more on request',
    change: 'longer batching window of the event source mapping',
  },
  {
    service: 'DynamoDB',
    what: 'links looked up in one table',
    unit: 'units/s',
    load: (load) => perSecond(load) * MEASURED.linksLooked,
    limit: 40_000,
    setBy: 'AWS, more on request',
    change: 'ask for more; provisioned capacity; more links remembered by each copy of ingest',
  },
  {
    service: 'DynamoDB',
    what: 'new links in one table',
    unit: 'units/s',
    load: (load) => perSecond(load) * MEASURED.links,
    limit: 40_000,
    setBy: 'AWS, more on request',
    change: 'ask for more; provisioned capacity',
  },
  {
    service: 'Athena',
    what: `bytes of ${MEASURED.largestReadOf}, the SELECT that reads most`,
    unit: 'GiB',
    load: (load) => (historyOf(load) * MEASURED.largestRead) / GIB,
    limit: 100,
    setBy: 'a setting',
    change:
      'raise bytesPerQuery in lib/stacks/deployment.ts; make a table of each WITH name that is read often',
  },
  {
    service: 'Athena',
    what: 'bytes of one day, before the cost guard tells of it',
    unit: 'GiB',
    load: (load) => (historyOf(load) * MEASURED.buildReads * load.buildsPerDay) / GIB,
    limit: 1_024,
    setBy: 'a setting',
    change: 'raise bytesPerDay in lib/stacks/deployment.ts; a shorter history',
  },
  {
    service: 'Lambda',
    what: `seconds of ${MEASURED_STEPS.slowest}, the step between the SQL that takes longest`,
    unit: 's',
    load: (load) => (MEASURED_STEPS.slowestSeconds * touchpoints(load)) / 1e6,
    limit: 900,
    setBy: 'AWS',
    change: 'fewer replicates; persons in buckets, one Lambda each; a container task without a limit of time',
  },
  {
    service: 'Lambda',
    what: 'memory of the steps between the SQL',
    unit: 'MB',
    load: (load) => (MEASURED_STEPS.memoryBytes * touchpoints(load)) / 1e6 / 1e6,
    limit: 3_008,
    setBy: 'a setting',
    change:
      'raise modelMemoryMb in lib/stacks/deployment.ts, to 10,240 at the most, 3 times as much; then persons in buckets, or a container task',
  },
  {
    service: 'Step Functions',
    what: 'entries in the history of one build',
    unit: 'entries',
    load: () => MEASURED.tables * ASSUMED.historyEntriesPerTable + 500,
    limit: 25_000,
    setBy: 'AWS',
    change: 'grows with tables, not with events: a distributed Map keeps a history of its own for each',
  },
];

/** The limits, the one that binds first at the top. */
export function limitsOf(workload: Workload): Limit[] {
  return RULES.map(({ load, ...rule }) => {
    const asked = load(workload);
    const doubled = load({ ...workload, eventsPerMonth: workload.eventsPerMonth * 2 });
    const grows = doubled > asked;
    return {
      ...rule,
      load: asked,
      bindsAt: grows ? (workload.eventsPerMonth * rule.limit) / asked : Number.POSITIVE_INFINITY,
    };
  }).sort((a, b) => b.load / b.limit - a.load / a.limit);
}
