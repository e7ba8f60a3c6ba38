import { randomUUID } from 'node:crypto';
import { ServiceError } from '../faults.ts';
import type { AthenaSettings } from './athena.ts';
import { EngineError, type EngineResult, type SqlEngine } from './sql-engine.ts';

export interface StartInput {
  QueryString: string;
  ClientRequestToken?: string;
  WorkGroup?: string;
  QueryExecutionContext?: { Database?: string; Catalog?: string };
  ExecutionParameters?: string[];
  ResultReuseConfiguration?: {
    ResultReuseByAgeConfiguration?: { Enabled: boolean; MaxAgeInMinutes?: number };
  };
}

/** How a query ends instead of succeeding. */
export interface QueryFault {
  /** What Athena says, beginning with the code. */
  reason: string;
  state?: 'FAILED' | 'CANCELLED';
  /** 1 system, 2 user, 3 other. */
  category?: number;
  isRetryable?: boolean;
  /** Whether the statement is carried out all the same. */
  isDone?: boolean;
  /** Whether the folder of the table that it should have made holds a file now, as of a query that failed half-way. */
  leavesFiles?: boolean;
}

export interface Execution {
  id: string;
  sql: string;
  database: string | null;
  parameters: string[];
  state: 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED';
  fault: QueryFault | null;
  columns: EngineResult['columns'];
  rows: EngineResult['rows'];
  scannedBytes: number;
  statementType: 'DML' | 'DDL' | 'UTILITY';
  hasHeader: boolean;
  submittedAt: number;
  endedAt: number | null;
  looks: number;
  isReused: boolean;
  /** Execution whose file holds the result. */
  resultOf: string;
}

const LONGEST = 262_144;
const TAKES_PARAMETERS = /^\s*(select|with|insert|create\s+table|unload)\b/i;

