/** Compressed bytes of a table's columns, by table and column. */
export type ColumnBytes = ReadonlyMap<string, ReadonlyMap<string, number>>;

const REFERENCE = /\b(?:from|join)\s+([a-z_][a-z0-9_]*)/g;
const WITH_NAME = /(?:\bwith|,)\s+([a-z_][a-z0-9_]*)\s+as\s*\(/g;
/** A star for all columns, with the alias that it is of where one stands before it. */
const STAR = /\bselect\s+(?:distinct\s+)?\*|\b([a-z_][a-z0-9_]*)\.\*/g;
/** A table of a SELECT with its alias, if it has one. */
const NAMED =
  /\b(?:from|join)\s+([a-z_][a-z0-9_]*)(?:\s+(?:as\s+)?(?!(?:on|using|where|join|inner|left|right|full|cross|group|having|window|order|limit|union)\b)([a-z_][a-z0-9_]*))?/g;

/** A SELECT in small letters, without comments and texts. */
const bare = (select: string) =>
  select
    .replace(/--.*$/gm, '')
    .replace(/'(?:[^']|'')*'/g, "''")
    .toLowerCase();

/**
 * How often a SELECT reads each table. A name of its WITH that is read twice reads its tables twice: Athena puts its
 * text in the place of each.
 * @example tableReads('WITH a AS (SELECT 1 FROM t) SELECT * FROM a JOIN a AS b ON true') // Map { 't' => 2 }
 */
export function tableReads(select: string): Map<string, number> {
  let rest = bare(select);
  const bodies = new Map<string, string>();
  for (const { index, 0: opening, 1: name } of bare(select).matchAll(WITH_NAME)) {
    const body = insideParentheses(bare(select), index + opening.length);
    bodies.set(name!, body);
    rest = rest.replace(body, '');
  }
  const reads = new Map<string, number>();
  const follow = (text: string, times: number, trail: readonly string[]) => {
    for (const [, name] of text.matchAll(REFERENCE)) {
      const body = trail.includes(name!) ? undefined : bodies.get(name!);
      if (body !== undefined) follow(body, times, [...trail, name!]);
      else reads.set(name!, (reads.get(name!) ?? 0) + times);
    }
  };
  follow(rest, 1, []);
  return reads;
}

/** What stands between a parenthesis that was opened before `from` and the one that closes it. */
function insideParentheses(text: string, from: number): string {
  let depth = 1;
  for (let at = from; at < text.length; at++) {
    if (text[at] === '(') depth++;
    else if (text[at] === ')' && --depth === 0) return text.slice(from, at);
  }
  return text.slice(from);
}

/** What is left of a SELECT after `from`, what stands in parentheses and a UNION with another left out. */
function restOfSelect(text: string, from: number): string {
  let depth = 0;
  let rest = '';
  for (let at = from; at < text.length; at++) {
    if (text[at] === '(') depth++;
    else if (text[at] === ')' && --depth < 0) break;
    else if (depth === 0) rest += text[at];
  }
  return rest.split(/\bunion\b/)[0]!;
}

/**
 * Names that a SELECT takes all columns of, with a star. Those of its WITH have their columns named where they are made.
 * @example wholeTables('SELECT v.*, s.name FROM visits v JOIN stores s ON true') // Set { 'visits' }
 */
export function wholeTables(select: string): Set<string> {
  const text = bare(select);
  const whole = new Set<string>();
  for (const { 0: star, 1: of, index } of text.matchAll(STAR))
    for (const [, table, alias = table] of restOfSelect(text, index + star.length).matchAll(NAMED))
      if (of === undefined || of === alias) whole.add(table!);
  return whole;
}

/**
 * Bytes that Athena reads for a SELECT at the most: of every table, each time it is named, every column whose name
 * stands anywhere in the SELECT; all columns of a table that a star stands for. Row groups that a condition rules out
 * are counted nevertheless, and so is a column of a table whose name only means another table's. Tables that are not
 * known count nothing.
 */
export function bytesRead(select: string, tables: ColumnBytes): number {
  const text = bare(select);
  const whole = wholeTables(select);
  const words = new Set(text.match(/[a-z_][a-z0-9_]*/g));
  let bytes = 0;
  for (const [table, times] of tableReads(select))
    for (const [column, size] of tables.get(table) ?? [])
      if (whole.has(table) || words.has(column)) bytes += times * size;
  return bytes;
}
