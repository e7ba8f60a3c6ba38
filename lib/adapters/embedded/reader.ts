import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { StatementType } from '@duckdb/node-api';
import type { Row } from '../../ports.ts';
import { type Engine, literal, openEngine } from './duckdb.ts';
import type { ShopDirectory } from './shop-directory.ts';
import { currentBuild, openPublished, type PublishedBuild } from './warehouse.ts';

/** Read-only access to the published build: an engine that can open nothing but the builds' files. */
export interface Reader {
  /** The build that is published now; follows a new one. Null before the first. */
  published(): Promise<PublishedBuild | null>;
  /**
   * Runs one SELECT that a person wrote.
   * @throws Error when it is anything else
   */
  sql(select: string): Promise<{ columns: string[]; rows: Row[] }>;
  /** Writes what one SELECT gives to a Parquet file. */
  sqlToParquet(select: string, file: string): Promise<void>;
  close(): void;
}

export async function openReader(directory: ShopDirectory, outputFile?: string): Promise<Reader> {
  const engine = await openEngine({ spillDirectory: directory.spill });
  const allowed = [resolve(directory.builds), resolve(directory.spill)].map(literal).join(', ');
  const files = outputFile ? `SET allowed_paths = [${literal(resolve(outputFile))}];` : '';
  await engine.run(
    `SET allowed_directories = [${allowed}]; ${files} SET enable_external_access = false; SET lock_configuration = true`,
  );
  let shown: { id: string; build: PublishedBuild } | null = null;

  const published = async () => {
    const id = currentBuild(directory);
    if (id === null) return null;
    if (shown?.id !== id) {
      const build = await openPublished(directory, engine);
      shown = build ? { id, build } : null;
    }
    return shown?.build ?? null;
  };

  return {
    published,
    async sql(select) {
      await onlySelect(engine, select);
      const reader = await engine.connection.runAndReadAll(select);
      return { columns: reader.columnNames(), rows: await engine.rows(select) };
    },
    async sqlToParquet(select, file) {
      await onlySelect(engine, select);
      rmSync(file, { force: true });
      await engine.run(
        `COPY (${select.replace(/;\s*$/, '')}\n) TO ${literal(resolve(file))} (FORMAT parquet, COMPRESSION zstd)`,
      );
    },
    close: () => engine.close(),
  };
}

const READING = new Set<StatementType>([StatementType.SELECT, StatementType.EXPLAIN]);

async function onlySelect(engine: Engine, text: string): Promise<void> {
  const statements = await engine.connection.extractStatements(text);
  if (statements.count !== 1) throw new Error(`ropo sql takes one statement; this is ${statements.count}`);
  const statement = await statements.prepare(0);
  if (!READING.has(statement.statementType)) throw new Error('ropo sql reads only: give it a SELECT');
}
