import { parquetWriteBuffer } from 'hyparquet-writer';
import type { KpiAnswer } from '../../pipeline/kpi-answer.ts';

/**
 * An answer as a Parquet file: texts as strings, figures as doubles, and all that stands beside the rows as JSON under
 * the key `ropo` of the file's metadata.
 */
export function parquetOf({ rows, columns, ...about }: KpiAnswer): Uint8Array {
  const columnData = columns.map(({ name, unit }) => {
    const isText = unit === 'text';
    return {
      name,
      type: isText ? ('STRING' as const) : ('DOUBLE' as const),
      nullable: true,
      data: rows.map((row) => row[name] ?? null),
    };
  });
  const kvMetadata = [{ key: 'ropo', value: JSON.stringify({ ...about, columns }) }];
  return new Uint8Array(parquetWriteBuffer({ columnData, kvMetadata, createdBy: 'ropo' }));
}
