/**
 * The raw tables of the lake, as accepted records are stored. The same columns make DuckDB's readers here and the
 * catalogue on AWS. Every accepted row has a `record_id` (what the sender calls it) and a `fingerprint` (of what it says):
 * the lake holds one row per pair, so that a repeat changes nothing and a contradiction is kept.
 */

export type ColumnType = 'varchar' | 'bigint' | 'double' | 'boolean' | 'date' | 'timestamp';
export type Columns = Record<string, ColumnType>;

const arrival = {
  record_id: 'varchar',
  fingerprint: 'varchar',
  received_at: 'timestamp',
} as const satisfies Columns;

const person = {
  customer_key: 'varchar',
  loyalty_key: 'varchar',
  email_key: 'varchar',
  phone_key: 'varchar',
  anonymous_key: 'varchar',
  consent: 'varchar',
} as const satisfies Columns;

const traffic = {
  utm_source: 'varchar',
  utm_medium: 'varchar',
  utm_campaign: 'varchar',
  utm_content: 'varchar',
  utm_term: 'varchar',
} as const satisfies Columns;

export const RAW_TABLES = {
  raw_stores: {
    ...arrival,
    store_id: 'varchar',
    name: 'varchar',
    region: 'varchar',
    time_zone: 'varchar',
    currency: 'varchar',
    country: 'varchar',
    revision: 'double',
  },
  raw_products: {
    ...arrival,
    sku: 'varchar',
    product_id: 'varchar',
    category: 'varchar',
    name: 'varchar',
    brand: 'varchar',
    unit_cost_minor: 'bigint',
    currency: 'varchar',
    revision: 'double',
  },
  raw_events: {
    ...arrival,
    occurred_at: 'timestamp',
    event: 'varchar',
    ...person,
    is_bot: 'boolean',
    /** Whose clock `occurred_at` is by: sender, corrected (a sender's clock that was wrong) or received. */
    time_basis: 'varchar',
    /** What the sender's clock said, where `occurred_at` is not that. */
    said_at: 'timestamp',
    /** What was noticed: repeated_name (a name stood twice in one object), mended_text (half a character was replaced). */
    remarks: 'varchar',
    device: 'varchar',
    page_host: 'varchar',
    page_path: 'varchar',
    referrer_host: 'varchar',
    ...traffic,
    click_id: 'varchar',
    sku: 'varchar',
    product_id: 'varchar',
    category: 'varchar',
    query: 'varchar',
    order_id: 'varchar',
    value_minor: 'bigint',
    currency: 'varchar',
    store_id: 'varchar',
  },
  raw_touches: {
    ...arrival,
    occurred_at: 'timestamp',
    touch_type: 'varchar',
    channel: 'varchar',
    ...traffic,
    store_id: 'varchar',
    ...person,
  },
  raw_sales: {
    ...arrival,
    document_id: 'varchar',
    document_kind: 'varchar',
    source: 'varchar',
    revision: 'double',
    is_partial: 'boolean',
    receipt_id: 'varchar',
    store_id: 'varchar',
    till_id: 'varchar',
    business_date: 'date',
    occurred_at: 'timestamp',
    /** Of an order that an event told: what its sender's clock said, where `occurred_at` is not that. */
    said_at: 'timestamp',
    ...person,
    payment_key: 'varchar',
    fulfilment: 'varchar',
    order_id: 'varchar',
    tender: 'varchar',
    currency: 'varchar',
    is_whole_refund: 'boolean',
    line_no: 'varchar',
    line_kind: 'varchar',
    sku: 'varchar',
    product_id: 'varchar',
    category: 'varchar',
    quantity: 'double',
    amount_minor: 'bigint',
    tax_minor: 'bigint',
    original_receipt_id: 'varchar',
  },
  raw_visits: {
    ...arrival,
    store_id: 'varchar',
    occurred_at: 'timestamp',
    left_at: 'timestamp',
    method: 'varchar',
    ...person,
  },
  /** What a person said about measurement after the fact: the latest word counts, for what came before it too. */
  raw_consents: {
    ...arrival,
    occurred_at: 'timestamp',
    /** Of a word that an event told: what its sender's clock said, where `occurred_at` is not that. */
    said_at: 'timestamp',
    ...person,
  },
  /** Scores, contacts and reasons; what people write in their own words is not taken. */
  raw_feedback: {
    ...arrival,
    occurred_at: 'timestamp',
    feedback_kind: 'varchar',
    place: 'varchar',
    store_id: 'varchar',
    order_id: 'varchar',
    receipt_id: 'varchar',
    sku: 'varchar',
    channel: 'varchar',
    contact_by: 'varchar',
    score: 'double',
    score_max: 'double',
    feedback_reason: 'varchar',
    is_resolved_first_time: 'boolean',
    revision: 'double',
    ...person,
  },
  /** Identifiers of persons that were erased: whatever comes with one of them later is not kept. */
  raw_tombstones: {
    identifier_key: 'varchar',
    identifier_kind: 'varchar',
    erasure_id: 'varchar',
    erased_at: 'timestamp',
  },
  raw_footfall: {
    ...arrival,
    store_id: 'varchar',
    door: 'varchar',
    interval_start: 'timestamp',
    interval_minutes: 'bigint',
    entries: 'bigint',
    exits: 'bigint',
    is_modelled: 'boolean',
    revision: 'double',
  },
  raw_rejections: {
    rejection_id: 'varchar',
    format: 'varchar',
    file: 'varchar',
    line: 'bigint',
    kind: 'varchar',
    reason: 'varchar',
    detail: 'varchar',
    original: 'varchar',
    record: 'varchar',
    contract_version: 'varchar',
    received_at: 'timestamp',
    /** The only store that the sender's key spoke for; null where that is any. */
    store_scope: 'varchar',
  },
  raw_spend: {
    ...arrival,
    spend_date: 'date',
    channel: 'varchar',
    utm_source: 'varchar',
    utm_medium: 'varchar',
    utm_campaign: 'varchar',
    cost_minor: 'bigint',
    currency: 'varchar',
    clicks: 'bigint',
    impressions: 'bigint',
    revision: 'double',
  },
  /** What closed periods reported: `entry` is closing (a model that was there; none for the bookings), figure, restatement or retained (credit that rows taken away by retention had given). */
  raw_closings: {
    closed_through: 'date',
    closed_at: 'timestamp',
    build_id: 'varchar',
    entry: 'varchar',
    cause: 'varchar',
    day: 'date',
    is_adjustment: 'boolean',
    measure: 'varchar',
    booking_id: 'varchar',
    conversion_kind: 'varchar',
    store_id: 'varchar',
    category: 'varchar',
    traced_by: 'varchar',
    orphan_reason: 'varchar',
    model: 'varchar',
    channel: 'varchar',
    source: 'varchar',
    medium: 'varchar',
    campaign: 'varchar',
    currency: 'varchar',
    amount: 'bigint',
  },
} as const satisfies Record<string, Columns>;

/**
 * What comes with a row and is not stored in the raw tables: the number of its record (negative in other tables than the record's own),
 * and whether its sender said nothing of when it happened.
 */
export const STAGED_ONLY = { _record: 'bigint', _says_no_time: 'boolean' } as const satisfies Columns;

export type RawTable = keyof typeof RAW_TABLES;
export const RAW_TABLE_NAMES = Object.keys(RAW_TABLES) as RawTable[];

/** A row of a raw table, fingerprint and arrival aside; null and absent columns are the same. */
export type RawRow = Record<string, string | number | boolean | null | undefined>;

/** A row as it is written: a JSON object with the table's columns as names. */
export interface RawLine {
  table: RawTable;
  json: string;
  /** What `json` says, arrival and conclusions aside; of a document, its header. Only where the record knows a person. */
  row?: RawRow;
}
