import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ServiceError } from '../faults.ts';
import { type Emulator, startJsonService } from '../json-service.ts';
import { type Execution, Executions, type QueryFault, type StartInput } from './executions.ts';
import type { SqlEngine } from './sql-engine.ts';

export interface AthenaEmulator extends Emulator {
  /** What the workgroup allows, and how slowly queries go; may be changed at any time. */
  settings: AthenaSettings;
  /** All queries that were started, the first one first. */
  executions: readonly Execution[];
  /** The next queries whose text fits fail: one unless told. */
  failQuery(fits: RegExp, fault: QueryFault, times?: number): void;
  /** Queries whose text fits stay RUNNING until what is returned is called; `started` resolves when one has begun. */
  holdQuery(fits: RegExp): { release(): void; started: Promise<Execution> };
}

export interface AthenaSettings {
  workgroup: string;
  /** Most bytes that a query may read; null for any. */
  scanCutoff: number | null;
  /** For how many looks a query is shown as QUEUED, and then as RUNNING. */
  queuedLooks: number;
  runningLooks: number;
  now: () => number;
}

export interface AthenaOptions {
  /** Folder of the S3 emulator. */
  folder: string;
  engine: SqlEngine;
  /** Where results go. */
  output?: string;
  settings?: Partial<AthenaSettings>;
}

const PAGE = 1000;

/** Athena's protocol at an address of this machine, over an engine that really runs the statements. */
export async function startAthena(options: AthenaOptions): Promise<AthenaEmulator> {
  const settings: AthenaSettings = {
    workgroup: 'ropo',
    scanCutoff: null,
    queuedLooks: 0,
    runningLooks: 0,
    now: Date.now,
    ...options.settings,
  };
  const output = options.output ?? 's3://lake/athena-results/';
  const writeResult = (execution: Execution) => {
    const file = join(options.folder, `${output}${execution.id}.csv`.replace('s3://', ''));
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, resultFile(execution));
  };
  const executions = new Executions(options.engine, settings, output, writeResult, (execution) => {
    const [, location = ''] = /location\s*=?\s*'s3:\/\/([^']+)'/i.exec(execution.sql) ?? [];
    const data = join(options.folder, location, 'data');
    mkdirSync(data, { recursive: true });
    writeFileSync(join(data, 'half-written.parquet'), 'PAR1');
  });

  const service = await startJsonService({
    actions: {
      StartQueryExecution: (input: StartInput) => ({ QueryExecutionId: executions.start(input).id }),
      GetQueryExecution: ({ QueryExecutionId }: { QueryExecutionId: string }) => ({
        QueryExecution: executions.look(QueryExecutionId),
      }),
      StopQueryExecution: ({ QueryExecutionId }: { QueryExecutionId: string }) => {
        executions.stop(QueryExecutionId);
      },
      GetQueryResults: (input: { QueryExecutionId: string; MaxResults?: number; NextToken?: string }) =>
        resultPage(executions.result(input.QueryExecutionId), input),
      GetWorkGroup: ({ WorkGroup }: { WorkGroup: string }) => {
        executions.checkWorkgroup(WorkGroup);
        return {
          WorkGroup: {
            Name: WorkGroup,
            State: 'ENABLED',
            Configuration: {
              EnforceWorkGroupConfiguration: true,
              ResultConfiguration: { OutputLocation: output },
              ...(settings.scanCutoff === null ? {} : { BytesScannedCutoffPerQuery: settings.scanCutoff }),
            },
          },
        };
      },
    },
  });
  return {
    ...service,
    settings,
    executions: executions.all,
    failQuery: (fits, fault, times = 1) => executions.failQuery(fits, fault, times),
    holdQuery: (fits) => executions.holdQuery(fits),
    async close() {
      await service.close();
      await executions.settled();
    },
  };
}

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

/** Every value stands in quotes, null is an empty cell without. */
function resultFile({ columns, rows, hasHeader }: Execution): string {
  const header = hasHeader ? `${columns.map(({ name }) => quoted(name)).join(',')}\n` : '';
  return (
    header +
    rows.map((row) => `${row.map((cell) => (cell === null ? '' : quoted(cell))).join(',')}\n`).join('')
  );
}

function resultPage(
  execution: Execution,
  { MaxResults = PAGE, NextToken }: { MaxResults?: number; NextToken?: string },
) {
  if (MaxResults < 1 || MaxResults > PAGE)
    throw new ServiceError('InvalidRequestException', `MaxResults is ${MaxResults}; at most ${PAGE}`);
  const names: (string | null)[] = execution.columns.map(({ name }) => name);
  const all = execution.hasHeader ? [names, ...execution.rows] : execution.rows;
  const from = NextToken === undefined ? 0 : Number(Buffer.from(NextToken, 'base64url').toString());
  if (!Number.isInteger(from)) throw new ServiceError('InvalidRequestException', 'Invalid NextToken');
  const upTo = from + MaxResults;
  return {
    ResultSet: {
      Rows: all.slice(from, upTo).map((row) => ({
        Data: row.map((cell) => (cell === null ? {} : { VarCharValue: cell })),
      })),
      ResultSetMetadata: {
        ColumnInfo: execution.columns.map(({ name, type }) => ({
          Name: name,
          Label: name,
          Type: type,
          CatalogName: 'hive',
        })),
      },
    },
    UpdateCount: 0,
    ...(upTo < all.length ? { NextToken: Buffer.from(String(upTo)).toString('base64url') } : {}),
  };
}
