/**
 * What the grammar of Trino lets through and yet fails on a real Trino, or means something else there than on DuckDB.
 * Each rule stands for something that a real Trino was seen to do (tests/ci/trino runs one).
 */
export interface PortabilityRule {
  why: string;
  /** What of a SELECT breaks it. `bare` has no comments and empty text literals, `text` no comments. */
  finds(bare: string, text: string): readonly string[];
  /** Something that it must find. */
  example: string;
}

/** Functions that mean the same on both engines, most of them taught to DuckDB by athena-dialect.sql. */
const FUNCTIONS = new Set(
  `abs array_agg array_distinct array_join array_max array_min array_sort arrays_overlap array_except at_timezone avg
  bitwise_and bitwise_or bitwise_or_agg bool_and bool_or cardinality cast ceil chr coalesce concat contains count count_if
  date date_add date_diff date_format date_trunc day day_of_week dense_rank element_at every exp filter first_value floor
  from_base from_iso8601_timestamp from_unixtime greatest grouping hour if lag last_value lead least length ln lower lpad
  max max_by md5 min min_by minute mod month nth_value ntile nullif percent_rank position power quarter rank regexp_extract
  regexp_like regexp_replace replace reverse round row_number rpad rtrim sequence sha256 sign slice split split_part sqrt stddev
  stddev_pop stddev_samp strpos substr sum to_hex to_unixtime to_utf8 trim try_cast upper url_extract_host
  url_extract_parameter url_extract_path json_extract_scalar var_pop var_samp with_timezone year`.split(
    /\s+/,
  ),
);
/** Words before a parenthesis that call nothing. */
const WORDS = new Set(
  `all and any array as between by decimal distinct else end except exists filter from grouping having in intersect interval
  is join lateral like not on or order over partition rows range row select sets then timestamp union unnest using values
  varchar when where with within window`.split(/\s+/),
);

/** Text inside the parentheses that open at `from`. */
function inside(text: string, from: number): string {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    if (text[at] === '(') depth++;
    if (text[at] === ')' && --depth === 0) return text.slice(from + 1, at);
  }
  return text.slice(from + 1);
}

const all = (text: string, pattern: RegExp) => Array.from(text.matchAll(pattern), ([found]) => found);

/** The last SELECT of a file, which is in no parentheses. */
function lastSelect(bare: string): string {
  let depth = 0;
  let begin = 0;
  for (const { 0: token, index } of bare.matchAll(/[()]|\bselect\b/gi)) {
    if (token === '(') depth++;
    else if (token === ')') depth--;
    else if (depth === 0) begin = index;
  }
  return bare.slice(begin);
}

/** How often tables are read once every name of a WITH stands for what it is: Trino computes it at each mention. */
export function tableReads(bare: string): number {
  const bodies = new Map<string, string>();
  let rest = bare;
  for (const { 0: head, 1: name, index } of bare.matchAll(
    /(?:\bwith|\),)\s+([a-z_][a-z0-9_]*)\s+as\s*\(/gi,
  )) {
    const body = inside(bare, index + head.length - 1);
    bodies.set(name!.toLowerCase(), body);
    rest = rest.replace(body, '');
  }
  const known = new Map<string, number>();
  const readsOf = (text: string): number => {
    let reads = 0;
    for (const [, name = ''] of text.matchAll(/\b(?:from|join)\s+([a-z_][a-z0-9_]*)/gi)) {
      const body = bodies.get(name.toLowerCase());
      if (body === undefined) reads += name.toLowerCase() === 'unnest' ? 0 : 1;
      else {
        if (!known.has(name)) known.set(name, readsOf(body));
        reads += known.get(name)!;
      }
    }
    return reads;
  };
  return readsOf(rest);
}

/** The most reads of tables in a statement: ropo_matches has 52. Trino and Athena refuse more than 150 stages. */
const MOST_READS = 60;

