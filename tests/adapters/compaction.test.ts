import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { filesToMerge, hasFilesToMerge, mergeSmallFiles } from '../../lib/adapters/embedded/compaction.ts';
import { type Engine, openEngine } from '../../lib/adapters/embedded/duckdb.ts';
import { scanOf } from '../../lib/adapters/embedded/raw-files.ts';
import { openShopDirectory, type ShopDirectory } from '../../lib/adapters/embedded/shop-directory.ts';
import {
  removeHalfWritten,
  replaceFiles,
  tableFiles,
  writeParquet,
} from '../../lib/adapters/embedded/table-files.ts';
import { RAW_TABLES } from '../../lib/domain/raw-tables.ts';

/** Steps that change a folder, until the process "dies": then none happens any more. */
const life = vi.hoisted(() => ({ steps: Number.POSITIVE_INFINITY }));
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  const mortal =
    <Arguments extends unknown[], Result>(step: (...args: Arguments) => Result) =>
    (...args: Arguments): Result => {
      life.steps -= 1;
      if (life.steps < 0) throw new Error('killed');
      return step(...args);
    };
  return {
    ...fs,
    renameSync: mortal(fs.renameSync),
    rmSync: mortal(fs.rmSync),
    writeFileSync: mortal(fs.writeFileSync),
  };
});

let root: string;
let directory: ShopDirectory;
let engine: Engine;
beforeAll(async () => {
  engine = await openEngine({ spillDirectory: join(tmpdir(), 'ropo-test-spill') });
});
afterAll(() => engine.close());
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ropo-test-'));
  directory = openShopDirectory(root);
});
afterEach(() => {
  life.steps = Number.POSITIVE_INFINITY;
  rmSync(root, { recursive: true, force: true });
});

const folderOf = (table: string) => join(directory.lake, table);
/** Rows of a file: as many events as its number says, in a time that goes down as numbers go up. */
const events = (file: number) =>
  `SELECT 'e${file}-' || n AS record_id, 'f' || n AS fingerprint, TIMESTAMP '2025-01-01' - INTERVAL (${file} * 10 + n) MINUTE AS occurred_at
   FROM range(${(file % 3) + 1}) t(n)`;
const fill = async (files: number) => {
  for (let file = 0; file < files; file++)
    await writeParquet(engine, folderOf('raw_events'), `f${String(file).padStart(3, '0')}`, events(file));
};
const rows = async () => {
  const found = await engine.rows(
    `SELECT record_id FROM ${scanOf(folderOf('raw_events'), RAW_TABLES.raw_events)} ORDER BY 1`,
  );
  return found.map(({ record_id }) => String(record_id));
};

describe('which files are merged', () => {
  const file = (n: number, bytes: number) => ({ name: `f${String(n).padStart(4, '0')}`, bytes });

  test('none while there are few, the small ones once there are many', () => {
    const small = Array.from({ length: 33 }, (_, n) => file(n, 1000 + n));
    const large = Array.from({ length: 200 }, (_, n) => file(1000 + n, 9e6));
    expect(filesToMerge(small.slice(1))).toEqual([]);
    expect(filesToMerge([...large, ...small])).toEqual(small);
    expect(filesToMerge(large)).toEqual([]);
  });

  test('never a small one with a large one, so that a row is written again few times', () => {
    let written = 0;
    let next = 0;
    let files: { name: string; bytes: number }[] = [];
    for (let delivery = 0; delivery < 20_000; delivery++) {
      files.push(file(next++, 2000 + (delivery % 7) * 300));
      for (let merge = filesToMerge(files); merge.length > 0; merge = filesToMerge(files)) {
        const bytes = merge.reduce((sum, one) => sum + one.bytes, 0);
        written += bytes;
        files = [...files.filter((one) => !merge.includes(one)), file(next++, bytes)];
      }
      expect(files.length).toBeLessThan(110);
    }
    const all = files.reduce((sum, one) => sum + one.bytes, 0);
    expect(written / all).toBeLessThan(4);
  });

  test('never more at once than memory can sort', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 20e6 }), { maxLength: 300 }), (sizes) => {
        const merged = filesToMerge(sizes.map((bytes, n) => file(n, bytes)));
        expect(merged.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(128e6);
        expect(merged.length).not.toBe(1);
      }),
    );
  });
});

