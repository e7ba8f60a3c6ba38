import { availableParallelism, cpus, totalmem } from 'node:os';
import type { Engine } from '../adapters/embedded/duckdb.ts';
import { TARGET_CORES } from './targets.ts';

/** What the figures were measured on, in lines: the machine, the versions, the limits. */
export async function machineLines(engine: Engine): Promise<string[]> {
  const cores = availableParallelism();
  const [settings] = await engine.rows(
    "SELECT version() AS version, current_setting('memory_limit') AS memory, current_setting('threads') AS threads",
  );
  const lines = [
    `${cpus()[0]?.model.trim() || process.arch}, ${cores} cores, ${Math.round(totalmem() / 1e9)} GB memory; Node ${process.version}, DuckDB ${settings?.version}`,
    `DuckDB may use ${settings?.memory} and ${settings?.threads} threads; each phase runs in a process of its own, its peak memory is that of the whole process`,
  ];
  if (cores !== TARGET_CORES)
    lines.push(`The targets are for ${TARGET_CORES} cores; this machine gives ${cores}`);
  return lines;
}
