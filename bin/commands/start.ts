import { openReader } from '../../lib/adapters/embedded/reader.ts';
import { openShop } from '../../lib/adapters/embedded/shop.ts';
import type { ShopDirectory } from '../../lib/adapters/embedded/shop-directory.ts';
import { currentBuild } from '../../lib/adapters/embedded/warehouse.ts';
import type { ImportResult } from '../../lib/pipeline/import-files.ts';
import { tablesMissing } from '../../lib/pipeline/report-kpi.ts';
import { buildShop } from './build.ts';
import { remark, say } from './context.ts';
import { makeDemo, markImported, needsDemo } from './demo.ts';
import { importPaths, showImports } from './import.ts';
import { serveShop } from './serve.ts';
import { showShop } from './shop-report.ts';

export interface StartOptions {
  data?: string;
  once?: boolean;
  persons: number;
  seed: number;
  port: number;
}

/** Demo shop, import, build, report and API in one go; what an earlier start made is used again. */
export async function startShop(
  directory: ShopDirectory,
  { once, persons, seed, port }: StartOptions,
): Promise<void> {
  if (currentBuild(directory) === null) await makeShop(directory, persons, seed);
  else {
    remark(`Using the shop in ${directory.root}; remove that folder to begin anew.`);
    if (await isOfEarlierVersion(directory)) {
      remark('Its tables were built by an earlier version; building them anew.');
      await makeShop(directory, persons, seed);
    }
  }
  const reader = await openReader(directory);
  try {
    const published = await reader.published();
    if (published) await showShop(published);
  } finally {
    reader.close();
  }
  say();
  if (!once) await serveShop(directory, port);
}

/** Whether the published build lacks tables that questions read now. */
async function isOfEarlierVersion(directory: ShopDirectory): Promise<boolean> {
  const reader = await openReader(directory);
  try {
    const published = await reader.published();
    return published !== null && tablesMissing(published).length > 0;
  } finally {
    reader.close();
  }
}

async function makeShop(directory: ShopDirectory, persons: number, seed: number): Promise<void> {
  const shop = await openShop(directory.root, 'start');
  try {
    if (needsDemo(directory.root)) {
      const results: ImportResult[] = [];
      for (const { format, file } of await makeDemo(directory.root, persons, seed)) {
        await importPaths(shop, format, [file], results);
      }
      markImported(directory.root);
      showImports(results);
      say();
    }
    await buildShop(shop);
  } finally {
    shop.close();
  }
}
