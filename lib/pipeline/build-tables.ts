import { createHash } from 'node:crypto';
import { RAW_TABLE_NAMES } from '../domain/raw-tables.ts';
import type { BuildManifest, Row, Warehouse } from '../ports.ts';
import { type BuildStep, inDependencyOrder } from './build-step.ts';
import { customerSteps } from './customers/customer-steps.ts';
import { readCostRates } from './economics/read-cost-rates.ts';
import { measureAlerts } from './freshness/measure-alerts.ts';
import { measureRhythms } from './freshness/measure-rhythms.ts';
import { modelSteps } from './models/fit-models.ts';
import { PREVIOUS_TABLES } from './previous-tables.ts';
import { resolveIdentity } from './resolve-identity.ts';
import { returnSteps } from './returns/return-steps.ts';
import { type Seed, seedSelect } from './seeds.ts';
import { readSqlFolder, type SqlFile, TABLE_FOLDERS } from './sql-files.ts';
import { measureTargets } from './targets/measure-targets.ts';

/** The algorithms between the SQL, for one build. */
export const buildSteps = (): BuildStep[] => [
  resolveIdentity,
  ...returnSteps,
  ...modelSteps(),
  ...customerSteps,
  measureRhythms,
  readCostRates,
  measureTargets,
  measureAlerts,
];

export interface BuildOptions {
  warehouse: Warehouse;
  seeds: Seed[];
  buildId: string;
  builtAt: string;
  /** Called when a table begins (no rows yet) and when it is made. */
  onTable?: (table: { name: string; rows?: number; seconds?: number }) => void;
}

export class BuildCheckFailed extends Error {}

/**
 * Runs sql/ and the steps between in dependency order, checks, and publishes. Readers see the build before
 * until the last step; when anything fails it stays, and the half-made build is discarded.
 * @throws BuildCheckFailed when a check finds rows, with the first of them.
 */
export async function buildTables({
  warehouse,
  seeds,
  buildId,
  builtAt,
  onTable = () => {},
}: BuildOptions): Promise<BuildManifest> {
  const files = TABLE_FOLDERS.flatMap((folder) => readSqlFolder(folder));
  const given = new Set<string>([
    ...RAW_TABLE_NAMES,
    ...Object.keys(PREVIOUS_TABLES),
    ...seeds.map(({ name }) => name),
  ]);
  const tables: BuildManifest['tables'] = [];
  let begun = performance.now();
  /** What a step computes before it makes its first table counts as that table's time. */
  const make = async (name: string, run: () => Promise<number>) => {
    onTable({ name });
    const rows = await run();
    const seconds = (performance.now() - begun) / 1000;
    begun = performance.now();
    tables.push({ name, rows, seconds });
    onTable({ name, rows, seconds });
  };
  try {
    for (const seed of seeds) await make(seed.name, () => warehouse.createTable(seed.name, seedSelect(seed)));
    for (const maker of inDependencyOrder<SqlFile | BuildStep>([...files, ...buildSteps()], given)) {
      if ('select' in maker) await make(maker.name, () => warehouse.createTable(maker.name, maker.select));
      else
        await maker.run(warehouse, (name, columns) =>
          make(name, () => warehouse.createColumns(name, columns)),
        );
    }
    for (const check of readSqlFolder('checks')) await failOnRows(warehouse, check);
    const manifest = {
      build_id: buildId,
      built_at: builtAt,
      settings_hash: settingsHash([...files, ...readSqlFolder('fitting')], seeds),
      tables,
    };
    await warehouse.publish(manifest);
    return manifest;
  } catch (error) {
    await warehouse.discard();
    throw error;
  }
}

async function failOnRows(warehouse: Warehouse, check: SqlFile): Promise<void> {
  const rows: Row[] = await warehouse.query(`${check.select}\nLIMIT 3`);
  if (rows.length === 0) return;
  throw new BuildCheckFailed(
    `Check ${check.name} failed, so nothing was published: ${rows.map((row) => JSON.stringify(row)).join('; ')}. ${check.grain}`,
  );
}

/** Changes exactly when the SQL or a seed does. */
export function settingsHash(files: readonly SqlFile[], seeds: readonly Seed[]): string {
  const sha = createHash('sha256');
  for (const { name, select } of files) sha.update(`${name}\n${select}\n`);
  for (const { name, rows } of seeds) sha.update(`${name}\n${JSON.stringify(rows)}\n`);
  return sha.digest('hex').slice(0, 12);
}
