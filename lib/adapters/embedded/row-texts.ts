import { type Engine, literal, pathLiteral } from './duckdb.ts';

/**
 * Rows of a Parquet file as lines of CSV behind a header, some thousands at a time, in no order. Texts are quoted,
 * numbers as the engine writes them, booleans 0 and 1.
 */
export async function* rowTexts(engine: Engine, file: string): AsyncGenerator<Buffer> {
  await engine.run('SET preserve_insertion_order = false');
  const source = `read_parquet(${pathLiteral(file)})`;
  const columns = await engine.rows(`DESCRIBE SELECT * FROM ${source}`);
  const names = columns.map(({ column_name }) => String(column_name));
  yield Buffer.from(`${names.map((name) => `"${name.replaceAll('"', '""')}"`).join(',')}\n`);
  const cells = columns.map(({ column_type }, at) => {
    const name = `"${names[at]!.replaceAll('"', '""')}"`;
    if (column_type === 'BOOLEAN') return `coalesce(CAST(CAST(${name} AS integer) AS varchar), '')`;
    const text = `coalesce(CAST(${name} AS varchar), '')`;
    return column_type === 'VARCHAR' ? `'"' || replace(${text}, '"', '""') || '"'` : text;
  });
  const result = await engine.connection.stream(
    `SELECT ${cells.join(` || ${literal(',')} || `)} FROM ${source}`,
  );
  for (
    let chunk = await result.fetchChunk();
    chunk && chunk.rowCount > 0;
    chunk = await result.fetchChunk()
  ) {
    yield Buffer.from(`${chunk.getColumnValues(0).join('\n')}\n`);
  }
}
