import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { literal, openEngine } from '../../adapters/embedded/duckdb.ts';

/** Files of the attribute bench: the same journeys as paths with counts, and as touches in the order of time. */
export interface JourneyFiles {
  paths: string;
  touches: string;
  pathBytes: number;
  distinctPaths: number;
  touchCount: number;
}

/** Twelve channels, from the most to the least common; the k-th has a share of 1 / (k + 1). */
const CHANNELS = [
  'Paid Search',
  'Direct',
  'Organic Search',
  'Email',
  'Paid Social',
  'Affiliates',
  'Paid Shopping',
  'Referral',
  'Organic Social',
  'Display',
  'Video',
  'Push',
];
const MEAN_LENGTH = 4;
const LONGEST = 40;
const CONVERSION_RATE = 0.03;

/**
 * A number from 0 to 1 that follows from the seed, the journey, the step and what it is for. They are packed into one
 * whole number: the engine mixes one well, but several only with each other, which makes channels follow channels.
 */
const uniform = (seed: number, journey: string, step: string, purpose: number) =>
  `((hash(${seed} * 1099511627776 + ${journey} * 4096 + ${step} * 16 + ${purpose}) >> 11) / 9007199254740992.0)`;

/** Writes the files, the same for the same seed and version of the engine; what is there is used again. */
export async function journeyFiles(folder: string, journeys: number, seed: number): Promise<JourneyFiles> {
  mkdirSync(folder, { recursive: true });
  const paths = join(folder, `paths-${journeys}-${seed}.csv`);
  const touches = join(folder, `touches-${journeys}-${seed}.parquet`);
  const engine = await openEngine({ spillDirectory: join(folder, 'spill'), memoryLimit: '6GB' });
  try {
    if (!existsSync(touches)) {
      await engine.run(`CREATE TABLE made AS ${touchesOf(journeys, seed)}`);
      await engine.run(
        `COPY (SELECT * FROM made ORDER BY touched_at, journey, channel) TO ${literal(touches)} (FORMAT parquet)`,
      );
      await engine.run('DROP TABLE made');
    }
    if (!existsSync(paths))
      await engine.run(`COPY (${pathsOf(touches, seed)}) TO ${literal(paths)} (FORMAT csv, HEADER)`);
    const [counts] = await engine.rows(
      `SELECT (SELECT count(*) FROM read_csv(${literal(paths)})) AS paths, (SELECT count(*) FROM ${literal(touches)}) AS touches`,
    );
    return {
      paths,
      touches,
      pathBytes: statSync(paths).size,
      distinctPaths: Number(counts!.paths),
      touchCount: Number(counts!.touches),
    };
  } finally {
    engine.close();
  }
}

/** Geometric lengths, channels independent of each other, touches some hours apart. */
function touchesOf(journeys: number, seed: number): string {
  const weights = CHANNELS.map((_, k) => 1 / (k + 2));
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  let below = 0;
  const cases = CHANNELS.slice(0, -1).map((name, k) => {
    below += weights[k]! / all;
    return `WHEN u < ${below} THEN ${literal(name)}`;
  });
  return `
    SELECT
      journey,
      TIMESTAMP '2025-01-01' + to_seconds(CAST(start + step * 7200 + ${uniform(seed, 'journey', 'step', 4)} * 7200 AS bigint)) AS touched_at,
      CASE ${cases.join(' ')} ELSE ${literal(CHANNELS.at(-1)!)} END AS channel,
      converted
    FROM (
      SELECT journey, start, converted, step, ${uniform(seed, 'journey', 'step', 3)} AS u
      FROM (
        SELECT
          range AS journey,
          least(${LONGEST}, 1 + CAST(floor(ln(1 - ${uniform(seed, 'range', '0', 1)}) / ln(${1 - 1 / MEAN_LENGTH}e0)) AS bigint)) AS length,
          CAST(${uniform(seed, 'range', '0', 2)} < ${CONVERSION_RATE} AS integer) AS converted,
          ${uniform(seed, 'range', '0', 5)} * 31536000 AS start
        FROM range(${journeys})
      ), unnest(range(length)) AS u(step)
    )`;
}

const pathsOf = (touches: string, seed: number) => `
  SELECT
    path,
    CAST(sum(converted) AS bigint) AS total_conversions,
    CAST(sum(converted * cents) AS decimal(18, 0)) / 100::decimal(18, 2) AS total_conversion_value,
    CAST(sum(1 - converted) AS bigint) AS total_null
  FROM (
    SELECT
      string_agg(channel, ' > ' ORDER BY touched_at, channel) AS path,
      any_value(converted) AS converted,
      CAST(1 + ${uniform(seed, 'journey', '0', 6)} * 20000 AS integer) AS cents
    FROM ${literal(touches)}
    GROUP BY journey
  )
  GROUP BY path
  ORDER BY hash(path)`;
