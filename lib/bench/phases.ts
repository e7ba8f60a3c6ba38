import { openEngine } from '../adapters/embedded/duckdb.ts';
import { viewRawTables } from '../adapters/embedded/raw-files.ts';
import { openReader } from '../adapters/embedded/reader.ts';
import { openShop } from '../adapters/embedded/shop.ts';
import { openShopDirectory } from '../adapters/embedded/shop-directory.ts';
import { inputFile } from '../formats/files.ts';
import { FORMATS } from '../formats/index.ts';
import { importFiles } from '../pipeline/import-files.ts';
import { type KpiQuestion, reportKpi } from '../pipeline/report-kpi.ts';
import { readSqlFolder } from '../pipeline/sql-files.ts';
import { scanInput, scanPublished, scanRawTables } from './bare-scan.ts';
import { type Measured, measured } from './measure.ts';
import { type BenchFile, writeBenchInput } from './write-input.ts';

/** Where a bench keeps its input and its shop, and how much of it there is. */
export interface BenchShop {
  input: string;
  root: string;
  touchpoints: number;
  seed: number;
  files: BenchFile[];
}

/** A part of a phase: a kind of record, a table, a KPI. */
export interface Part {
  name: string;
  rows: number;
  seconds: number;
}

export interface PhaseResult extends Measured {
  rows: number;
  parts: Part[];
  /** What `generate` wrote; every later phase is given it. */
  files?: BenchFile[];
}

/** The questions that the report phase asks. */
const QUESTIONS: readonly KpiQuestion[] = [{ kpi: 'attribution', by: 'campaign' }, { kpi: 'ropo-waterfall' }];

export const PHASES = {
  generate,
  import: importAll,
  'scan-input': bareScan((engine, { files }) => scanInput(engine, files)),
  build,
  'scan-raw-tables': bareScan(async (engine, { root }) => {
    await viewRawTables(engine, openShopDirectory(root));
    return scanRawTables(engine);
  }),
  report,
  'scan-published': bareScan((engine, { root }) =>
    scanPublished(engine, openShopDirectory(root), tablesAskedFor()),
  ),
} satisfies Record<string, (shop: BenchShop) => Promise<PhaseResult>>;

export type PhaseName = keyof typeof PHASES;

async function generate({ input, touchpoints, seed }: BenchShop): Promise<PhaseResult> {
  const { measured: cost, result: files } = await measured(() => writeBenchInput(input, touchpoints, seed));
  const rows = files.reduce((sum, { lines }) => sum + lines, 0);
  return { ...cost, rows, files, parts: [] };
}

/** The import as the command line does it, one file after the other. */
async function importAll({ root, files }: BenchShop): Promise<PhaseResult> {
  const shop = await openShop(root, 'bench');
  try {
    const parts: Part[] = [];
    const { measured: cost } = await measured(async () => {
      for (const { kind, path } of files) {
        const started = performance.now();
        const { received, stored } = await importFiles(shop.importer, FORMATS[kind]!, [inputFile(path)]);
        if (stored !== received)
          throw new Error(`${kind}: ${stored} records stored of ${received}; the bench wants all of them`);
        parts.push({ name: kind, rows: received, seconds: (performance.now() - started) / 1000 });
      }
    });
    return { ...cost, rows: parts.reduce((sum, { rows }) => sum + rows, 0), parts };
  } finally {
    shop.close();
  }
}

async function build({ root, files }: BenchShop): Promise<PhaseResult> {
  const shop = await openShop(root, 'bench');
  try {
    const { measured: cost, result } = await measured(() => shop.build());
    return { ...cost, rows: files.reduce((sum, { lines }) => sum + lines, 0), parts: result.tables };
  } finally {
    shop.close();
  }
}

/** Opens the published build and asks, as a cold `ropo report` does. */
async function report({ root }: BenchShop): Promise<PhaseResult> {
  const parts: Part[] = [];
  const { measured: cost } = await measured(async () => {
    const reader = await openReader(openShopDirectory(root));
    try {
      const published = (await reader.published())!;
      for (const question of QUESTIONS) {
        const started = performance.now();
        const { rows } = await reportKpi(published, question);
        const seconds = (performance.now() - started) / 1000;
        parts.push({
          name: question.by ? `${question.kpi} by ${question.by}` : question.kpi,
          rows: rows.length,
          seconds,
        });
      }
    } finally {
      reader.close();
    }
  });
  return { ...cost, rows: parts.reduce((sum, { rows }) => sum + rows, 0), parts };
}

/** The big tables that the questions read. */
function tablesAskedFor(): string[] {
  const asked = readSqlFolder('queries').filter(({ name }) => QUESTIONS.some(({ kpi }) => kpi === name));
  return [...new Set(asked.flatMap(({ reads }) => reads))];
}

function bareScan(
  scan: (engine: Awaited<ReturnType<typeof openEngine>>, shop: BenchShop) => Promise<number>,
): (shop: BenchShop) => Promise<PhaseResult> {
  return async (shop) => {
    const engine = await openEngine({ spillDirectory: openShopDirectory(shop.root).spill });
    try {
      const { measured: cost, result: rows } = await measured(() => scan(engine, shop));
      return { ...cost, rows, parts: [] };
    } finally {
      engine.close();
    }
  };
}
