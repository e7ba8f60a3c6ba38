/**
 * Requests to AWS that 1,000 web events make on their way to the lake, as measured by
 * tests/aws/adapters/requests-per-event.test.ts: they come to the collector in requests of 100 messages, and to ingest
 * in batches of 500 records, each in a process that has just begun. They are of 200 visitors who are signed in, five
 * events each, an order of every tenth among them.
 */
export const REQUESTS_PER_1000_EVENTS = {
  /** PutRecords of the collector: one per request of up to 500 messages. */
  kinesisPutRecords: 10,
  /** Records of the stream: one per message. */
  kinesisRecords: 1000,
  /** Calls of the function `ingest`. */
  ingestInvocations: 2,
  /** Query of the registry for stores and erased persons: two where a process begins, and two a minute after that. */
  registryReads: 4,
  /** BatchGetItem and writes, where all links that the events tell of are known; none while they are remembered. */
  dynamoReads: 4,
  dynamoWrites: 0,
  /** The same where none is known yet: one write for each link. */
  dynamoReadsNew: 4,
  dynamoWritesNew: 200,
  /** PutRecordBatch, one per batch and raw table, and records in them: the rows of a batch are packed into one. */
  firehosePuts: 4,
  firehoseRecords: 4,
  /** PutObject: only what is refused, or too large for the stream, is put to S3. */
  s3Puts: 0,
} as const;

/**
 * Units that DynamoDB bills of a link: half of one to look it up, as the reads may lag; two for a new one, which is
 * written to the table and to its index of the other direction.
 */
export const UNITS_PER_LINK = { looked: 0.5, written: 2 } as const;
