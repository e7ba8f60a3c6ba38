import { createHash } from 'node:crypto';
import { resolvePersons } from '../domain/identity.ts';
import { RAW_TABLE_NAMES } from '../domain/raw-tables.ts';
import type { BuildManifest, Row, Warehouse } from '../ports.ts';
import { type Seed, seedSelect } from './seeds.ts';
import { inDependencyOrder, readSqlFolder, type SqlFile, TABLE_FOLDERS } from './sql-files.ts';

/** Tables that this file makes between the SQL: the outcome of the identity resolution. */
const PARTITION = 'identity_partition';
const REFUSALS = 'identity_refusals';

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
 * Runs sql/ in dependency order, resolves identity between, checks, and publishes. Readers see the build before
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
  const given = new Set<string>([...RAW_TABLE_NAMES, ...seeds.map(({ name }) => name), PARTITION, REFUSALS]);
  const tables: BuildManifest['tables'] = [];
  const make = async (name: string, run: () => Promise<number>) => {
    onTable({ name });
    const started = performance.now();
    const rows = await run();
    const seconds = (performance.now() - started) / 1000;
    tables.push({ name, rows, seconds });
    onTable({ name, rows, seconds });
  };
  try {
    for (const seed of seeds) await make(seed.name, () => warehouse.createTable(seed.name, seedSelect(seed)));
    const ordered = inDependencyOrder(files, given);
    let isResolved = false;
    for (const file of ordered) {
      if (!isResolved && file.reads.includes(PARTITION)) {
        await resolveIdentity(warehouse, make);
        isResolved = true;
      }
      await make(file.name, () => warehouse.createTable(file.name, file.select));
    }
    for (const check of readSqlFolder('checks')) await failOnRows(warehouse, check);
    const manifest = {
      build_id: buildId,
      built_at: builtAt,
      settings_hash: settingsHash(files, seeds),
      tables,
    };
    await warehouse.publish(manifest);
    return manifest;
  } catch (error) {
    await warehouse.discard();
    throw error;
  }
}

async function resolveIdentity(
  warehouse: Warehouse,
  make: (name: string, run: () => Promise<number>) => Promise<void>,
): Promise<void> {
  const [kinds] = await warehouse.integers('SELECT kind FROM identity_nodes ORDER BY node');
  const [from, to] = await warehouse.integers('SELECT from_node, to_node FROM identity_links ORDER BY link');
  const { person, refused } = resolvePersons({ kinds: kinds!, from: from!, to: to! });
  const numbers = (length: number) => Int32Array.from({ length }, (_, index) => index);
  await make(PARTITION, () =>
    warehouse.createIntegers(PARTITION, { node: numbers(person.length), person_node: person }),
  );
  await make(REFUSALS, () =>
    warehouse.createIntegers(REFUSALS, { link: numbers(refused.length), reason_code: refused }),
  );
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
