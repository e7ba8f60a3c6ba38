import type { Cell } from '../../../ports.ts';

/** A text as an SQL literal. */
export const textLiteral = (text: string) => `'${text.replaceAll("'", "''")}'`;

/**
 * A value as an SQL literal. A number with a fraction is a double: without its exponent Athena would read a decimal.
 * @throws Error on what has no literal: NaN, the infinite numbers, text with a NUL character
 */
export function literalOf(value: Cell): string {
  if (value === null) return 'NULL';
  if (typeof value === 'string') {
    if (value.includes('\0'))
      throw new Error('A parameter holds a NUL character, which SQL text cannot; take it out');
    return textLiteral(value);
  }
  if (typeof value !== 'number') return String(value);
  if (!Number.isFinite(value))
    throw new Error(`A parameter is ${value}, which SQL has no literal for; give a finite number or null`);
  if (Number.isSafeInteger(value)) return Object.is(value, -0) ? '0' : String(value);
  const text = String(value);
  return text.includes('e') ? text.toUpperCase() : `${text}E0`;
}

/** An instant as a literal of type timestamp(6), from ISO text in UTC. */
export function timestampLiteral(iso: string): string {
  const time = Date.parse(iso);
  if (Number.isNaN(time))
    throw new Error(`"${iso}" is no instant; give ISO 8601 text such as 2025-03-31T10:00:00Z`);
  const text = new Date(time).toISOString();
  return `CAST(TIMESTAMP '${text.slice(0, 10)} ${text.slice(11, 23)}000' AS timestamp(6))`;
}

/** A name as the engine's DML takes it: CTAS, INSERT, MERGE, views and SELECTs. */
export const quoted = (...names: readonly string[]) =>
  names.map((name) => `"${name.replaceAll('"', '""')}"`).join('.');

/** A name as Athena's DDL takes it: databases, external tables, DROP. */
export const backticked = (...names: readonly string[]) =>
  names.map((name) => `\`${name.replaceAll('`', '``')}\``).join('.');

/** Pieces of SQL that are not code (texts, quoted names, comments), then words, question marks and parentheses. */
const TOKEN =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|--[^\n]*|\/\*[\s\S]*?\*\/|[A-Za-z_][A-Za-z0-9_]*|[?()]/g;

const CLAUSES = new Set([
  'SELECT',
  'FROM',
  'WHERE',
  'HAVING',
  'LIMIT',
  'OFFSET',
  'VALUES',
  'SET',
  'USING',
  'ON',
  'WITH',
]);
const ENDS_CLAUSE = new Set(['GROUP', 'ORDER', 'UNION', 'INTERSECT', 'EXCEPT', 'WINDOW']);

interface Placeholder {
  at: number;
  isInWhere: boolean;
}

/** The question marks of a statement that stand for values, and whether each belongs to a WHERE. */
function placeholdersOf(sql: string): Placeholder[] {
  const found: Placeholder[] = [];
  /** The clause that each open parenthesis is in; within one, null until a clause of its own begins. */
  const clauses: (string | null)[] = [null];
  for (const match of sql.matchAll(TOKEN)) {
    const token = match[0];
    const word = token.toUpperCase();
    if (token === '(') clauses.push(null);
    else if (token === ')') {
      if (clauses.length > 1) clauses.pop();
    } else if (token === '?')
      found.push({ at: match.index, isInWhere: clauses.findLast((clause) => clause !== null) === 'WHERE' });
    else if (CLAUSES.has(word) || ENDS_CLAUSE.has(word)) clauses[clauses.length - 1] = word;
  }
  return found;
}

export interface BoundStatement {
  sql: string;
  /** Literals to send beside the statement, one for each question mark that is left; none where none is left. */
  parameters: string[];
}

/** The longest value that Athena takes beside a statement, in characters. */
const LONGEST_PARAMETER = 1024;

/**
 * A statement with its values. Athena takes values beside a statement for question marks in a WHERE only; where one
 * stands elsewhere, or is too long for that, all of them are written into the statement, as the same literals.
 * @throws Error when there are more values than question marks, or fewer
 */
export function bind(sql: string, values: readonly Cell[]): BoundStatement {
  if (values.length === 0) return { sql, parameters: [] };
  const places = placeholdersOf(sql);
  if (places.length !== values.length)
    throw new Error(
      `A statement has ${places.length} question marks and was given ${values.length} values; give one for each`,
    );
  const literals = values.map(literalOf);
  const goBeside = places.every((place, at) => place.isInWhere && literals[at]!.length <= LONGEST_PARAMETER);
  if (goBeside) return { sql, parameters: literals };
  let text = '';
  let done = 0;
  for (const [at, place] of places.entries()) {
    text += sql.slice(done, place.at) + literals[at];
    done = place.at + 1;
  }
  return { sql: text + sql.slice(done), parameters: [] };
}
