import { join } from 'node:path';
import { erasedAmong } from '../../../domain/accept/erased.ts';
import { holdsErased } from '../../../domain/erased-text.ts';
import type { Identify } from '../../../domain/identifier.ts';
import { RAW_TABLES } from '../../../domain/raw-tables.ts';
import { needlesIn } from '../../../pipeline/privacy/find-needles.ts';
import type { Needle } from '../../../pipeline/privacy/needles.ts';
import type { Engine } from '../duckdb.ts';
import { literal } from '../duckdb.ts';
import { scanOf } from '../raw-files.ts';
import type { ShopDirectory } from '../shop-directory.ts';
import { rewriteTable } from './raw-rewrite.ts';

/** What tells whether a text holds an identifier of the person. */
export interface PersonMarks {
  identify: Identify;
  keys: ReadonlySet<string>;
  /** Countries in which a phone number may have been written without its country code. */
  countries: readonly string[];
  /** What the proof will look for. */
  needles: readonly Needle[];
}

/**
 * Ids of the rejections that hold an identifier of the person in some reading of the record or of the text as it came: as
 * a value, or anywhere in it as one of the needles.
 * Time: the values in all readings x 8 keyed hashes; memory: one chunk of rows.
 */
export async function rejectionsOf(
  engine: Engine,
  { lake }: ShopDirectory,
  { identify, keys, countries, needles }: PersonMarks,
): Promise<string[]> {
  const isErased = erasedAmong(keys);
  const scan = scanOf(join(lake, 'raw_rejections'), RAW_TABLES.raw_rejections);
  const result = await engine.connection.stream(
    `SELECT rejection_id, concat_ws(chr(10), file, detail, original, record) AS said FROM ${scan}`,
  );
  const found = new Set<string>();
  for (
    let chunk = await result.fetchChunk();
    chunk && chunk.rowCount > 0;
    chunk = await result.fetchChunk()
  ) {
    const ids = chunk.getColumnValues(0);
    for (const [at, text] of chunk.getColumnValues(1).entries()) {
      const said = String(text ?? '');
      if (needlesIn(said, needles).size > 0 || holdsErased(said, identify, isErased, countries))
        found.add(String(ids[at]));
    }
  }
  return [...found];
}

/** Takes rejections out of the lake. */
export async function takeOutRejections(
  engine: Engine,
  { lake }: ShopDirectory,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  const rows = ids.map((id) => `(${literal(id)})`).join(', ');
  await engine.run(
    `CREATE OR REPLACE TEMP TABLE erased_rejections AS SELECT * FROM (VALUES ${rows}) t(rejection_id)`,
  );
  await rewriteTable(engine, join(lake, 'raw_rejections'), () => ({
    condition: 'rejection_id IN (SELECT rejection_id FROM erased_rejections)',
  }));
}
