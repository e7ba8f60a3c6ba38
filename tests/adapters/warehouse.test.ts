import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createClosedPeriods } from '../../lib/adapters/embedded/closed-periods.ts';
import { type Engine, openEngine } from '../../lib/adapters/embedded/duckdb.ts';
import { openReader, type Reader } from '../../lib/adapters/embedded/reader.ts';
import { openShopDirectory } from '../../lib/adapters/embedded/shop-directory.ts';
import { openBuild } from '../../lib/adapters/embedded/warehouse.ts';
import { closedPeriodsContract } from './closed-periods-contract.ts';
import { warehouseContract } from './warehouse-contract.ts';

function emptyShop(inMemory = false) {
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
    open: async (buildId: string) => openBuild(directory, await engine(), buildId, { inMemory }),
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

warehouseContract('the embedded engine, which makes small builds in memory,', async () => emptyShop(true));

describe.each([true, false])('a table of a small build: %s', (inMemory) => {
  test('is refused with a type that no file keeps, and leaves its name free', async () => {
    const shop = emptyShop(inMemory);
    try {
      const warehouse = await shop.open('20250601T120000-abcd0000');
      await warehouse.createTable('amounts', 'SELECT 2 AS n UNION ALL SELECT 3 AS n');
      await expect(
        warehouse.createTable('sums', "SELECT 'all' AS days, sum(n) AS n FROM amounts"),
      ).rejects.toThrow(/^Table sums: column n is a HUGEINT; cast it to one of bigint, integer, double,/);
      expect(await warehouse.createTable('sums', 'SELECT CAST(sum(n) AS bigint) AS n FROM amounts')).toBe(1);
      expect(await warehouse.query('SELECT n FROM sums')).toEqual([{ n: 5 }]);
    } finally {
      await shop.close();
    }
  });
});

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
