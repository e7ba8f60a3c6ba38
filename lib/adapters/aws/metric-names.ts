/** Namespace of every metric that the functions tell. */
export const METRIC_NAMESPACE = 'ropo';

/**
 * What the functions count, by its name in CloudWatch. Alarms are set on these names. Each carries one dimension,
 * `service`: the name of the function that tells it, as `ingest`.
 */
export const METRICS = {
  /** Records that a batch or a file brought. received = stored + duplicates + rejected + waiting. */
  recordsReceived: 'RecordsReceived',
  /** Records handed to the lake. What is repeated is told apart when it is merged there. */
  recordsStored: 'RecordsStored',
  /** Records that a batch or a file held more than once. */
  recordsDuplicate: 'RecordsDuplicate',
  /** Records refused until someone mends the cause. */
  recordsRejected: 'RecordsRejected',
  /** Records that wait for the store they name. */
  recordsWaiting: 'RecordsWaiting',
  /** Batches of the stream that come again, whole or from a record on. */
  batchesFailed: 'BatchesFailed',
  /** Files of the drop that could not be imported and lie under failed/. */
  filesFailed: 'FilesFailed',
  /** Builds that were published. */
  buildSucceeded: 'BuildSucceeded',
  /** Builds that were given up. */
  buildFailed: 'BuildFailed',
  /** Builds whose sums did not agree. */
  reconciliationFailed: 'ReconciliationFailed',
  /** Raw tables whose files could not be brought in order. */
  upkeepFailed: 'UpkeepFailed',
} as const;

export type MetricName = (typeof METRICS)[keyof typeof METRICS];