test('merging keeps every row once, by time, and leaves one file', async () => {
  await fill(40);
  const before = await rows();
  expect(hasFilesToMerge(directory)).toBe(true);
  expect(await mergeSmallFiles(engine, directory, () => 'merged')).toBe(40);
  expect(tableFiles(folderOf('raw_events'))).toEqual(['merged.parquet']);
  expect(await rows()).toEqual(before);
  const unsorted = await engine.rows(
    `SELECT count(*) AS n FROM (SELECT occurred_at < lag(occurred_at) OVER (ORDER BY file_row_number) AS back
     FROM read_parquet('${folderOf('raw_events')}/merged.parquet', file_row_number = true)) t WHERE back`,
  );
  expect(unsorted).toEqual([{ n: 0 }]);
  expect(hasFilesToMerge(directory)).toBe(false);
});

test('files with different columns are merged by name', async () => {
  await fill(40);
  await writeParquet(
    engine,
    folderOf('raw_events'),
    'older',
    "SELECT 'old' AS record_id, TIMESTAMP '2020-01-01' AS occurred_at",
  );
  await mergeSmallFiles(engine, directory, () => 'merged');
  expect(
    await engine.rows(
      `SELECT fingerprint FROM ${scanOf(folderOf('raw_events'), RAW_TABLES.raw_events)} WHERE record_id = 'old'`,
    ),
  ).toEqual([{ fingerprint: null }]);
});

test('files of closed periods and of erasures keep their names', async () => {
  for (let n = 0; n < 40; n++)
    for (const table of ['raw_closings', 'raw_tombstones'])
      await writeParquet(engine, folderOf(table), `2025-${n}`, 'SELECT 1 AS x');
  expect(await mergeSmallFiles(engine, directory, () => 'merged')).toBe(0);
});

describe('a process that is killed at any step', () => {
  /** Dies after so many steps; whether it got to the end. */
  const dyingAfter = async (steps: number, work: () => Promise<unknown>) => {
    life.steps = steps;
    try {
      await work();
      return false;
    } catch (error) {
      expect((error as Error).message).toBe('killed');
      return true;
    } finally {
      life.steps = Number.POSITIVE_INFINITY;
    }
  };

  test('of a merge leaves every row once, for whoever reads next', async () => {
    await fill(34);
    const before = await rows();
    const filled = join(root, 'filled');
    cpSync(folderOf('raw_events'), filled, { recursive: true });
    let steps = 0;
    for (let dies = true; dies; steps++) {
      rmSync(folderOf('raw_events'), { recursive: true, force: true });
      cpSync(filled, folderOf('raw_events'), { recursive: true });
      dies = await dyingAfter(steps, () => mergeSmallFiles(engine, directory, () => 'merged'));
      expect(await rows(), `killed after ${steps} steps`).toEqual(before);
      removeHalfWritten(directory.lake);
      await mergeSmallFiles(engine, directory, () => 'again');
      expect(await rows()).toEqual(before);
      expect(readdirSync(folderOf('raw_events'))).toHaveLength(1);
    }
    // The list aside, in place, the file's name, each of the 34 files, the list away: it died at each.
    expect(steps).toBeGreaterThan(37);
  });

  test('while the swap is carried out leaves that to the next', async () => {
    await fill(5);
    const before = await rows();
    const replaced = tableFiles(folderOf('raw_events'));
    await dyingAfter(3, () =>
      replaceFiles(
        engine,
        folderOf('raw_events'),
        'merged',
        `SELECT * FROM ${scanOf(folderOf('raw_events'), RAW_TABLES.raw_events)}`,
        replaced,
      ),
    );
    for (let steps = 0; existsSync(join(folderOf('raw_events'), 'swap.json')); steps++)
      await dyingAfter(steps, async () => tableFiles(folderOf('raw_events')));
    expect(tableFiles(folderOf('raw_events'))).toEqual(['merged.parquet']);
    expect(await rows()).toEqual(before);
  });

  test('of a replacement by nothing leaves the rows or none of them', async () => {
    await fill(3);
    const before = await rows();
    const replaced = tableFiles(folderOf('raw_events'));
    await dyingAfter(1, () => replaceFiles(engine, folderOf('raw_events'), 'x', null, replaced));
    expect(await rows()).toEqual(before);
    await dyingAfter(2, () => replaceFiles(engine, folderOf('raw_events'), 'x', null, replaced));
    expect(await rows()).toEqual([]);
  });

  test('of a write leaves nothing that counts', async () => {
    await fill(1);
    await dyingAfter(0, () => writeParquet(engine, folderOf('raw_events'), 'f999', events(999)));
    writeFileSync(join(folderOf('raw_events'), 'swap.json.tmp'), '{"pu');
    expect(await rows()).toEqual(['e0-0']);
    removeHalfWritten(directory.lake);
    expect(readdirSync(folderOf('raw_events'))).toEqual(['f000.parquet']);
  });
});
