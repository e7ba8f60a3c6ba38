import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { LANDED_TABLES } from '../../../lib/adapters/aws/athena/raw-statements.ts';
import { openEngine } from '../../../lib/adapters/embedded/duckdb.ts';
import { scanOf } from '../../../lib/adapters/embedded/raw-files.ts';
import type { ShopDirectory } from '../../../lib/adapters/embedded/shop-directory.ts';
import { RAW_TABLES, type RawTable } from '../../../lib/domain/raw-tables.ts';

const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

/**
 * Writes what the lake of a shop holds as it lands on AWS: Parquet files in one folder per day, times and days as text,
 * in two files a day of which the second repeats rows of the first; rejections as JSON lines.
 */
export async function landLake(directory: ShopDirectory, lake: string, day: string): Promise<void> {
  const engine = await openEngine({ spillDirectory: directory.spill, threads: 2 });
  try {
    for (const table of LANDED_TABLES) {
      const scan = scanOf(join(directory.lake, table), RAW_TABLES[table]);
      const [counted] = await engine.rows(`SELECT count(*) AS n FROM ${scan}`);
      if (Number(counted?.n) === 0) continue;
      const columns = await landingSelect(engine, table, scan);
      const folder = join(lake, 'landing', table, `arrived=${day}`);
      mkdirSync(folder, { recursive: true });
      await engine.run(
        `COPY (SELECT ${columns} FROM ${scan}) TO ${literal(join(folder, 'one.parquet'))} (FORMAT parquet)`,
      );
      await engine.run(
        `COPY (SELECT ${columns} FROM ${scan} LIMIT 100) TO ${literal(join(folder, 'two.parquet'))} (FORMAT parquet)`,
      );
    }
    const scan = scanOf(join(directory.lake, 'raw_rejections'), RAW_TABLES.raw_rejections);
    const folder = join(lake, 'rejections', 'reason=any', `arrived=${day}`);
    mkdirSync(folder, { recursive: true });
    const columns = await landingSelect(engine, 'raw_rejections', scan);
    await engine.run(
      `COPY (SELECT ${columns} FROM ${scan}) TO ${literal(join(folder, 'some.jsonl'))} (FORMAT json)`,
    );
  } finally {
    engine.close();
  }
}

async function landingSelect(
  engine: Awaited<ReturnType<typeof openEngine>>,
  table: RawTable,
  scan: string,
): Promise<string> {
  const described = await engine.rows(`DESCRIBE SELECT * FROM ${scan}`);
  const stored = new Set(described.map(({ column_name }) => String(column_name)));
  return Object.entries(RAW_TABLES[table])
    .filter(([name]) => stored.has(name))
    .map(([name, type]) => {
      if (type === 'timestamp') return `strftime(${name}, '%Y-%m-%dT%H:%M:%S.%gZ') AS ${name}`;
      return type === 'date' ? `strftime(${name}, '%Y-%m-%d') AS ${name}` : name;
    })
    .join(', ');
}
