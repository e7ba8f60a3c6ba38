import { join } from 'node:path';
import { createRegistry } from '../../../lib/adapters/aws/dynamodb-registry.ts';
import { createFirehoseLake } from '../../../lib/adapters/aws/firehose-lake.ts';
import { readKinesisRecord } from '../../../lib/adapters/aws/kinesis-records.ts';
import { createKinesisStream } from '../../../lib/adapters/aws/kinesis-stream.ts';
import { createLargeBodies } from '../../../lib/adapters/aws/large-bodies.ts';
import { createRejections } from '../../../lib/adapters/aws/rejections.ts';
import type { RetryBudget } from '../../../lib/adapters/aws/retries.ts';
import { openEngine } from '../../../lib/adapters/embedded/duckdb.ts';
import type { RawTable } from '../../../lib/domain/raw-tables.ts';
import type { StreamRecord } from '../../../lib/ports.ts';
import { type Emulators, NAMES } from '../emulators/index.ts';
import type { Clients } from './aws-clients.ts';

/** For what a test lets fail a few times: longer than a busy machine takes. */
export const PATIENT: RetryBudget = { forMs: 20_000, firstWaitMs: 2, longestWaitMs: 20 };
/** To see a budget spent. */
export const SHORT: RetryBudget = { forMs: 300, firstWaitMs: 2, longestWaitMs: 20 };

export const largeBodiesOf = ({ s3 }: Pick<Clients, 's3'>, retry: RetryBudget = PATIENT) =>
  createLargeBodies({ s3, bucket: NAMES.lake, retry });

export const streamOf = (clients: Clients, retry: RetryBudget = PATIENT) =>
  createKinesisStream({
    client: clients.kinesis,
    streamName: NAMES.stream,
    largeBodies: largeBodiesOf(clients, retry),
    personKeySecret: 'a secret of the tests, no real one',
    retry,
  });

/** Records that came after the first so many, shard by shard as a function gets them. */
export async function recordsIn(
  { kinesis }: Pick<Emulators, 'kinesis'>,
  clients: Pick<Clients, 's3'>,
  after = 0,
): Promise<StreamRecord[]> {
  const kept = kinesis.recordsOf(NAMES.stream).slice(after);
  return Promise.all(kept.map(({ data }) => readKinesisRecord(data, largeBodiesOf(clients))));
}

export function lakeOf(clients: Clients, retry: RetryBudget = PATIENT) {
  const registry = createRegistry({ client: clients.dynamo, tableName: NAMES.registry, retry });
  const rejections = createRejections({ s3: clients.s3, bucket: NAMES.lake, retry });
  const lake = createFirehoseLake({
    firehose: clients.firehose,
    prefix: NAMES.deliveryPrefix,
    registry,
    rejections,
    retry,
  });
  return { lake, registry, rejections };
}

/**
 * Some columns of what has landed, as texts: of each record id and fingerprint one row, as a build brings them into the
 * raw tables, or all that has landed.
 */
export async function landedRows(
  { folder, firehose }: Pick<Emulators, 'folder' | 'firehose'>,
  table: RawTable,
  columns: readonly string[],
  isWhole = false,
): Promise<string[][]> {
  firehose.flush(2);
  const engine = await openEngine({ spillDirectory: folder, threads: 1 });
  try {
    const files = join(folder, NAMES.lake, 'landing', table, '*', '*.parquet');
    const one = isWhole
      ? ''
      : 'QUALIFY row_number() OVER (PARTITION BY record_id, fingerprint ORDER BY received_at) = 1';
    const texts = columns.map((name) => `coalesce(CAST(${name} AS varchar), '') AS ${name}`);
    const [found] = await engine.rows(`SELECT count(*) AS n FROM glob('${files}')`);
    if (Number(found?.n) === 0) return [];
    const rows = await engine.rows(
      `SELECT ${texts.join(', ')} FROM (SELECT * FROM read_parquet('${files}') ${one}) r ORDER BY ALL`,
    );
    return rows.map((row) => columns.map((name) => String(row[name])));
  } finally {
    engine.close();
  }
}
