import { needlesIn } from '../../../pipeline/privacy/find-needles.ts';
import type { Needle } from '../../../pipeline/privacy/needles.ts';
import { type Engine, literal, pathLiteral } from '../duckdb.ts';

/** Types whose values are no text. */
const NO_TEXT = /^(?:BOOLEAN|(?:U?(?:TINY|SMALL|BIG|HUGE)INT|U?INTEGER)|FLOAT|DOUBLE|DECIMAL.*|DATE|TIME.*)$/;

export interface FoundValue {
  column: string;
  needle: Needle;
}

/**
 * Searches every text of every row of a Parquet file. The engine picks the values that may hold a needle; whether they do
 * is judged as for every other text, in each of its readings.
 */
export async function searchValues(
  engine: Engine,
  path: string,
  needles: readonly Needle[],
): Promise<{ rows: number; found: FoundValue[] }> {
  const scan = `read_parquet(${pathLiteral(path)})`;
  const described = await engine.rows(`DESCRIBE SELECT * FROM ${scan}`);
  const columns = described.flatMap((row) =>
    NO_TEXT.test(String(row.column_type)) ? [] : [String(row.column_name)],
  );
  const textOf = (column: string) => `CAST("${column.replaceAll('"', '""')}" AS varchar)`;
  const suspects = columns.map((column) => `count(CASE WHEN ${mayHold(textOf(column), needles)} THEN 1 END)`);
  const {
    rows: [counts = []],
  } = await engine.table(`SELECT ${['count(*)', ...suspects].join(', ')} FROM ${scan}`);
  const found: FoundValue[] = [];
  for (const [at, column] of columns.entries())
    if (Number(counts[at + 1]) > 0)
      for (const needle of await searchSuspects(engine, scan, textOf(column), needles))
        found.push({ column, needle });
  return { rows: Number(counts[0]), found };
}

/** What a text has that says something else than it seems to, as SQL. */
const ESCAPES = ['\\', '%', '&', 'base64:'];

/**
 * Whether a text holds the characters of a needle, or escapes that may stand for them, as SQL. Engines differ in which
 * letters beyond ASCII are alike but for their case: of a needle that has some, every text that has some is suspect.
 */
function mayHold(text: string, needles: readonly Needle[]): string {
  const conditions = ESCAPES.map((mark) => `contains(${text}, ${literal(mark)})`);
  for (const needle of needles) {
    if (isAscii(needle.text))
      conditions.push(`contains(${needle.anyCase ? `lower(${text})` : text}, ${literal(needle.text)})`);
    else conditions.push(`strlen(${text}) <> length(${text})`);
  }
  return conditions.join(' OR ');
}

const isAscii = (text: string) => /^[\x20-\x7e]*$/.test(text);

async function searchSuspects(
  engine: Engine,
  scan: string,
  text: string,
  needles: readonly Needle[],
): Promise<Set<Needle>> {
  const found = new Set<Needle>();
  const result = await engine.connection.stream(
    `SELECT DISTINCT ${text} AS said FROM ${scan} WHERE ${mayHold(text, needles)}`,
  );
  for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk())
    for (const said of chunk.getColumnValues(0))
      for (const needle of needlesIn(String(said), needles)) found.add(needle);
  return found;
}
