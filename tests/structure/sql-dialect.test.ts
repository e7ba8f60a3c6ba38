import { TrinoSQL } from 'dt-sql-parser';
import { describe, expect, test } from 'vitest';
import { readSqlFolder, TABLE_FOLDERS } from '../../lib/pipeline/sql-files.ts';
import { portabilityProblems, RULES, tableReads } from './portable-sql.ts';

const files = [...TABLE_FOLDERS, 'checks', 'queries', 'fitting', 'closing', 'explain', 'exports'].flatMap(
  (folder) => readSqlFolder(folder),
);

/** Constructs that Trino's grammar takes or our engines read differently; each with why. */
const BANNED: [RegExp, string][] = [
  [/::/, 'casts are CAST(x AS type)'],
  [/\bqualify\b/i, 'QUALIFY is not in Trino'],
  [/\bgroup by all\b/i, 'GROUP BY ALL is not in Trino'],
  [/\bselect \* (exclude|replace)\b/i, 'DuckDB only'],
  [/\basof\b/i, 'ASOF JOIN is not in Trino'],
  [/\bignore nulls\b/i, 'its place differs between the engines'],
  [/\bmatch_recognize\b/i, 'not in DuckDB'],
  [/\b\d+\.\d+\b(?!e)/i, 'a decimal literal is a decimal on Athena and a double here: write 1e0'],
  [/\b(random|rand|uuid|now|current_timestamp|current_date)\b/i, 'time and randomness are arguments'],
  [/\b(transform|reduce|zip_with|any_match|map_filter)\s*\(/i, 'no macro can teach DuckDB lambdas'],
  [/\bcount\s*\(\s*distinct[^)]*\)\s*over/i, 'new in Trino, and who knows in Athena'],
  [
    /\b(string_agg|list|strftime|epoch|arg_min|arg_max|len|list_\w+)\s*\(/i,
    'DuckDB only: use the Trino name',
  ],
  [/\bat time zone\b/i, 'takes only literals in Trino: use with_timezone and at_timezone'],
  [/\/\s*0\b/, 'division by zero'],
];

describe('sql/ stays inside what Athena and DuckDB read alike', () => {
  test.each(files)('$folder/$name parses as Trino SQL', ({ select }) => {
    const errors = new TrinoSQL().validate(`${select};`);
    expect(errors.map(({ message, startLine }) => `line ${startLine}: ${message}`)).toEqual([]);
  });

  test.each(files)('$folder/$name uses no banned construct', ({ select }) => {
    const bare = select.replace(/--.*$/gm, '').replace(/'(?:[^']|'')*'/g, "''");
    const found = BANNED.filter(([pattern]) => pattern.test(bare)).map(
      ([pattern, why]) => `${pattern}: ${why}`,
    );
    expect(found).toEqual([]);
  });

  test.each(files)('$folder/$name does what a real Trino does too', ({ select }) => {
    expect(portabilityProblems(select)).toEqual([]);
  });

  test.each(RULES)('the lint finds $example', ({ example, finds }) => {
    const bare = example.replace(/'(?:[^']|'')*'/g, "''");
    expect(finds(bare, example)).not.toEqual([]);
    expect(new TrinoSQL().validate(`${example};`).length).toBeLessThanOrEqual(1);
  });

  test('reads of tables are counted through the names of a WITH', () => {
    expect(tableReads('SELECT 1 FROM x JOIN y ON true')).toBe(2);
    expect(
      tableReads(
        'WITH a AS (SELECT 1 FROM x), b AS (SELECT 1 FROM a JOIN a c ON true) SELECT 1 FROM b JOIN b d ON true JOIN y ON true',
      ),
    ).toBe(5);
  });

  test('the lint catches what it is there for', () => {
    expect(new TrinoSQL().validate('SELECT a FROM t QUALIFY row_number() OVER () = 1;')).not.toEqual([]);
    expect(BANNED.filter(([pattern]) => pattern.test('SELECT 1.5 * x FROM t'))).toHaveLength(1);
  });
});
