import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { GetQueryExecutionCommand, StartQueryExecutionCommand } from '@aws-sdk/client-athena';
import { createAthenaQueries } from '../../../lib/adapters/aws/athena/queries.ts';
import { doBuildAction } from '../../../lib/adapters/aws/builds/build-actions.ts';
import type { AthenaManifest, BuildWorld } from '../../../lib/adapters/aws/builds/build-state.ts';
import { openJsonObjects } from '../../../lib/adapters/aws/builds/json-objects.ts';
import { runStep } from '../../../lib/adapters/aws/builds/make-table.ts';
import { openErasureWorld } from '../../../lib/adapters/aws/builds/open-world.ts';
import { athenaClient, s3Client } from '../../../lib/adapters/aws/clients.ts';
import { buildMachine } from '../../../lib/stacks/build-machine.ts';
import {
  type AthenaEmulator,
  openDuckDbEngine,
  type Execution as Query,
  startAthena,
} from '../emulators/athena/index.ts';
import { type EmulatorOptions, type Emulators, startEmulators } from '../emulators/index.ts';
import { type Execution, execute, type Resources, StatesError } from './state-machine.ts';

/** A shop on AWS as far as builds go: its lake, its Athena, the functions of a build and the machine that runs them. */
export interface BuildShop {
  emulators: Emulators;
  athena: AthenaEmulator;
  settings: Settings;
  /** Folder of the lake's bucket. */
  lake: string;
  /** Runs the machine once. `watch` is called before and after all that it does. */
  run(options?: { name?: string; input?: unknown; watch?: () => Promise<void> }): Promise<Execution>;
  /** Calls the function build-tables as somebody who runs the shop does. */
  ask(event: Record<string, unknown>): Promise<unknown>;
  /** Id of the published build; null before the first. */
  published(): string | null;
  manifest(): AthenaManifest;
  /** Queries begun since the last time that this was asked. */
  queries(): Query[];
  close(): Promise<void>;
}

const PARTS = { buildTables: 'build-tables', fitModels: 'fit-models', workgroup: 'ropo' };

interface Settings {
  /** The clock, in milliseconds since 1970 UTC. */
  now: number;
  codeVersion: string;
  /** Metrics told so far. */
  counted: Record<string, number>[];
}

/** Anything that calls a function by its name. */
export type Invoke = (name: string, event: unknown) => Promise<unknown>;

/**
 * One at a time in a process, since the clients of the functions are made once.
 * @param invokeOf how functions are called, once the environment is known; what they do, in this process, unless told
 */
export async function openBuildShop(
  invokeOf?: (environment: Record<string, string>) => Promise<Invoke>,
  options: EmulatorOptions = {},
): Promise<BuildShop> {
  const emulators = await startEmulators(options);
  const settings: Settings = { now: Date.UTC(2026, 0, 15), codeVersion: 'one', counted: [] };
  const engine = await openDuckDbEngine({ folder: emulators.folder, now: () => settings.now });
  const athena = await startAthena({ folder: emulators.folder, engine });
  const environment = {
    ...emulators.environment,
    AWS_ENDPOINT_URL_ATHENA: athena.url,
    ROPO_WORKGROUP: 'ropo',
    ROPO_RAW_DATABASE: 'ropo_raw',
  };
  Object.assign(process.env, environment);
  const invoke = invokeOf ? await invokeOf(environment) : await ownActions(settings);
  const lake = join(emulators.folder, 'lake');
  let seen = 0;

  const resources: Resources = {
    async invoke(name, payload) {
      try {
        return await invoke(name, payload);
      } catch (error) {
        const { errorType, name: type, message } = error as Error & { errorType?: string };
        throw new StatesError(errorType ?? type, message);
      }
    },
    runQuery,
  };
  const published = () => {
    const file = join(lake, 'builds/published.json');
    if (!existsSync(file)) return null;
    return (JSON.parse(readFileSync(file, 'utf8')) as { build_id: string }).build_id;
  };
  return {
    emulators,
    athena,
    settings,
    lake,
    run({ name = randomUUID(), input = {}, watch } = {}) {
      settings.now += 60_000;
      return execute(buildMachine(PARTS), input, watch ? watched(resources, watch) : resources, name);
    },
    ask: (event) => invoke('build-tables', event),
    published,
    manifest: () =>
      JSON.parse(readFileSync(join(lake, `builds/${published()}/manifest.json`), 'utf8')) as AthenaManifest,
    queries() {
      const since = athena.executions.slice(seen);
      seen = athena.executions.length;
      return since;
    },
    async close() {
      await athena.close();
      await engine.close();
      await emulators.close();
    },
  };
}