export const RULES: readonly PortabilityRule[] = [
  {
    why: 'only functions that mean the same on both engines: see FUNCTIONS, and teach DuckDB new ones in athena-dialect.sql',
    finds: (bare) =>
      Array.from(bare.matchAll(/\b([a-z_][a-z0-9_]*)\s*\(/gi), ([, name]) => name!.toLowerCase()).filter(
        (name, at, names) =>
          !FUNCTIONS.has(name) &&
          !WORDS.has(name) &&
          // The columns of a named list: `AS t(a, b)`, and what WITH names.
          !new RegExp(`(?:\\)|\\bas)\\s+${name}\\s*\\(`, 'i').test(bare) &&
          names.indexOf(name) === at,
      ),
    example: 'SELECT epoch_ms(t) FROM x',
  },
  {
    why: 'GROUPING SETS, ROLLUP and CUBE take columns only: name the expression in a subquery',
    finds: (bare) =>
      Array.from(bare.matchAll(/\b(?:grouping\s+sets|rollup|cube)\s*\(/gi), ({ 0: head, index }) =>
        inside(bare, index + head.length - 1),
      ).filter((sets) => /[a-z_]\s*\(|\bcase\b|[-+*/|]/i.test(sets)),
    example: "SELECT 1 FROM x GROUP BY GROUPING SETS ((date_trunc('month', d)), ())",
  },
  {
    why: 'ORDER BY takes alias.column for a field of the result column of that name: name the table otherwise',
    finds: (bare) => {
      const select = lastSelect(bare);
      const [list = '', orders = ''] = select.split(/\border\s+by\b(?![\s\S]*\border\s+by\b)/i);
      const columns = new Set(
        Array.from(
          list.split(/\bfrom\b/i)[0]!.matchAll(/(?:\bas\s+|\.)([a-z_][a-z0-9_]*)\s*(?:,|$)/gim),
          ([, name]) => name!.toLowerCase(),
        ),
      );
      return all(orders, /\b[a-z_][a-z0-9_]*(?=\.)/gi).filter((name) => columns.has(name.toLowerCase()));
    },
    example: 'SELECT r.label, s.r FROM sums r JOIN shares s ON s.label = r.label ORDER BY r.label',
  },
  {
    why: 'text is no date: write DATE or CAST, nothing is cast by itself',
    finds: (_, text) => all(text, /(?:[=<>]|\bbetween\b|\band\b|\bin\s*\()\s*'\d{4}-\d\d-\d\d[^']*'/gi),
    example: "SELECT 1 FROM x WHERE day >= '2025-01-01'",
  },
  {
    why: 'numbers and text do not join: CAST(n AS varchar)',
    finds: (bare) => all(bare, /\|\|\s*\d+\b|\b\d+\s*\|\|/g),
    example: "SELECT 1 || 'a' FROM x",
  },
  {
    why: 'a place that an array does not have is an error: element_at',
    finds: (bare) => all(bare, /\b(?!array\b)[a-z_][a-z0-9_]*\s*\[/gi),
    example: 'SELECT parts[2] FROM x',
  },
  {
    why: 'DuckDB is taught date_add of days, hours, minutes and seconds',
    finds: (_, text) => all(text, /\bdate_add\s*\(\s*'(?!(?:day|hour|minute|second)')[^']*'/gi),
    example: "SELECT date_add('month', 1, d) FROM x",
  },
  {
    why: 'of the marks of date_format only %Y %m %d %H %i %s are the same',
    finds: (_, text) =>
      Array.from(text.matchAll(/\bdate_format\s*\(/gi), ({ 0: head, index }) =>
        inside(text, index + head.length - 1),
      ).filter((call) => /%[^YmdHis]/.test(call)),
    example: "SELECT date_format(t, '%M') FROM x",
  },
  {
    why: 'the days of a week are counted otherwise: day_of_week',
    finds: (bare) => all(bare, /\bextract\s*\(\s*(?:dow|day_of_week|doy|week|epoch)\b/gi),
    example: 'SELECT extract(dow FROM d) FROM x',
  },
  {
    why: 'UNNEST of several arrays is not in DuckDB: one WITH ORDINALITY and element_at',
    finds: (bare) => all(bare, /\bunnest\s*\([^()]*,/gi),
    example: 'SELECT 1 FROM x CROSS JOIN UNNEST(a, b) AS t(p, q)',
  },
  {
    why: 'on DuckDB these are macros, which take no FILTER, DISTINCT or ORDER BY',
    finds: (bare) => [
      ...all(bare, /\b(?:max_by|min_by|bitwise_or_agg)\s*\([^()]*\)\s*filter\b/gi),
      ...all(bare, /\b(?:max_by|min_by|bitwise_or_agg)\s*\(\s*distinct\b/gi),
    ],
    example: 'SELECT max_by(a, b) FILTER (WHERE c) FROM x',
  },
  {
    why: 'each engine writes a double its own way (0.9 and 9.0E-1): CAST it to decimal first',
    finds: (bare) =>
      all(bare, /\bcast\s*\(\s*(?:\w+\.)?\w*(?:_level|_share|_rate|_fraction)\s+as\s+varchar/gi),
    example: 'SELECT CAST(interval_level AS varchar) FROM x',
  },
  {
    why: 'OFFSET comes before LIMIT in Trino',
    finds: (bare) => all(bare, /\blimit\s+\S+\s+offset\b/gi),
    example: 'SELECT 1 FROM x LIMIT 3 OFFSET 1',
  },
  {
    why: `a name of a WITH is computed anew at each mention, and more than 150 stages are refused: at most ${MOST_READS} reads of tables`,
    finds: (bare) => (tableReads(bare) > MOST_READS ? [`${tableReads(bare)} reads of tables`] : []),
    example: `WITH a AS (SELECT 1 FROM x JOIN y ON true), b AS (SELECT 1 FROM a JOIN a c ON true JOIN a d ON true), c AS (SELECT 1 FROM b JOIN b c ON true JOIN b d ON true), d AS (SELECT 1 FROM c JOIN c e ON true JOIN c f ON true JOIN c g ON true) SELECT 1 FROM d`,
  },
];

/** What of a SELECT is not portable, each with why. */
export function portabilityProblems(select: string): string[] {
  const text = select.replace(/--.*$/gm, '');
  const bare = text.replace(/'(?:[^']|'')*'/g, "''");
  return RULES.flatMap(({ why, finds }) => finds(bare, text).map((found) => `${found.trim()}: ${why}`));
}
