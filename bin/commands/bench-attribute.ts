import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEngine } from '../../lib/adapters/embedded/duckdb.ts';
import { compareWithSql } from '../../lib/bench/attribute/compare.ts';
import { journeyFiles } from '../../lib/bench/attribute/journey-files.ts';
import { comparisonTable } from '../../lib/bench/attribute/show-comparison.ts';
import { machineLines } from '../../lib/bench/machine.ts';
import { remark, say } from './context.ts';

const SEED = 1;
const ROUNDS = 3;

/** Makes files of journeys, and measures `ropo attribute` on them beside plain SQL, in turns. */
export async function benchAttribute(journeys: number, keep?: string): Promise<void> {
  const folder = keep ?? mkdtempSync(join(tmpdir(), 'ropo-bench-'));
  try {
    remark(`bench: ${journeys.toLocaleString('en-US')} journeys ...`);
    const files = await journeyFiles(folder, journeys, SEED);
    const comparisons = await compareWithSql(files, folder, ROUNDS, (name) => remark(`bench: ${name} ...`));
    say(
      `Bench of ropo attribute: ${journeys.toLocaleString('en-US')} journeys, ${files.distinctPaths.toLocaleString('en-US')} distinct paths in ${Math.round(files.pathBytes / 1e6)} MB of CSV, ${files.touchCount.toLocaleString('en-US')} touches in Parquet, seed ${SEED}; whole processes, median of ${ROUNDS} rounds`,
    );
    const engine = await openEngine({ spillDirectory: join(folder, 'spill') });
    try {
      for (const line of (await machineLines(engine)).slice(0, 1)) say(line);
    } finally {
      engine.close();
    }
    say();
    say(comparisonTable(journeys, comparisons));
    if (keep !== undefined) say(`\nThe files are kept in ${folder}`);
  } finally {
    if (keep === undefined) rmSync(folder, { recursive: true, force: true });
  }
}
