/** What a shop sends and asks, as far as the costs depend on it. */
export interface Workload {
  /** Records that come in, a month. */
  eventsPerMonth: number;
  /** Months of records in the raw tables: every build reads them. */
  historyMonths: number;
  buildsPerDay: number;
  /** Messages of one request to the collector: 1 from a browser that sends each at once, up to 500 of a server. */
  messagesPerRequest: number;
  /** How many times the mean the busiest second is. */
  peakFactor: number;
  /** Different questions that readers ask of each build; the same question is answered once. */
  questionsPerBuild: number;
}

/** A shop that sends so many events, the rest as most do. */
export const workloadOf = (eventsPerMonth: number): Workload => ({
  eventsPerMonth,
  historyMonths: 13,
  buildsPerDay: 1,
  messagesPerRequest: 1,
  peakFactor: 5,
  questionsPerBuild: 200,
});

export const HOURS_PER_MONTH = 730;
export const DAYS_PER_MONTH = HOURS_PER_MONTH / 24;
export const SECONDS_PER_MONTH = HOURS_PER_MONTH * 3600;

/** What is taken for granted, not measured: waits for the network and what AWS does by itself. Each with its reason. */
export const ASSUMED = {
  /** Memory of a function, in GB, as the stacks give it, and how long one call of it is billed, in seconds. */
  collect: { memory: 1, seconds: 0.03 },
  /** Of a batch of 500 records: 0.04 s of computing as benched on one core, the rest waits for three services. */
  ingest: { memory: 1.75, seconds: 0.4, records: 500 },
  /** Of one statement of a build: it gives the SQL, and afterwards counts the rows. */
  statement: { memory: 1, seconds: 1.5, callsPerTable: 2 },
  /** The algorithms between, for as long as they take. */
  fit: { memory: 2.94 },
  question: { memory: 1, seconds: 4 },
  /** Step Functions: transitions for each table, and for the build around them. */
  transitions: { perTable: 6, around: 150 },
  /** Entries that one table leaves in the history of its execution. */
  historyEntriesPerTable: 30,
  /** Bytes that one call leaves in the logs, its request at the gateway included. */
  logBytesPerCall: 1_000,
  /** Share of calls that are traced: X-Ray's own rule takes one a second and 5% of the rest. */
  tracedShare: 0.05,
  /** Requests to the key for each call of a function: services keep data keys for minutes. */
  keyRequestsPerCall: 0.01,
  /** How long Firehose gathers before it writes a file, in seconds, and how many streams it has. */
  delivery: { seconds: 300, streams: 11 },
  /** Bytes that Athena asks S3 for at a time. */
  readBytes: 1e6,
  /** Days of the history that new rows are of, and the share of rows that are of no day and looked at by every merge. */
  merge: { days: 14, ofNoDay: 0.01 },
  /** How often the SELECTs of a build name a raw table that lies by days, and requests to S3 for each of its days. */
  rawReads: 38,
  requestsPerDay: 2,
  /** Builds that are kept: the published one and two before it. */
  buildsKept: 3,
  /** Days that landed files and the stream's records are kept. */
  landingDays: 30,
  streamDays: 7,
  /** Bytes of a link in DynamoDB, both of its directions with their keys. */
  linkBytes: 300,
  /** Things that cost by the month however little comes in. */
  fixed: { metrics: 20, alarms: 56, dashboards: 1, keys: 1, secrets: 1 },
  /** Bytes of one answer, and of the page, packed; how often the page is opened for each question. */
  answerBytes: 20e3,
  pageBytes: 250e3,
  viewsPerQuestion: 0.5,
} as const;