function watched({ invoke, runQuery: run }: Resources, watch: () => Promise<void>): Resources {
  const around = async <T>(work: () => Promise<T>): Promise<T> => {
    await watch();
    const result = await work();
    await watch();
    return result;
  };
  return {
    invoke: (name, payload) => around(() => invoke(name, payload)),
    runQuery: (query) => around(() => run(query)),
  };
}

/** What the handlers do, with a clock of the test's, and without waiting for an engine that is near. */
async function ownActions(settings: Settings): Promise<Invoke> {
  const s3 = s3Client();
  let scanned = 0;
  const world: BuildWorld = {
    objects: openJsonObjects(s3, 'lake'),
    queries: createAthenaQueries({
      client: athenaClient(),
      s3,
      workgroup: 'ropo',
      limits: { pollFirstMs: 2, pollMostMs: 50, retryBaseMs: 5, retryMostMs: 50 },
      onQuery: ({ scannedBytes }) => {
        scanned += scannedBytes;
      },
    }),
    s3,
    bucket: 'lake',
    rawDatabase: 'ropo_raw',
    get codeVersion() {
      return settings.codeVersion;
    },
    now: () => settings.now,
    scanned: () => scanned,
    count: (counts) => settings.counted.push(counts),
  };
  return async (name, event) => {
    const given = JSON.parse(JSON.stringify(event)) as never;
    if (name === 'build-tables') return await doBuildAction(world, () => openErasureWorld(world), given);
    const { build_id, step } = given as { build_id: string; step: string };
    return await runStep(world, build_id, step);
  };
}

/** As `startQueryExecution.sync` does it: starts, looks until it is over, and gives what Athena says of it. */
const runQuery: Resources['runQuery'] = async ({ sql, database, workgroup }) => {
  const client = athenaClient();
  const started = await client
    .send(
      new StartQueryExecutionCommand({
        QueryString: sql,
        QueryExecutionContext: { Database: database },
        WorkGroup: workgroup,
      }),
    )
    .catch((error: Error) => {
      throw new StatesError(`Athena.${error.name}`, error.message);
    });
  for (;;) {
    const { QueryExecution: query } = await client.send(
      new GetQueryExecutionCommand({ QueryExecutionId: started.QueryExecutionId }),
    );
    const state = query!.Status!.State!;
    if (state === 'SUCCEEDED') return query as Awaited<ReturnType<Resources['runQuery']>>;
    if (state === 'FAILED' || state === 'CANCELLED')
      throw new StatesError('States.TaskFailed', query!.Status!.StateChangeReason ?? state);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

/** Puts the shop's own rows of a seed into the lake; null takes them away. */
export function putSeed({ lake }: BuildShop, file: string, text: string | null): void {
  const path = join(lake, 'seeds', file);
  mkdirSync(dirname(path), { recursive: true });
  if (text === null) rmSync(path, { force: true });
  else writeFileSync(path, text);
}

/** Names of tables of a build that lie in its own folder. */
export function tablesInFolder({ lake }: BuildShop, buildId: string): string[] {
  const folder = join(lake, 'builds', buildId);
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !['state', 'answers'].includes(entry.name))
    .map(({ name }) => name)
    .sort();
}

/** Says why an execution failed where a test expects that it did not. */
export function expectSuccess({ status, error, cause }: Execution): void {
  if (status !== 'SUCCEEDED') throw new Error(`The machine failed: ${error}: ${cause}`);
}
