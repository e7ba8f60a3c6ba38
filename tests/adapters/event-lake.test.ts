import { join } from 'node:path';
import { openEngine } from '../../lib/adapters/embedded/duckdb.ts';
import { createLake } from '../../lib/adapters/embedded/lake.ts';
import { scanOf } from '../../lib/adapters/embedded/raw-files.ts';
import { newFileId, writeParquet } from '../../lib/adapters/embedded/table-files.ts';
import { RAW_TABLES } from '../../lib/domain/raw-tables.ts';
import { eventLakeContract } from './event-lake-contract.ts';
import { temporaryDirectory } from './stream-records.ts';

eventLakeContract('the embedded one', async () => {
  const { directory, remove } = temporaryDirectory();
  const engine = await openEngine({ spillDirectory: directory.spill, threads: 1 });
  return {
    lake: createLake(directory, engine, newFileId),
    reopen: async () => createLake(directory, engine, newFileId),
    async rows(table, columns) {
      const texts = columns.map((name) => `coalesce(CAST(${name} AS varchar), '') AS ${name}`);
      const found = await engine.rows(
        `SELECT ${texts.join(', ')} FROM ${scanOf(join(directory.lake, table), RAW_TABLES[table])} ORDER BY ALL`,
      );
      return found.map((row) => columns.map((name) => String(row[name])));
    },
    async erase(keys) {
      const rows = keys.map((key) => `('${key}', 'email', 'erasure 1', TIMESTAMP '2025-03-01 10:00:00')`);
      await writeParquet(
        engine,
        join(directory.lake, 'raw_tombstones'),
        newFileId(),
        `SELECT * FROM (VALUES ${rows.join(', ')}) t (identifier_key, identifier_kind, erasure_id, erased_at)`,
      );
    },
    async close() {
      engine.close();
      remove();
    },
  };
});
