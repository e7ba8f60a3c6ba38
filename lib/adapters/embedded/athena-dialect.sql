-- Athena's function names and meanings, taught to DuckDB. The SQL under sql/ is written for Athena engine 3 (Trino);
-- each macro here makes one of its functions mean the same on DuckDB. What no macro can teach (UNNEST of several
-- arrays, lambdas but for filter, IGNORE NULLS) stays out of sql/, and a lint sees to it.
-- One statement per line group, separated by semicolons; run once when an engine opens.

-- dates and times
CREATE OR REPLACE MACRO date_diff(unit, a, b) AS system.main.date_sub(unit, a, b);
CREATE OR REPLACE MACRO date_add(unit, n, t) AS CASE unit WHEN 'day' THEN t + to_days(CAST(n AS integer)) WHEN 'hour' THEN t + to_hours(n) WHEN 'minute' THEN t + to_minutes(n) WHEN 'second' THEN t + to_seconds(n) ELSE error('date_add takes day, hour, minute and second here') END;
CREATE OR REPLACE MACRO to_unixtime(t) AS epoch_us(t) / 1e6;
CREATE OR REPLACE MACRO from_unixtime(s) AS to_timestamp(s);
CREATE OR REPLACE MACRO day_of_week(t) AS isodow(t);
CREATE OR REPLACE MACRO with_timezone(t, zone) AS timezone(zone, CAST(t AS timestamp));
CREATE OR REPLACE MACRO at_timezone(t, zone) AS timezone(zone, CAST(t AS timestamptz));
CREATE OR REPLACE MACRO from_iso8601_timestamp(s) AS CAST(s AS timestamptz);
CREATE OR REPLACE MACRO date_format(t, pattern) AS strftime(t, system.main.replace(system.main.replace(pattern, '%i', '%M'), '%s', '%S'));

-- arrays and maps
CREATE OR REPLACE MACRO cardinality(a) AS len(a);
CREATE OR REPLACE MACRO element_at(a, k) AS a[k];
CREATE OR REPLACE MACRO slice(a, start, length) AS CASE WHEN start < 0 THEN a[len(a) + start + 1:len(a) + start + length] ELSE a[start:start + length - 1] END;
CREATE OR REPLACE MACRO array_join(a, separator) AS array_to_string(list_filter(a, x -> x IS NOT NULL), separator), (a, separator, instead) AS array_to_string(list_transform(a, x -> coalesce(CAST(x AS varchar), instead)), separator);
-- Backwards where it ends before it begins: never empty.
CREATE OR REPLACE MACRO sequence(a, b) AS CASE WHEN b < a THEN generate_series(a, b, -1) ELSE generate_series(a, b) END, (a, b, step) AS generate_series(a, b, step);
CREATE OR REPLACE MACRO arrays_overlap(a, b) AS CASE WHEN list_has_any(a, b) THEN true WHEN len(list_filter(list_concat(a, b), x -> x IS NULL)) = 0 THEN false END;
CREATE OR REPLACE MACRO array_except(a, b) AS list_filter(a, (x, i) -> NOT list_contains(b, x) AND list_position(a, x) = i);
CREATE OR REPLACE MACRO array_max(a) AS CASE WHEN len(list_filter(a, x -> x IS NULL)) = 0 THEN list_max(a) END;
CREATE OR REPLACE MACRO array_min(a) AS CASE WHEN len(list_filter(a, x -> x IS NULL)) = 0 THEN list_min(a) END;
CREATE OR REPLACE MACRO array_sort(a) AS list_sort(a, 'ASC', 'NULLS LAST');
CREATE OR REPLACE MACRO array_distinct(a) AS list_distinct(a);
CREATE OR REPLACE MACRO max_by(x, y) AS arg_max_null(x, y);
CREATE OR REPLACE MACRO min_by(x, y) AS arg_min_null(x, y);

-- text
CREATE OR REPLACE MACRO regexp_like(s, pattern) AS regexp_matches(s, pattern);
CREATE OR REPLACE MACRO regexp_extract(s, pattern) AS CASE WHEN regexp_matches(s, pattern) THEN system.main.regexp_extract(s, pattern) END, (s, pattern, part) AS CASE WHEN regexp_matches(s, pattern) THEN system.main.regexp_extract(s, pattern, part) END;
CREATE OR REPLACE MACRO regexp_replace(s, pattern, replacement) AS system.main.regexp_replace(s, pattern, replacement, 'g');
CREATE OR REPLACE MACRO split_part(s, separator, n) AS CASE WHEN len(string_split(s, separator)) >= n THEN system.main.split_part(s, separator, n) END;
CREATE OR REPLACE MACRO concat(a, b) AS a || b, (a, b, c) AS a || b || c;
CREATE OR REPLACE MACRO greatest(a, b) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN a >= b THEN a ELSE b END, (a, b, c) AS CASE WHEN a IS NULL OR b IS NULL OR c IS NULL THEN NULL WHEN a >= b AND a >= c THEN a WHEN b >= c THEN b ELSE c END;
CREATE OR REPLACE MACRO least(a, b) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN a <= b THEN a ELSE b END, (a, b, c) AS CASE WHEN a IS NULL OR b IS NULL OR c IS NULL THEN NULL WHEN a <= b AND a <= c THEN a WHEN b <= c THEN b ELSE c END;

-- hashes and JSON
CREATE OR REPLACE MACRO to_utf8(s) AS encode(s);
CREATE OR REPLACE MACRO md5(b) AS unhex(system.main.md5(b));
CREATE OR REPLACE MACRO sha256(b) AS unhex(system.main.sha256(b));
CREATE OR REPLACE MACRO to_hex(b) AS hex(b);
CREATE OR REPLACE MACRO from_base(s, radix) AS CAST(list_reduce(list_transform(string_split(lower(s), ''), c -> CAST(position(c IN '0123456789abcdefghijklmnopqrstuvwxyz') - 1 AS bigint)), (acc, d) -> acc * radix + d) AS bigint);
CREATE OR REPLACE MACRO bitwise_and(a, b) AS a & b;
CREATE OR REPLACE MACRO bitwise_or(a, b) AS a | b;
CREATE OR REPLACE MACRO bitwise_or_agg(x) AS bit_or(x);
CREATE OR REPLACE MACRO json_extract_scalar(j, path) AS CASE WHEN json_valid(j) AND json_type(j, path) NOT IN ('OBJECT', 'ARRAY') THEN json_extract_string(j, path) END;
CREATE OR REPLACE MACRO url_extract_host(u) AS nullif(system.main.regexp_extract(u, '^(?:[A-Za-z][A-Za-z0-9+.-]*:)?//(?:[^/?#@]*@)?([^/?#:]+)', 1), '');
CREATE OR REPLACE MACRO url_extract_path(u) AS CASE WHEN NOT regexp_matches(u, '[\s<>"{}|\\^`]') THEN url_decode(system.main.regexp_extract(u, '^(?:[A-Za-z][A-Za-z0-9+.-]*:)?(?://[^/?#]*)?([^?#]*)', 1)) END;
CREATE OR REPLACE MACRO url_extract_parameter(u, name) AS CASE WHEN regexp_matches(u, '[?&]' || name || '(?:[=&#]|$)') THEN url_decode(system.main.replace(system.main.regexp_extract(u, '[?&]' || name || '=([^&#]*)', 1), '+', ' ')) END;
