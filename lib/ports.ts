import type { RejectionReason, StoreFacts } from './domain/accept/index.ts';
import type { RawTable } from './domain/raw-tables.ts';

/** What the pipeline needs from the world. Each port has an embedded adapter and one on AWS, and one contract test. */

/** A record that was not stored, with all that is needed to try it again. */
export interface Rejection {
  /**
   * Equal for equal records, so that a file imported twice is rejected once; of erased persons, of whose records nothing
   * may be kept, one per arrival.
   */
  rejection_id: string;
  format: string;
  file: string;
  line: number;
  kind: string | null;
  reason: RejectionReason;
  detail: string;
  /** The text as it came. */
  original: string;
  /** The record in the words of its contract, as JSON; null when the text was not readable. */
  record: string | null;
  contract_version: string;
  received_at: string;
  /** The only store that its sender speaks for, also when it is tried again; null, or absent, where that is any. */
  store_scope?: string | null;
}

/** Records of one delivery, by what became of them. received = stored + duplicates + rejected + waiting. */
export interface DeliveryCounts {
  received: number;
  /**
   * Those that the lake has for good and had not before, as far as it can tell at once. Where only a build finds what was
   * there before, those are among them.
   */
  stored: number;
  /** Those that the lake had before, as far as it can tell at once. */
  duplicates: number;
  /** Refused until someone mends the cause, by reason. */
  rejected: Record<string, number>;
  /** Held until their store arrives. */
  waiting: number;
}

/** One thing that came in over HTTP, whole, on its way to `ingest`. */
export interface StreamRecord {
  /** Format of `lib/formats` that the body is written in. */
  format: string;
  /** Name of the key that it came with: whose it is. */
  source: string;
  /** The only store that the key speaks for; null where it speaks for all. */
  store_id: string | null;
  /** Milliseconds since 1970 UTC. */
  received_at: number;
  /** One message, or one file of the format, as text. */
  body: string;
  /** Why it is no record, where that showed on arrival; ingest then keeps the body aside and does not read it. */
  set_aside?: { reason: RejectionReason; detail: string };
}

/** Thrown by `append` when the stream takes no more for now; the sender is told to come back. */
export class StreamFull extends Error {
  /** Whole seconds after which to try again. */
  readonly retryAfter: number;
  constructor(message: string, retryAfter: number) {
    super(message);
    this.retryAfter = retryAfter;
  }
}

/** Where the collector puts what came in, at once and for good: an answer of 200 is given after that. */
export interface EventStream {
  /**
   * Resolves when all of them are on durable storage; then they reach ingest at least once.
   * @throws StreamFull when there is no room. Their sender sends all of them again: where some were taken, they come to
   *   ingest twice, which does no harm
   */
  append(records: readonly StreamRecord[]): Promise<void>;
}

/** Evidence that two identifiers were seen together, once and for all: the strongest of a record with another of it. */
export interface IdentityLink {
  strong_key: string;
  strong_kind: number;
  weak_key: string;
  weak_kind: number;
  /** ISO 8601 UTC text: the earliest sighting. */
  first_seen: string;
}

/**
 * The links between identifiers, as a set that only grows and whose times only sink: writes in any order, repeated or
 * by many writers come to the same. Each write is of one item and conditional.
 */
export interface IdentityStore {
  /** What is known of these pairs, in their order; null for a pair that is not there. */
  firstSeen(pairs: readonly Pick<IdentityLink, 'strong_key' | 'weak_key'>[]): Promise<(string | null)[]>;
  /** Writes a link unless it is there with the same or an earlier time. Tells whether it wrote. */
  put(link: IdentityLink): Promise<boolean>;
  /** Links of an identifier, at most `limit` of them, in the order of their keys. */
  linksOf(identifierKey: string, limit: number): Promise<IdentityLink[]>;
  /** Takes identifiers out with all their links. */
  forget(identifierKeys: readonly string[]): Promise<void>;
}

/** Records that were decided about: the accepted as JSON lines per raw table, the others with their reasons. */
export interface Gathered {
  accepted: number;
  tables: { table: RawTable; rows: number; text: Uint8Array }[];
  rejections: Rejection[];
}

/** A delivery under way. Its records become visible part by part; what is repeated does no harm. */
export interface Delivery {
  /** Resolves when the lake can take more. */
  take(gathered: Gathered): Promise<void>;
  /** Resolves when all of it is stored for good. */
  close(): Promise<DeliveryCounts>;
  /**
   * Numbers of the records that were there before, once closed, as far as the lake can tell at once; only of a delivery
   * that was asked to name them.
   */
  repeated: ReadonlySet<number>;
  abort(): Promise<void>;
}

/**
 * Where accepted records rest. Whoever reads its raw tables finds one row per record id and fingerprint, whatever is
 * delivered how often.
 */
export interface EventLake {
  stores(): Promise<Map<string, StoreFacts>>;
  deliver(options?: { namesRepeated: boolean }): Promise<Delivery>;
  /** What is set aside: all of it, or for these reasons. */
  rejections(reasons?: readonly string[]): Promise<Rejection[]>;
  /** Keys of all persons that were erased. */
  tombstones(): Promise<Set<string>>;
  /** Takes rejections off the list once they have been stored or refused anew. */
  forget(rejectionIds: readonly string[]): Promise<void>;
}

export type Cell = string | number | bigint | boolean | null;
export type Row = Record<string, Cell>;

/** Values of an integer, double or varchar column. A double that is NaN is null; an integer never is. */
export type ColumnArray = Int32Array | Float64Array | readonly (string | null)[];

/** The engine that runs `sql/`. One SELECT goes in, a table comes out; readers see published tables only. */
export interface Warehouse {
  /** Makes a table of what a SELECT gives and returns its number of rows. */
  createTable(name: string, select: string): Promise<number>;
  /** Rows of a SELECT over the tables made so far; `?` parameters in order. */
  query(select: string, parameters?: readonly Cell[]): Promise<Row[]>;
  /** Columns of a SELECT as arrays, one each, rows in the order given: what the algorithms between the SQL read. */
  columns(select: string, parameters?: readonly Cell[]): Promise<Record<string, ColumnArray>>;
  /** Makes a table of columns of equal length. */
  createColumns(name: string, columns: Record<string, ColumnArray>): Promise<number>;
  /** Makes this build the one that readers see, all at once. */
  publish(manifest: BuildManifest): Promise<void>;
  /** Gives the build up; the published one stays. */
  discard(): Promise<void>;
}

export interface BuildManifest {
  build_id: string;
  built_at: string;
  /** Hash of the SQL and the seeds: two builds with the same hash and the same lake are equal. */
  settings_hash: string;
  tables: { name: string; rows: number; seconds: number }[];
}

/** A period that is closed: what was reported of its days is kept for good. */
export interface Closing {
  /** The last of its days, as 2025-03-31; it begins after the period closed before. */
  closed_through: string;
  closed_at: string;
  /** The build whose figures it keeps. */
  build_id: string;
}

/** The periods closed so far. What they keep is a raw table that every build reads. */
export interface ClosedPeriods {
  /** By the last of their days, oldest first. */
  list(): Promise<Closing[]>;
  /** Keeps what the published build reports of a period: all of it, or nothing. Returns how many figures. */
  keep(closing: Closing): Promise<number>;
}
