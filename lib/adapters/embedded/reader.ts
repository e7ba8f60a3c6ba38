import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { StatementType } from '@duckdb/node-api';
import type { Published } from '../../pipeline/report-kpi.ts';
import type { Cell } from '../../ports.ts';
import { type Engine, literal, openEngine } from './duckdb.ts';
import type { ShopDirectory } from './shop-directory.ts';
import { currentBuild, openPublished } from './warehouse.ts';

/** Read-only access to the published build: an engine that can open nothing but the builds' files. */
export interface Reader {
  /** The build that is published now; follows a new one. Null before the first. */
  published(): Promise<Published | null>;
  /**
   * Runs one SELECT that a person wrote.
   * @throws NotASelect when it is anything else
   */
  sql(select: string): Promise<{ columns: string[]; rows: Cell[][] }>;
  /** Writes what one SELECT gives to the reader's output file, as Parquet. */
  sqlToParquet(select: string): Promise<void>;
  close(): void;
}

/** Where a reader's engine may spill: in the shop, or where that cannot be written, in the system's own place. */
function readerSpill(directory: ShopDirectory): string {
  const inShop = join(directory.spill, 'readers');
  try {
    if (currentBuild(directory) !== null) mkdirSync(inShop, { recursive: true });
    return inShop;
  } catch {
    return mkdtempSync(join(tmpdir(), 'ropo-'));
  }
}

export class NotASelect extends Error {}

export interface ReaderOptions {
  /** The one file that the reader may write, for `sqlToParquet`. */
  outputFile?: string | undefined;
  /** How many SELECTs may run at a time: 1 unless it says otherwise, on all of the processor; of more, each on one thread. */
  connections?: number;
}

/** Files below this are read once where many questions come, in bytes: two thirds of the tables, and a hundredth of the rows. */
const SMALL_FILE = 100_000;

/** How long the build before stays open for those who are reading it, in milliseconds. */
const LAST_READS_MS = 60_000;

/**
 * Each build has an engine of its own: who has begun with one ends with it, and no answer is made of two.
 */
export async function openReader(
  directory: ShopDirectory,
  { outputFile, connections = 1 }: ReaderOptions = {},
): Promise<Reader> {
  const spillDirectory = readerSpill(directory);
  const aside = outputFile ? `${resolve(outputFile)}.tmp` : null;
  const engines = new Set<Engine>();

  const openLocked = async (): Promise<Engine> => {
    // Two threads on one question do more than one thread does: where questions come together, that is lost.
    const engine = await openEngine({
      spillDirectory,
      connections,
      ...(connections > 1 ? { threads: 1 } : {}),
    });
    const folders = [directory.builds, spillDirectory].map((folder) => literal(resolve(folder))).join(', ');
    const files = aside ? `SET allowed_paths = [${literal(aside)}];` : '';
    await engine.run(
      `SET parquet_metadata_cache = true; SET allowed_directories = [${folders}]; ${files} SET enable_external_access = false; SET lock_configuration = true`,
    );
    engines.add(engine);
    return engine;
  };
  const retire = (engine: Engine) => {
    const close = () => {
      if (engines.delete(engine)) engine.close();
    };
    setTimeout(close, LAST_READS_MS).unref();
  };
  let shown: { id: string; engine: Engine; build: Published } | null = null;
  let opening: Promise<void> | null = null;
  /** Who asks while a new build is opened waits for it. */
  const follow = async (id: string) => {
    const engine = await openLocked();
    const build = await openPublished(directory, engine, connections > 1 ? SMALL_FILE : 0).catch(
      (error: unknown) => {
        engines.delete(engine);
        engine.close();
        throw error;
      },
    );
    if (shown) retire(shown.engine);
    shown = build ? { id, engine, build } : null;
  };
  const published = async (): Promise<Published | null> => {
    const id = currentBuild(directory);
    if (id === null) return null;
    if (shown?.id !== id) {
      opening ??= follow(id).finally(() => {
        opening = null;
      });
      await opening;
    }
    return shown?.build ?? null;
  };
  let alone: Engine | null = null;
  /** The engine of the published build; before the first, one without tables. */
  const engineNow = async (): Promise<Engine> => {
    await published();
    if (shown) return shown.engine;
    alone ??= await openLocked();
    return alone;
  };

  return {
    published,
    async sql(select) {
      const engine = await engineNow();
      await onlySelect(engine, select);
      return engine.table(select);
    },
    async sqlToParquet(select) {
      if (!outputFile || !aside) throw new Error('This reader was opened without an output file');
      const engine = await engineNow();
      await onlySelect(engine, select);
      try {
        await engine.run(
          `COPY (${select.replace(/;\s*$/, '')}\n) TO ${literal(aside)} (FORMAT parquet, COMPRESSION zstd)`,
        );
        renameSync(aside, outputFile);
      } finally {
        rmSync(aside, { force: true });
      }
    },
    close() {
      for (const engine of engines) engine.close();
      engines.clear();
    },
  };
}

const COMMENTS = /--.*$|\/\*[\s\S]*?\*\//gm;

/** Refuses whatever is not one SELECT, or EXPLAIN without ANALYZE, which would run what it explains. */
async function onlySelect(engine: Engine, text: string): Promise<void> {
  if (text.replace(COMMENTS, '').trim() === '')
    throw new NotASelect('ropo sql takes one SELECT; this is none');
  const statements = await engine.connection.extractStatements(text).catch((error: Error) => {
    throw new NotASelect(error.message.replace(/^Failed to extract statements: /, ''));
  });
  if (statements.count !== 1)
    throw new NotASelect(`ropo sql takes one SELECT; this is ${statements.count} statements`);
  let type: StatementType;
  try {
    type = (await statements.prepare(0)).statementType;
  } catch (error) {
    if (/^\s*(select|with|from|values|describe|\()/i.test(text)) throw error;
    throw new NotASelect('ropo sql only reads: give it one SELECT');
  }
  const isPlainExplain = type === StatementType.EXPLAIN && /^\s*explain\s+(select|with)\b/i.test(text);
  if (type !== StatementType.SELECT && !isPlainExplain)
    throw new NotASelect('ropo sql only reads: give it one SELECT');
}
