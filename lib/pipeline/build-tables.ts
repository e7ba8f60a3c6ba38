import type { BuildManifest, Warehouse } from '../ports.ts';
import { type BuildPlan, type Maker, planBuild } from './build-plan.ts';
import type { BuildStep } from './build-step.ts';
import { customerSteps } from './customers/customer-steps.ts';
import { readCostRates } from './economics/read-cost-rates.ts';
import { measureAlerts } from './freshness/measure-alerts.ts';
import { measureRhythms } from './freshness/measure-rhythms.ts';
import { modelSteps } from './models/fit-models.ts';
import { resolveIdentity } from './resolve-identity.ts';
import { returnSteps } from './returns/return-steps.ts';
import type { Seed } from './seeds.ts';
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

/** The build of a shop with these seeds. */
export const describeBuild = (seeds: readonly Seed[]): BuildPlan =>
  planBuild({
    files: TABLE_FOLDERS.flatMap((folder) => readSqlFolder(folder)),
    steps: buildSteps(),
    seeds,
    checks: readSqlFolder('checks'),
    inputs: readSqlFolder('fitting'),
  });

export interface BuildOptions {
  warehouse: Warehouse;
  seeds: Seed[];
  buildId: string;
  builtAt: string;
  /** Called when a table begins (no rows yet) and when it is made. */
  onTable?: (table: { name: string; rows?: number; seconds?: number }) => void;
}

/** A check of sql/checks found rows. */
export class BuildCheckFailed extends Error {
  override name = 'BuildCheckFailed';
}

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
  const plan = describeBuild(seeds);
  const tables: BuildManifest['tables'] = [];
  let begun = performance.now();
  try {
    for (const maker of plan.makers) {
      /** What a step computes before it makes its first table counts as that table's time. */
      await makeTables(maker, warehouse, async (name, run) => {
        onTable({ name });
        const rows = await run();
        const seconds = (performance.now() - begun) / 1000;
        begun = performance.now();
        tables.push({ name, rows, seconds });
        onTable({ name, rows, seconds });
      });
    }
    for (const check of plan.checks) await failOnRows(warehouse, check);
    const manifest = manifestOf(plan, { buildId, builtAt, tables });
    await warehouse.publish(manifest);
    return manifest;
  } catch (error) {
    await warehouse.discard();
    throw error;
  }
}

/**
 * Makes the tables of one maker.
 * @param around runs what makes a table and gives its number of rows, and keeps account of it
 */
export async function makeTables(
  maker: Maker,
  warehouse: Warehouse,
  around: (name: string, run: () => Promise<number>) => Promise<void>,
): Promise<void> {
  if ('select' in maker) await around(maker.name, () => warehouse.createTable(maker.name, maker.select));
  else
    await maker.run(warehouse, (name, columns) => around(name, () => warehouse.createColumns(name, columns)));
}

/** @throws BuildCheckFailed when a check finds rows, with the first of them */
export async function failOnRows(warehouse: Pick<Warehouse, 'query'>, check: SqlFile): Promise<void> {
  const rows = await warehouse.query(`${check.select}\nLIMIT 3`);
  if (rows.length === 0) return;
  throw new BuildCheckFailed(
    `Check ${check.name} failed, so nothing was published: ${rows.map((row) => JSON.stringify(row)).join('; ')}. ${check.grain}`,
  );
}

/** What a build is known by. */
export const manifestOf = <Table extends BuildManifest['tables'][number]>(
  plan: BuildPlan,
  { buildId, builtAt, tables }: { buildId: string; builtAt: string; tables: Table[] },
): Omit<BuildManifest, 'tables'> & { tables: Table[] } => ({
  build_id: buildId,
  built_at: builtAt,
  settings_hash: plan.settingsHash,
  tables,
});
