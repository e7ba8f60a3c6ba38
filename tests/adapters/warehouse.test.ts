import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClosedPeriods } from '../../lib/adapters/embedded/closed-periods.ts';
import { type Engine, openEngine } from '../../lib/adapters/embedded/duckdb.ts';
import { openReader, type Reader } from '../../lib/adapters/embedded/reader.ts';
import { openShopDirectory } from '../../lib/adapters/embedded/shop-directory.ts';
import { openBuild } from '../../lib/adapters/embedded/warehouse.ts';
import { closedPeriodsContract } from './closed-periods-contract.ts';
import { warehouseContract } from './warehouse-contract.ts';

function emptyShop() {
  const root = mkdtempSync(join(tmpdir(), 'ropo-warehouse-'));
  const directory = openShopDirectory(root);
  const engines: Engine[] = [];
  const readers: Reader[] = [];
  const engine = async () => {
    const opened = await openEngine({ spillDirectory: directory.spill, threads: 1 });
    engines.push(opened);
    return opened;
  };
  return {
    directory,
    engine,
    open: async (buildId: string) => openBuild(directory, await engine(), buildId),
    async published() {
      const reader = await openReader(directory);
      readers.push(reader);
      return reader.published();
    },
    async close() {
      for (const one of [...engines, ...readers]) one.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

warehouseContract('the embedded engine', async () => emptyShop());

closedPeriodsContract('the embedded engine', async () => {
  const { open, close, engine, directory } = emptyShop();
  // Each is a process of its own: what one leaves in its engine no other sees.
  const periods = async () => createClosedPeriods(directory, await engine());
  return {
    periods: {
      list: async () => (await periods()).list(),
      keep: async (closing) => (await periods()).keep(closing),
    },
    open,
    close,
  };
});