const typeOf = (sql: string): Execution['statementType'] => {
  const bare = sql.replace(/^(\s|--[^\n]*\n)+/, '');
  if (/^(select|with|values|insert|merge|update|delete|unload|\()/i.test(bare)) return 'DML';
  return /^(show|describe|explain)/i.test(bare) ? 'UTILITY' : 'DDL';
};

const invalid = (message: string) => new ServiceError('InvalidRequestException', message);

/** The queries of one workgroup, from their start to their end. */
export class Executions {
  readonly all: Execution[] = [];
  readonly #byId = new Map<string, Execution>();
  readonly #byToken = new Map<string, Execution>();
  readonly #work = new Set<Promise<void>>();
  readonly #faults: { fits: RegExp; fault: QueryFault; left: number }[] = [];
  readonly #holds: { fits: RegExp; released: Promise<void>; began(execution: Execution): void }[] = [];
  readonly #engine: SqlEngine;
  readonly #settings: AthenaSettings;
  readonly #output: string;
  readonly #writeResult: (execution: Execution) => void;
  readonly #leaveFiles: (execution: Execution) => void;

  constructor(
    engine: SqlEngine,
    settings: AthenaSettings,
    output: string,
    writeResult: (execution: Execution) => void,
    leaveFiles: (execution: Execution) => void,
  ) {
    this.#engine = engine;
    this.#settings = settings;
    this.#output = output;
    this.#writeResult = writeResult;
    this.#leaveFiles = leaveFiles;
  }

  start(input: StartInput): Execution {
    const { QueryString: sql = '', ClientRequestToken: token } = input;
    const database = input.QueryExecutionContext?.Database ?? null;
    const parameters = input.ExecutionParameters ?? [];
    this.checkWorkgroup(input.WorkGroup ?? 'primary');
    if (Buffer.byteLength(sql) < 1 || Buffer.byteLength(sql) > LONGEST)
      throw invalid(
        `Value at 'queryString' failed to satisfy constraint: Member must have length less than or equal to ${LONGEST}`,
      );
    if (token !== undefined && (token.length < 32 || token.length > 128))
      throw invalid('The client request token must have 32 to 128 characters');
    checkParameters(sql, parameters, input.ExecutionParameters !== undefined);
    const before = token === undefined ? undefined : this.#byToken.get(token);
    if (before) {
      if (before.sql !== sql || before.database !== database)
        throw invalid('Idempotent parameters do not match for the given client request token');
      return before;
    }
    const id = randomUUID();
    const statementType = typeOf(sql);
    const execution: Execution = {
      id,
      sql,
      database,
      parameters,
      state: 'QUEUED',
      fault: null,
      columns: [],
      rows: [],
      scannedBytes: 0,
      statementType,
      hasHeader: false,
      submittedAt: this.#settings.now(),
      endedAt: null,
      looks: 0,
      isReused: false,
      resultOf: id,
    };
    this.all.push(execution);
    this.#byId.set(id, execution);
    if (token !== undefined) this.#byToken.set(token, execution);
    const reuse = input.ResultReuseConfiguration?.ResultReuseByAgeConfiguration;
    const earlier = reuse?.Enabled
      ? this.#reusable(execution, (reuse.MaxAgeInMinutes ?? 60) * 60_000)
      : undefined;
    const work = earlier
      ? Promise.resolve(reused(execution, earlier, this.#settings.now()))
      : this.#perform(execution);
    this.#work.add(work);
    void work.finally(() => this.#work.delete(work));
    return execution;
  }

  async #perform(execution: Execution): Promise<void> {
    const fault = this.#faultOf(execution.sql);
    execution.state = 'RUNNING';
    for (const hold of this.#holds.filter(({ fits }) => fits.test(execution.sql))) {
      hold.began(execution);
      await hold.released;
    }
    let result: EngineResult | null = null;
    let failure: QueryFault | null = fault;
    if (!isOver(execution) && (fault === null || fault.isDone)) {
      try {
        result = await this.#engine.run(execution.sql, execution);
      } catch (error) {
        failure ??= faultOfError(error as Error);
      }
    }
    if (isOver(execution)) return;
    execution.endedAt = this.#settings.now();
    execution.scannedBytes = result?.scannedBytes ?? 0;
    const { scanCutoff } = this.#settings;
    if (failure === null && scanCutoff !== null && execution.scannedBytes > scanCutoff)
      failure = { state: 'CANCELLED', reason: 'Bytes scanned limit was exceeded' };
    if (failure !== null) {
      if (failure.leavesFiles) this.#leaveFiles(execution);
      execution.fault = failure;
      execution.state = failure.state ?? 'FAILED';
      return;
    }
    execution.columns = result!.columns;
    execution.rows = result!.rows;
    execution.hasHeader = execution.statementType === 'DML' && result!.columns.length > 0;
    this.#writeResult(execution);
    execution.state = 'SUCCEEDED';
  }

  look(id: string) {
    const execution = this.#find(id);
    execution.looks += 1;
    const { queuedLooks, runningLooks } = this.#settings;
    const shown =
      execution.looks <= queuedLooks
        ? 'QUEUED'
        : execution.looks <= queuedLooks + runningLooks
          ? 'RUNNING'
          : execution.state;
    const isShownOver = shown === execution.state;
    const { fault } = execution;
    return {
      QueryExecutionId: id,
      Query: execution.sql,
      StatementType: execution.statementType,
      WorkGroup: this.#settings.workgroup,
      ResultConfiguration: { OutputLocation: `${this.#output}${execution.resultOf}.csv` },
      QueryExecutionContext: execution.database === null ? {} : { Database: execution.database },
      Status: {
        State: shown,
        SubmissionDateTime: execution.submittedAt / 1000,
        ...(isShownOver && fault
          ? {
              StateChangeReason: fault.reason,
              AthenaError: {
                ErrorCategory: fault.category ?? 2,
                ErrorType: 1,
                Retryable: fault.isRetryable ?? false,
                ErrorMessage: fault.reason,
              },
            }
          : {}),
      },
      Statistics: {
        DataScannedInBytes: execution.scannedBytes,
        TotalExecutionTimeInMillis: (execution.endedAt ?? this.#settings.now()) - execution.submittedAt,
        ResultReuseInformation: { ReusedPreviousResult: execution.isReused },
      },
    };
  }

  stop(id: string): void {
    const execution = this.#find(id);
    if (isOver(execution)) return;
    execution.state = 'CANCELLED';
    execution.fault = { reason: 'Query cancelled by user', category: 2 };
    execution.endedAt = this.#settings.now();
  }

  result(id: string): Execution {
    const execution = this.#find(id);
    if (execution.state !== 'SUCCEEDED')
      throw invalid(`Query has not yet finished. Current state: ${execution.state}`);
    return execution;
  }

  checkWorkgroup(name: string): void {
    if (name !== this.#settings.workgroup) throw invalid(`WorkGroup ${name} is not found.`);
  }

  failQuery(fits: RegExp, fault: QueryFault, times: number): void {
    this.#faults.push({ fits, fault, left: times });
  }

  holdQuery(fits: RegExp): { release(): void; started: Promise<Execution> } {
    let release = () => {};
    let began: (execution: Execution) => void = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const started = new Promise<Execution>((resolve) => {
      began = resolve;
    });
    const hold = { fits, released, began };
    this.#holds.push(hold);
    return {
      started,
      release: () => {
        this.#holds.splice(this.#holds.indexOf(hold), 1);
        release();
      },
    };
  }

  /** Resolves when nothing runs any more. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#work);
  }

  #find(id: string): Execution {
    const execution = this.#byId.get(id);
    if (!execution) throw invalid(`QueryExecution ${id} was not found`);
    return execution;
  }

  #faultOf(sql: string): QueryFault | null {
    const found = this.#faults.find(({ fits, left }) => left > 0 && fits.test(sql));
    if (!found) return null;
    found.left -= 1;
    return found.fault;
  }

  #reusable(execution: Execution, age: number): Execution | undefined {
    return this.all.findLast(
      (other) =>
        other !== execution &&
        other.state === 'SUCCEEDED' &&
        other.hasHeader &&
        other.sql === execution.sql &&
        other.database === execution.database &&
        other.parameters.join('\0') === execution.parameters.join('\0') &&
        execution.submittedAt - other.endedAt! <= age,
    );
  }
}

const isOver = ({ state }: Execution) => state !== 'QUEUED' && state !== 'RUNNING';

function reused(execution: Execution, { columns, rows, resultOf }: Execution, now: number): void {
  Object.assign(execution, {
    columns,
    rows,
    resultOf,
    hasHeader: true,
    isReused: true,
    state: 'SUCCEEDED',
    endedAt: now,
  });
}

function faultOfError(error: Error): QueryFault {
  return { reason: error.message, category: error instanceof EngineError ? 2 : 3 };
}

function checkParameters(sql: string, parameters: readonly string[], isGiven: boolean): void {
  if (!isGiven) return;
  if (parameters.length === 0) throw invalid('ExecutionParameters must have at least one member');
  if (parameters.some((text) => text.length < 1 || text.length > 1024))
    throw invalid('A member of ExecutionParameters must have 1 to 1024 characters');
  if (!TAKES_PARAMETERS.test(sql))
    throw invalid('Execution parameters are for SELECT, INSERT, CTAS and UNLOAD only');
  const code = sql.replace(/'(?:[^']|'')*'/g, "''");
  if (code.indexOf('?') < code.search(/\bwhere\b/i) || !/\bwhere\b/i.test(code))
    throw invalid('Parameters can be placed in the WHERE clause only');
}
