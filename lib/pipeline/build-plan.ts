import { createHash } from 'node:crypto';
import { RAW_TABLE_NAMES } from '../domain/raw-tables.ts';
import { type BuildStep, inDependencyOrder, type TableMaker } from './build-step.ts';
import { PREVIOUS_TABLES } from './previous-tables.ts';
import { type Seed, seedSelect } from './seeds.ts';
import type { SqlFile } from './sql-files.ts';

/** What is made of one SELECT: a seed, or a file of sql/. */
export interface SelectMaker extends TableMaker {
  select: string;
}

export type Maker = SelectMaker | BuildStep;

/** What a build makes of what, whoever runs it: one table after the other here, or many at a time. */
export interface BuildPlan {
  /** In an order in which each comes after what it reads; seeds first. */
  makers: Maker[];
  /** The same makers: all of a wave read only what is given or was made in waves before, so they run side by side. */
  waves: Maker[][];
  /** SELECTs that must give no rows before a build is published. */
  checks: readonly SqlFile[];
  /** Changes exactly when the SQL or a seed does. */
  settingsHash: string;
}

export interface BuildParts {
  /** Files that become tables. */
  files: readonly SqlFile[];
  steps: readonly BuildStep[];
  seeds: readonly Seed[];
  checks: readonly SqlFile[];
  /** Files that the steps read their input with. */
  inputs: readonly SqlFile[];
}

/** Tables that are there before a build begins. */
export const GIVEN_TABLES: ReadonlySet<string> = new Set([
  ...RAW_TABLE_NAMES,
  ...Object.keys(PREVIOUS_TABLES),
]);

/** @throws Error when something reads what nothing makes, or reads in a circle */
export function planBuild({ files, steps, seeds, checks, inputs }: BuildParts): BuildPlan {
  const seedMakers = seeds.map(
    (seed): SelectMaker => ({
      name: seed.name,
      reads: [],
      makes: [seed.name],
      select: seedSelect(seed),
    }),
  );
  const given = new Set([...GIVEN_TABLES, ...seeds.map(({ name }) => name)]);
  const ordered: Maker[] = inDependencyOrder<SqlFile | BuildStep>([...files, ...steps], given);
  const makers = [...seedMakers, ...ordered];
  return {
    makers,
    waves: wavesOf(makers),
    checks,
    settingsHash: settingsHash([...files, ...inputs], seeds),
  };
}

/** Makers in dependency order, by how long the longest way is that leads to each. */
function wavesOf<Each extends TableMaker>(ordered: readonly Each[]): Each[][] {
  const waveOf = new Map<string, number>();
  const waves: Each[][] = [];
  for (const maker of ordered) {
    const wave = Math.max(0, ...maker.reads.map((table) => (waveOf.get(table) ?? -1) + 1));
    for (const table of maker.makes) waveOf.set(table, wave);
    waves[wave] = [...(waves[wave] ?? []), maker];
  }
  return waves;
}

/** Changes exactly when the SQL or a seed does. */
export function settingsHash(files: readonly SqlFile[], seeds: readonly Seed[]): string {
  const sha = createHash('sha256');
  for (const { name, select } of files) sha.update(`${name}\n${select}\n`);
  for (const { name, rows } of seeds) sha.update(`${name}\n${JSON.stringify(rows)}\n`);
  return sha.digest('hex').slice(0, 12);
}

/**
 * A fingerprint per table: equal when what makes it and all that it reads, down to the raw tables, is equal. Two tables
 * of one name and fingerprint hold the same rows.
 * @param given fingerprints of the raw tables and of what is read of the build before
 * @param stepVersion changes when the code of the steps does, or the SQL that they read with
 * @throws Error naming the table whose input has none
 */
export function fingerprintsOf(
  makers: readonly Maker[],
  given: ReadonlyMap<string, string>,
  stepVersion: string,
): Map<string, string> {
  const known = new Map(given);
  const made = new Map<string, string>();
  for (const maker of makers) {
    const sha = createHash('sha256');
    sha.update(JSON.stringify([maker.name, 'select' in maker ? maker.select : stepVersion]));
    for (const table of [...maker.reads].sort()) {
      const fingerprint = known.get(table);
      if (fingerprint === undefined)
        throw new Error(
          `${maker.name} reads "${table}", which has no fingerprint: it is neither given nor made before`,
        );
      sha.update(`\n${table} ${fingerprint}`);
    }
    const digest = sha.digest('hex').slice(0, 32);
    for (const table of maker.makes) {
      known.set(table, digest);
      made.set(table, digest);
    }
  }
  return made;
}

/** Names of the makers whose tables an earlier build holds as they would be made now: all of them, or none. */
export function unchangedMakers(
  makers: readonly Maker[],
  fingerprints: ReadonlyMap<string, string>,
  before: ReadonlyMap<string, string | undefined>,
): Set<string> {
  const isAsBefore = (table: string) =>
    fingerprints.get(table) !== undefined && fingerprints.get(table) === before.get(table);
  return new Set(makers.filter(({ makes }) => makes.every(isAsBefore)).map(({ name }) => name));
}
