import { randomUUID } from 'node:crypto';
import {
  type AthenaClient,
  GetQueryExecutionCommand,
  GetWorkGroupCommand,
  type QueryExecution,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import type { S3Client } from '@aws-sdk/client-s3';
import type { Cell, ColumnArray, Row } from '../../../ports.ts';
import { bind } from './literals.ts';
import {
  outcomeOf,
  QueryCancelled,
  QueryRejected,
  QueryTimedOut,
  ScanLimitExceeded,
  withoutValues,
} from './query-errors.ts';
import { columnsOfResult, rowsOfResult } from './results.ts';
import { checkLength } from './statements.ts';
import { type Clock, createPatience, patiently, type RetryLimits, systemClock } from './waiting.ts';

export interface QueryLimits extends RetryLimits {
  /** How long a query may take before it is stopped, in milliseconds. */
  timeoutMs: number;
  /** The first pause between two looks at a query, in milliseconds; each further one is half as long again. */
  pollFirstMs: number;
  pollMostMs: number;
}

const LIMITS: QueryLimits = {
  timeoutMs: 600_000,
  pollFirstMs: 150,
  pollMostMs: 4_000,
  retryBudgetMs: 120_000,
  retryBaseMs: 500,
  retryMostMs: 15_000,
};
const POLL_GROWTH = 1.5;

export interface QueryOptions {
  /** Database that bare names of tables are looked up in. */
  database?: string | undefined;
  /** Values of the question marks, in order. */
  parameters?: readonly Cell[] | undefined;
  /** The result of an equal query that is at most so many minutes old will do. */
  reuse?: number | undefined;
  /** What the query is, for messages. */
  name?: string | undefined;
  timeoutMs?: number | undefined;
  /** Stops the query when it is given. */
  signal?: AbortSignal | undefined;
}

/** A query that succeeded. */
export interface QueryDone {
  queryId: string;
  name: string;
  /** Bytes that it read, which is what it costs. */
  scannedBytes: number;
  milliseconds: number;
  /** The result was there from an earlier query. */
  isReused: boolean;
  /** Address of the file with the result. */
  output: string | null;
  statementType: string | null;
}

export interface AthenaQueries {
  /**
   * Runs a statement. Where Athena fails by itself it is run again, and `sql` is asked for the text of the next try,
   * from 0 on: a table's folder must be empty, and a query that failed leaves files behind.
   * @throws QueryFailed (rejected, over the limit, cancelled, timed out), AthenaBusy; none holds a value of a row
   */
  run(sql: string | ((attempt: number) => string), options?: QueryOptions): Promise<QueryDone>;
  /** Rows of a SELECT, typed as the embedded engine types them. */
  rows(sql: string, options?: QueryOptions): Promise<Row[]>;
  /** Columns of a SELECT as arrays, rows in the order given. */
  columns(sql: string, options?: QueryOptions): Promise<Record<string, ColumnArray>>;
}

export interface AthenaQueriesOptions {
  client: AthenaClient;
  s3: S3Client;
  workgroup: string;
  limits?: Partial<QueryLimits>;
  clock?: Clock;
  /** Told of each query that succeeded: for what it cost. */
  onQuery?: (done: QueryDone) => void;
}

/** Queries in an Athena workgroup, which says where results go and how much a query may read. */
export function createAthenaQueries(options: AthenaQueriesOptions): AthenaQueries {
  const { client, s3, workgroup, clock = systemClock, onQuery = () => {} } = options;
  const limits = { ...LIMITS, ...options.limits };
  const ask = <T>(what: string, request: () => Promise<T>, signal?: AbortSignal) =>
    patiently(clock, limits, `${what} of Athena`, request, signal);

  const start = async (sql: string, parameters: string[], asked: QueryOptions, name: string) => {
    const token = randomUUID();
    const { database, reuse } = asked;
    const request = new StartQueryExecutionCommand({
      QueryString: sql,
      WorkGroup: workgroup,
      // Equal for each try of the request, so that one that was not answered does not run twice.
      ClientRequestToken: token,
      QueryExecutionContext: database === undefined ? undefined : { Database: database },
      ExecutionParameters: parameters.length > 0 ? parameters : undefined,
      ResultReuseConfiguration:
        reuse === undefined
          ? undefined
          : { ResultReuseByAgeConfiguration: { Enabled: true, MaxAgeInMinutes: reuse } },
    });
    try {
      const { QueryExecutionId } = await ask(
        `The start of query ${name}`,
        () => client.send(request),
        asked.signal,
      );
      return QueryExecutionId!;
    } catch (error) {
      if ((error as Error).name !== 'InvalidRequestException') throw error;
      const message = withoutValues(`SYNTAX_ERROR: ${(error as Error).message}`, sql);
      throw new QueryRejected(`Query ${name} was refused: ${message}`, 'none', 'INVALID_REQUEST');
    }
  };

  /** Whoever gives a query up does not pay for the rest of it. That it could not be stopped is no other failure. */
  const stop = (queryId: string) =>
    ask('Stopping', () => client.send(new StopQueryExecutionCommand({ QueryExecutionId: queryId }))).catch(
      () => {},
    );

  const ended = async (queryId: string, name: string, asked: QueryOptions): Promise<QueryExecution> => {
    const timeout = asked.timeoutMs ?? limits.timeoutMs;
    const deadline = clock.now() + timeout;
    for (let pause = limits.pollFirstMs; ; pause = Math.min(pause * POLL_GROWTH, limits.pollMostMs)) {
      await clock.sleep(pause * (0.75 + clock.random() / 2), asked.signal);
      if (asked.signal?.aborted) {
        await stop(queryId);
        throw new QueryCancelled(
          `Query ${name} (${queryId}) was given up by who asked, and stopped`,
          queryId,
        );
      }
      const { QueryExecution: execution } = await ask(`A look at query ${name}`, () =>
        client.send(new GetQueryExecutionCommand({ QueryExecutionId: queryId })),
      );
      const state = execution?.Status?.State;
      if (execution && state !== 'QUEUED' && state !== 'RUNNING') return execution;
      if (clock.now() >= deadline) {
        await stop(queryId);
        throw new QueryTimedOut(
          `Query ${name} (${queryId}) took longer than ${timeout / 1000} s and was stopped. Ask for less, or give it more time`,
          queryId,
        );
      }
    }
  };

  const scanLimit = async (): Promise<string> => {
    try {
      const { WorkGroup } = await client.send(new GetWorkGroupCommand({ WorkGroup: workgroup }));
      const bytes = WorkGroup?.Configuration?.BytesScannedCutoffPerQuery;
      return bytes === undefined ? '' : `${bytes} bytes `;
    } catch {
      // Who may run queries need not be allowed to read the settings of the workgroup.
      return '';
    }
  };

  const run: AthenaQueries['run'] = async (sql, asked = {}) => {
    const textOf = typeof sql === 'string' ? () => sql : sql;
    const name = asked.name ?? 'without a name';
    const patience = createPatience(clock, limits);
    for (let attempt = 0; ; attempt++) {
      const bound = bind(textOf(attempt), asked.parameters ?? []);
      checkLength(bound.sql, name);
      const queryId = await start(bound.sql, bound.parameters, asked, name);
      const execution = await ended(queryId, name, asked);
      if (execution.Status?.State === 'SUCCEEDED') {
        const done = doneOf(execution, queryId, name);
        onQuery(done);
        return done;
      }
      const outcome = outcomeOf(execution, name, bound.sql);
      if (outcome.kind === 'failed') throw outcome.error;
      if (outcome.kind === 'over limit')
        throw new ScanLimitExceeded(
          `Query ${name} (${queryId}) reads more than the ${await scanLimit()}that workgroup ${workgroup} allows a query, and was stopped after ${execution.Statistics?.DataScannedInBytes ?? 0} bytes. Ask for less, or raise the limit of the workgroup`,
          queryId,
        );
      await patience.next(`Query ${name}`, outcome.reason, asked.signal);
    }
  };

  const reading = { client, s3, ask };
  return {
    run,
    rows: async (sql, asked) => rowsOfResult(reading, await run(sql, asked)),
    columns: async (sql, asked) => columnsOfResult(reading, await run(sql, asked)),
  };
}

function doneOf(
  { Statistics, ResultConfiguration, StatementType }: QueryExecution,
  queryId: string,
  name: string,
): QueryDone {
  return {
    queryId,
    name,
    scannedBytes: Statistics?.DataScannedInBytes ?? 0,
    milliseconds: Statistics?.TotalExecutionTimeInMillis ?? 0,
    isReused: Statistics?.ResultReuseInformation?.ReusedPreviousResult ?? false,
    output: ResultConfiguration?.OutputLocation ?? null,
    statementType: StatementType ?? null,
  };
}
