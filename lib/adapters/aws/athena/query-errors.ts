import type { QueryExecution } from '@aws-sdk/client-athena';

/** A query that did not succeed. Messages name the query and never a value that rows hold. */
export class QueryFailed extends Error {
  readonly queryId: string;
  constructor(message: string, queryId: string) {
    super(message);
    this.queryId = queryId;
  }
}

/** The statement is wrong, or its data does not fit it: to run it again would not help. */
export class QueryRejected extends QueryFailed {
  /** Athena's name for what is wrong, such as TABLE_NOT_FOUND. */
  readonly code: string;
  constructor(message: string, queryId: string, code: string) {
    super(message, queryId);
    this.code = code;
  }
}

/** The query would read more than the workgroup allows. */
export class ScanLimitExceeded extends QueryFailed {}

/** Somebody stopped the query. */
export class QueryCancelled extends QueryFailed {}

/** The query took longer than it may; it was stopped. */
export class QueryTimedOut extends QueryFailed {}

/** Athena had no room, or failed by itself, for longer than it was tried. */
export class AthenaBusy extends Error {}

/** What became of a query that ended without success. */
export type Outcome =
  | { kind: 'again'; reason: string }
  | { kind: 'failed'; error: QueryFailed }
  | { kind: 'over limit' };

/** Codes whose messages are about the statement, not about rows. */
const ABOUT_THE_STATEMENT =
  /^(SYNTAX_ERROR|(TABLE|COLUMN|SCHEMA|FUNCTION|CATALOG|TYPE)_NOT_FOUND|TYPE_MISMATCH|COLUMN_TYPE_UNKNOWN|MISSING_\w+|DUPLICATE_\w+|AMBIGUOUS_NAME|EXPRESSION_NOT_\w+|(TABLE|SCHEMA)_ALREADY_EXISTS|NOT_SUPPORTED|INVALID_(VIEW|LITERAL|TABLE_PROPERTY|COLUMN_REFERENCE)|VIEW_IS_\w+|FAILED|PARSE_ERROR)$/;

/** Failures that go away by themselves, also where Athena does not say that they do. */
const PASSES =
  /ICEBERG_COMMIT_ERROR|GENERIC_INTERNAL_ERROR|INTERNAL_ERROR|HIVE_METASTORE_ERROR|Rate exceeded|Slow ?Down|Throttl|TooManyRequests|Please reduce your request rate/i;

const OVER_LIMIT = /Bytes scanned limit was exceeded/i;
const SYSTEM_CATEGORY = 1;

/** The code at the beginning of a reason: "COLUMN_NOT_FOUND: line 1:8: ...". */
const codeOf = (reason: string): string => {
  const code = /^(?:FAILED: )?([A-Z][A-Z_]+)\b/.exec(reason)?.[1];
  if (code && code !== 'FAILED') return code;
  return /^(line \d+:\d+|mismatched input|no viable alternative|extraneous input)/i.test(reason)
    ? 'SYNTAX_ERROR'
    : 'UNKNOWN';
};

/** Names in a statement, its texts left out. */
const namesIn = (sql: string) =>
  new Set(
    sql
      .replace(/'(?:[^']|'')*'/g, ' ')
      .toLowerCase()
      .match(/[a-z_][a-z0-9_]*/g),
  );

/**
 * A reason without what rows or parameters could have put into it: of messages about the statement the quoted parts stay
 * where the statement itself has them as names; of all others the code alone.
 */
export function withoutValues(reason: string, sql: string): string {
  const code = codeOf(reason);
  if (!ABOUT_THE_STATEMENT.test(code)) return code === 'UNKNOWN' ? 'Athena gives no code' : code;
  const names = namesIn(sql);
  const isOwn = (text: string) => {
    const parts = text.toLowerCase().match(/[a-z_][a-z0-9_]*/g) ?? [];
    return text.length < 200 && /^[\w.$"]+$/.test(text) && parts.every((part) => names.has(part));
  };
  return reason
    .split('\n')[0]!
    .replace(/'((?:[^'])*)'/g, (whole, text: string) => (isOwn(text) ? whole : "'…'"))
    .replace(/"((?:[^"])*)"/g, (whole, text: string) => (isOwn(text) ? whole : '"…"'))
    .replace(/\S*[@＠]\S*/g, '…')
    .replace(/\d{5,}/g, '…')
    .slice(0, 500);
}

/** What to make of an execution that ended as FAILED or CANCELLED. */
export function outcomeOf(execution: QueryExecution, name: string, sql: string): Outcome {
  const queryId = execution.QueryExecutionId ?? 'unknown';
  const { State, StateChangeReason: reason = '', AthenaError: error } = execution.Status ?? {};
  if (OVER_LIMIT.test(reason)) return { kind: 'over limit' };
  if (State === 'CANCELLED')
    return {
      kind: 'failed',
      error: new QueryCancelled(
        `Query ${name} (${queryId}) was cancelled before it ended; run it again`,
        queryId,
      ),
    };
  const text = reason || error?.ErrorMessage || '';
  if (error?.Retryable === true || error?.ErrorCategory === SYSTEM_CATEGORY || PASSES.test(text))
    return { kind: 'again', reason: withoutValues(text, sql) };
  const code = codeOf(text);
  return {
    kind: 'failed',
    error: new QueryRejected(
      `Query ${name} (${queryId}) failed: ${withoutValues(text, sql)}. Athena keeps the whole message under that number`,
      queryId,
      code,
    ),
  };
}

/** Whether a request may be made again: there was no room, nobody answered, or the service failed. */
export function isPassing(error: unknown): boolean {
  const {
    name = '',
    code = '',
    $metadata,
  } = (error ?? {}) as {
    name?: string;
    code?: string;
    $metadata?: { httpStatusCode?: number };
  };
  const status = $metadata?.httpStatusCode ?? 0;
  return (
    status === 429 ||
    status >= 500 ||
    /TooManyRequests|Throttl|LimitExceeded|SlowDown|ServiceUnavailable|InternalServer|TimeoutError/.test(
      name,
    ) ||
    /ECONNRESET|ECONNREFUSED|EPIPE|ETIMEDOUT/.test(code)
  );
}
