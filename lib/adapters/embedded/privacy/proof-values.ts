import { needlePattern, needlesIn } from '../../../pipeline/privacy/find-needles.ts';
import type { Needle } from '../../../pipeline/privacy/needles.ts';
import { type Engine, pathLiteral } from '../duckdb.ts';

/** Types whose values are no text. */
const NO_TEXT = /^(?:BOOLEAN|(?:U?(?:TINY|SMALL|BIG|HUGE)INT|U?INTEGER)|FLOAT|DOUBLE|DECIMAL.*|DATE|TIME.*)$/;

export interface FoundValue {
  column: string;
  needle: Needle;
}

/** Searches every text of every row of a Parquet file; those with escapes in every reading. */
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
  const groups = groupsOf(needles);
  const textOf = (column: string) => `CAST("${column.replaceAll('"', '""')}" AS varchar)`;
  const cells = columns.flatMap((column) => [
    `count(CASE WHEN ${isEscaped(textOf(column))} THEN 1 END)`,
    ...groups.map((_, at) => `count(CASE WHEN regexp_matches(${textOf(column)}, $${at + 1}) THEN 1 END)`),
  ]);
  const {
    rows: [counts = []],
  } = await engine.table(
    `SELECT count(*), ${cells.join(', ') || '0'} FROM ${scan}`,
    cells.length > 0 ? groups.map((group) => group.map(needlePattern).join('|')) : [],
  );
  const found: FoundValue[] = [];
  for (const [at, column] of columns.entries()) {
    const [escaped = 0, ...hits] = counts.slice(
      1 + at * (groups.length + 1),
      1 + (at + 1) * (groups.length + 1),
    );
    for (const [group, count] of hits.entries())
      if (Number(count) > 0) found.push({ column, needle: groups[group]![0]! });
    if (Number(escaped) > 0)
      for (const needle of await searchEscaped(engine, scan, textOf(column), needles))
        found.push({ column, needle });
  }
  return { rows: Number(counts[0]), found };
}

/** Needles that are told alike. */
function groupsOf(needles: readonly Needle[]): Needle[][] {
  const groups = new Map<string, Needle[]>();
  for (const needle of needles) {
    const name = `${needle.what} ${needle.isCommonId}`;
    groups.set(name, [...(groups.get(name) ?? []), needle]);
  }
  return [...groups.values()];
}

const isEscaped = (text: string) => `regexp_matches(${text}, '[\\\\%&]|base64:')`;

async function searchEscaped(
  engine: Engine,
  scan: string,
  text: string,
  needles: readonly Needle[],
): Promise<Set<Needle>> {
  const found = new Set<Needle>();
  const result = await engine.connection.stream(
    `SELECT DISTINCT ${text} AS said FROM ${scan} WHERE ${isEscaped(text)}`,
  );
  for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk())
    for (const said of chunk.getColumnValues(0))
      for (const needle of needlesIn(String(said), needles)) found.add(needle);
  return found;
}
