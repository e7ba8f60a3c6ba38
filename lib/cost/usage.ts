import { MEASURED, MEASURED_STEPS } from './measured.ts';
import type { PriceName } from './prices.ts';
import { REQUESTS_PER_1000_EVENTS as REQUESTS, UNITS_PER_LINK } from './requests.ts';
import { ASSUMED, DAYS_PER_MONTH, HOURS_PER_MONTH, type Workload } from './workload.ts';

/** A quantity of one month that is paid for. */
export interface Used {
  service: string;
  what: string;
  price: PriceName;
  /** In what the price counts: requests, bytes, GB-seconds, hours. */
  quantity: number;
}

/** Athena bills so many bytes of a query at the least. */
export const LEAST_QUERY_BYTES = 10e6;

/** A query that reads `bytes`, repeated, as it is billed: what it reads, but never less than the least. */
const billed = (bytes: number, queries: number) => Math.max(bytes, queries * LEAST_QUERY_BYTES);

/** Events that the raw tables hold in the last month of the history. */
export const historyOf = ({ eventsPerMonth, historyMonths }: Workload) => eventsPerMonth * historyMonths;

/** Seconds of the algorithms between the SQL for one build: all of them, as long as the slowest takes twice. */
export const fitSeconds = (history: number) =>
  Math.min(900, 30 + (2 * MEASURED_STEPS.slowestSeconds * history * MEASURED.touchpoints) / 1e6);

/**
 * What a steady month uses: as many records come as go, and the history is full. Upper bounds where a choice had to be
 * made: no free allowance, every build makes every table anew, every question reads all of its columns.
 */
export function usageOf(load: Workload): Used[] {
  return [...ingestUse(load), ...keptUse(load), ...buildUse(load), ...serveUse(load), ...operateUse(load)];
}

function ingestUse({ eventsPerMonth: events, messagesPerRequest }: Workload): Used[] {
  const requests = events / messagesPerRequest;
  const batches = events / ASSUMED.ingest.records;
  const perEvent = (per1000: number) => (events * per1000) / 1000;
  return [
    {
      service: 'API Gateway',
      what: 'requests to the collector',
      price: 'httpApiRequests',
      quantity: requests,
    },
    { service: 'Lambda', what: 'calls of collect', price: 'lambdaRequests', quantity: requests },
    {
      service: 'Lambda',
      what: 'time of collect',
      price: 'lambdaTime',
      quantity: requests * ASSUMED.collect.memory * ASSUMED.collect.seconds,
    },
    { service: 'Kinesis', what: 'the stream', price: 'streamHours', quantity: HOURS_PER_MONTH },
    {
      service: 'Kinesis',
      what: 'records in',
      price: 'streamIn',
      quantity: perEvent(REQUESTS.kinesisRecords) * MEASURED.streamBilledBytes,
    },
    {
      service: 'Kinesis',
      what: 'records out',
      price: 'streamOut',
      quantity: perEvent(REQUESTS.kinesisRecords) * MEASURED.streamBytes,
    },
    {
      service: 'Kinesis',
      what: 'records kept for 7 days',
      price: 'streamKept',
      quantity:
        (perEvent(REQUESTS.kinesisRecords) * MEASURED.streamBytes * (ASSUMED.streamDays - 1)) /
        DAYS_PER_MONTH,
    },
    { service: 'Lambda', what: 'calls of ingest', price: 'lambdaRequests', quantity: batches },
    {
      service: 'Lambda',
      what: 'time of ingest',
      price: 'lambdaTime',
      quantity: batches * ASSUMED.ingest.memory * ASSUMED.ingest.seconds,
    },
    {
      service: 'DynamoDB',
      what: 'links looked up',
      price: 'dynamoReads',
      quantity: events * MEASURED.linksLooked * UNITS_PER_LINK.looked,
    },
    {
      service: 'DynamoDB',
      what: 'new links',
      price: 'dynamoWrites',
      quantity: events * MEASURED.links * UNITS_PER_LINK.written,
    },
    {
      service: 'Firehose',
      what: 'rows in, packed',
      price: 'firehoseIn',
      quantity: events * MEASURED.landingJsonBytes,
    },
    {
      service: 'Firehose',
      what: 'turned into Parquet',
      price: 'firehoseConversion',
      quantity: events * MEASURED.landingJsonBytes,
    },
    {
      service: 'S3',
      what: 'files of the landing zone',
      price: 's3Puts',
      quantity:
        (HOURS_PER_MONTH * 3600 * ASSUMED.delivery.streams) / ASSUMED.delivery.seconds +
        perEvent(REQUESTS.s3Puts),
    },
  ];
}

function keptUse(load: Workload): Used[] {
  const history = historyOf(load);
  const perDay = load.eventsPerMonth / DAYS_PER_MONTH;
  const links = history * MEASURED.links * ASSUMED.linkBytes;
  return [
    { service: 'S3', what: 'raw tables', price: 's3Kept', quantity: history * MEASURED.rawBytes },
    {
      service: 'S3',
      what: 'landing zone',
      price: 's3Kept',
      quantity: perDay * ASSUMED.landingDays * MEASURED.landingBytes,
    },
    {
      service: 'S3',
      what: 'builds kept',
      price: 's3Kept',
      quantity: history * MEASURED.builtBytes * ASSUMED.buildsKept,
    },
    { service: 'DynamoDB', what: 'links kept', price: 'dynamoKept', quantity: links },
    { service: 'DynamoDB', what: 'backups of links', price: 'dynamoBackups', quantity: links },
  ];
}

