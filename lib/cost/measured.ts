/**
 * What our own shops come to, in bytes and numbers for each event: what the costs are made of. An event is one record as
 * it comes in: a message of a tracker, a receipt, an order, a touch, a visit. Each is the larger of two: the demo shop of
 * 4,000 people (252,521 events) and the bench's shop of a million touchpoints (1,278,557 events), as
 * `npm run bench -- aws-bytes --data DIR` prints them. tests/cost/measured.test.ts holds them to a smaller shop.
 */
export const MEASURED = {
  /** A tracking message in the stream with who sent it and when; and as Kinesis bills it, in started kilobytes. */
  streamBytes: 830,
  streamBilledBytes: 1_217,
  /** Its rows as JSON on the way to the landing zone, and there in Parquet with times as text. */
  landingJsonBytes: 485,
  landingBytes: 77,
  /** Its rows in the raw tables, and of them the record id and fingerprint that a merge compares. */
  rawBytes: 49,
  rawIdBytes: 27,
  /** All tables of one build. */
  builtBytes: 306,
  /** Read by one build at the most, and by the SELECT of it that reads most. */
  buildReads: 1_389,
  largestRead: 133,
  largestReadOf: 'ropo_matches',
  /** Read by a question of a KPI at the most: in the mean of all KPIs, and by the one that reads most. */
  questionReads: 3.7,
  largestQuestion: 47,
  /** Links between identifiers that are new; and those of a batch of 500 that no copy of ingest remembers yet. */
  links: 0.052,
  linksLooked: 0.16,
  touchpoints: 0.782,
  /**
   * Tables of a build, and queries to Athena for one: each table made and counted, the steps' reads, the checks. 346 were
   * counted with 162 tables; each table since is two more.
   */
  tables: 171,
  queries: 364,
} as const;

/** Time and memory of the algorithms between the SQL, on one core, for a million touchpoints. */
export const MEASURED_STEPS = {
  /** The slowest of them: intervals of 13 models with 200 replicates. */
  slowest: 'measure_uncertainty',
  slowestSeconds: 5.75,
  /** Memory of a whole build of 10 million touchpoints, less the 3 GB that its database may use: what all steps together need. */
  memoryBytes: 125e6,
} as const;
