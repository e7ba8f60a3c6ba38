import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openEngine } from '../../../lib/adapters/embedded/duckdb.ts';
import { BUCKET } from './local-athena.ts';

/** Lands visits on one day of arrival: so many of each of some days. The same of a day are the same rows. */
export async function landVisits(
  folder: string,
  { arrived, from, days, perDay }: { arrived: string; from: string; days: number; perDay: number },
): Promise<void> {
  const file = join(folder, BUCKET, 'landing/raw_visits', `arrived=${arrived}`, 'part.parquet');
  mkdirSync(dirname(file), { recursive: true });
  const engine = await openEngine({ spillDirectory: join(folder, 'spill'), threads: 1 });
  try {
    await engine.run(
      `COPY (
        SELECT strftime(d, '%Y%m%d') || '-' || n AS record_id, md5(record_id) AS fingerprint, 's1' AS store_id,
          '${arrived}T00:00:00.000Z' AS received_at, strftime(d, '%Y-%m-%d') || 'T10:00:00.000Z' AS occurred_at
        FROM range(DATE '${from}', DATE '${from}' + INTERVAL ${days} DAY, INTERVAL 1 DAY) t(d), range(${perDay}) v(n)
      ) TO '${file}' (FORMAT parquet)`,
    );
  } finally {
    engine.close();
  }
}
