import type { S3Client } from '@aws-sdk/client-s3';
import type { RawTable } from '../../../domain/raw-tables.ts';
import type { BuildManifest } from '../../../ports.ts';
import { buildFolder, type PointerRead } from '../athena/pointer.ts';
import type { AthenaQueries } from '../athena/queries.ts';
import type { ArrivalDays, LandedTable } from '../athena/raw-statements.ts';
import type { MetricName } from '../metric-names.ts';
import type { JsonObjects } from './json-objects.ts';
import type { LandedDays } from './landing-days.ts';

/** What a build works on. */
export interface BuildWorld {
  objects: JsonObjects;
  queries: AthenaQueries;
  s3: S3Client;
  /** Bucket of the lake. */
  bucket: string;
  /** Database of landing and raw tables. */
  rawDatabase: string;
  /** Changes when the code that runs does. */
  codeVersion: string;
  /** Milliseconds since 1970 UTC. */
  now(): number;
  /** Bytes that queries of this process have read so far. */
  scanned(): number;
  /** Told by name of metric. */
  count(counts: Partial<Record<MetricName, number>>): void;
}

/** What a build was begun with; written once. */
export interface BuildRun {
  build_id: string;
  built_at: string;
  previous: PointerRead;
  /** Landing as it is, of the days that may have changed since the build before. */
  landing: Partial<Record<LandedTable, LandedDays>>;
  /** Days to merge. */
  changed: Partial<Record<LandedTable, ArrivalDays[]>>;
  /** Version of the tombstones, by which the next build knows whether some are new. */
  tombstones: string;
  /** Whether persons were erased since the build before. */
  takesOut: boolean;
}

/** What became of the rows that landed for a table: landed = merged + deduplicated + erased + pending. */
export interface MergeCounts {
  table: LandedTable;
  days: ArrivalDays[];
  /** Rows in the files of these days. */
  landed: number;
  /** Rows that the raw table did not hold. */
  merged: number;
  /** Rows that it held, or that landed more than once. */
  deduplicated: number;
  /** Rows left out, since their person was erased. Of sales none: they stay, without identifiers. */
  erased: number;
  /** Rows that landed after they could be merged: the next build brings them in. */
  pending: number;
  /** Rows of the raw table before and after. */
  rows_before: number;
  rows_after: number;
}

/** A table of a build, wherever it was made. */
export type BuiltTable = BuildManifest['tables'][number] & {
  /** Database of the build that made it. */
  database: string;
  /** Equal for tables of equal rows. */
  fingerprint: string;
  /** Bytes that making it read; none where it was taken from the build before. */
  bytes: number;
};

export interface AthenaManifest extends BuildManifest {
  tables: BuiltTable[];
  /** What landing was, for the next build to see what is new. */
  landing: BuildRun['landing'];
  tombstones: string;
  merges: MergeCounts[];
  /** Rows of the raw tables. */
  raw_rows: Partial<Record<RawTable, number>>;
  /** What each check said that the build passed, as a hash by its name; absent of builds from before there was that. */
  checks?: Record<string, string>;
}

/** What the tables of a build are to be, decided once. */
export interface BuildTableState {
  fingerprints: Record<string, string>;
  /** Makers whose tables are taken from the build before. */
  reused: string[];
}

/** A build is not there, or not as far as it is asked to go on from. */
export class BuildStateMissing extends Error {
  override name = 'BuildStateMissing';
}

const keyOf = (buildId: string, name: string) => `${buildFolder(buildId)}state/${name}.json`;

/** @throws BuildStateMissing */
export async function readState<T>({ objects }: Pick<BuildWorld, 'objects'>, buildId: string, name: string) {
  const found = await objects.read<T>(keyOf(buildId, name));
  if (!found)
    throw new BuildStateMissing(
      `Build ${buildId} has no "${name}": it was discarded, or never came so far. Start another build`,
    );
  return found.value;
}

export const findState = async <T>({ objects }: Pick<BuildWorld, 'objects'>, buildId: string, name: string) =>
  (await objects.read<T>(keyOf(buildId, name)))?.value ?? null;

export const writeState = (
  { objects }: Pick<BuildWorld, 'objects'>,
  buildId: string,
  name: string,
  value: unknown,
) => objects.write(keyOf(buildId, name), value);

/** The manifest of a build that this adapter published; null where there is none. */
export const findManifest = async ({ objects }: Pick<BuildWorld, 'objects'>, buildId: string) =>
  (await objects.read<AthenaManifest>(`${buildFolder(buildId)}manifest.json`))?.value ?? null;