function buildUse(load: Workload): Used[] {
  const history = historyOf(load);
  const builds = load.buildsPerDay * DAYS_PER_MONTH;
  const { statement, fit, transitions } = ASSUMED;
  const perDay = load.eventsPerMonth / DAYS_PER_MONTH;
  // Of the raw tables the days that new rows are of, and the rows that are of none: once to count, once to merge. Of landing
  // the day, once more for the days.
  const looked = Math.min(history, ASSUMED.merge.days * perDay + ASSUMED.merge.ofNoDay * history);
  const merged = 2 * looked * MEASURED.rawIdBytes + 3 * perDay * MEASURED.landingBytes;
  const rawFiles = ASSUMED.rawReads * load.historyMonths * DAYS_PER_MONTH * ASSUMED.requestsPerDay;
  const read = billed(history * MEASURED.buildReads, MEASURED.queries);
  const mergeRead = billed(merged, 3 * ASSUMED.delivery.streams);
  const calls = MEASURED.tables * statement.callsPerTable;
  return [
    { service: 'Athena', what: 'builds', price: 'athenaScanned', quantity: builds * read },
    {
      service: 'Athena',
      what: 'merges into the raw tables',
      price: 'athenaScanned',
      quantity: builds * mergeRead,
    },
    {
      service: 'Lambda',
      what: 'calls of build-tables and fit-models',
      price: 'lambdaRequests',
      quantity: builds * (calls + 10),
    },
    {
      service: 'Lambda',
      what: 'time of build-tables and fit-models',
      price: 'lambdaTime',
      quantity: builds * (calls * statement.memory * statement.seconds + fit.memory * fitSeconds(history)),
    },
    {
      service: 'Step Functions',
      what: 'transitions',
      price: 'stepTransitions',
      quantity: builds * (transitions.around + transitions.perTable * MEASURED.tables),
    },
    {
      service: 'S3',
      what: 'files of builds',
      price: 's3Puts',
      quantity: builds * MEASURED.tables * (10 + (history * MEASURED.builtBytes) / MEASURED.tables / 128e6),
    },
    {
      service: 'S3',
      what: 'reads of builds',
      price: 's3Gets',
      quantity: builds * ((read + mergeRead) / ASSUMED.readBytes + rawFiles),
    },
  ];
}

function serveUse(load: Workload): Used[] {
  const questions = load.questionsPerBuild * load.buildsPerDay * DAYS_PER_MONTH;
  const read = questions * billed(historyOf(load) * MEASURED.questionReads, 1);
  const views = questions * ASSUMED.viewsPerQuestion;
  const { question } = ASSUMED;
  return [
    { service: 'Athena', what: 'questions of readers', price: 'athenaScanned', quantity: read },
    { service: 'API Gateway', what: 'questions of readers', price: 'httpApiRequests', quantity: questions },
    { service: 'Lambda', what: 'calls of kpi-api', price: 'lambdaRequests', quantity: questions },
    {
      service: 'Lambda',
      what: 'time of kpi-api',
      price: 'lambdaTime',
      quantity: questions * question.memory * question.seconds,
    },
    {
      service: 'CloudFront',
      what: 'requests for page and answers',
      price: 'pageRequests',
      quantity: questions + 4 * views,
    },
    {
      service: 'CloudFront',
      what: 'bytes of page and answers',
      price: 'pageBytes',
      quantity: questions * ASSUMED.answerBytes + views * ASSUMED.pageBytes,
    },
  ];
}

function operateUse({ eventsPerMonth: events, messagesPerRequest }: Workload): Used[] {
  const calls = events / messagesPerRequest + events / ASSUMED.ingest.records;
  const { fixed } = ASSUMED;
  return [
    { service: 'CloudWatch', what: 'logs', price: 'logsIn', quantity: calls * ASSUMED.logBytesPerCall },
    { service: 'CloudWatch', what: 'metrics', price: 'logMetrics', quantity: fixed.metrics },
    { service: 'CloudWatch', what: 'alarms', price: 'alarms', quantity: fixed.alarms },
    { service: 'CloudWatch', what: 'dashboard', price: 'dashboards', quantity: fixed.dashboards },
    { service: 'X-Ray', what: 'traces', price: 'traces', quantity: calls * ASSUMED.tracedShare },
    { service: 'KMS', what: 'keys', price: 'keys', quantity: fixed.keys },
    { service: 'KMS', what: 'requests', price: 'keyRequests', quantity: ASSUMED.keyRequestsPerCall * calls },
    { service: 'Secrets Manager', what: 'secrets', price: 'secrets', quantity: fixed.secrets },
    {
      service: 'Data transfer',
      what: 'answers of the collector',
      price: 'bytesOut',
      quantity: (events / messagesPerRequest) * 500,
    },
  ];
}
