import { literal } from '../../adapters/embedded/duckdb.ts';

/** What the product is measured against: the same files, read and worked on by the engine's SQL alone. */

/** First, last and linear touch of a file of paths: the least that an attribution of it can be. */
export const touchModels = (file: string) => `
  WITH paths AS MATERIALIZED (
    SELECT string_split(path, ' > ') AS steps, total_conversions AS conversions, total_conversion_value AS value
    FROM read_csv(${literal(file)})
    WHERE total_conversions > 0
  )
  SELECT 'first_touch' AS model, steps[1] AS channel, sum(conversions) AS conversions, sum(value) AS value FROM paths GROUP BY ALL
  UNION ALL
  SELECT 'last_touch', steps[-1], sum(conversions), sum(value) FROM paths GROUP BY ALL
  UNION ALL
  SELECT 'linear', channel, sum(conversions / length), sum(value / length)
  FROM (SELECT unnest(steps) AS channel, conversions, value, len(steps) AS length FROM paths)
  GROUP BY ALL
  ORDER BY 1, 2`;

/** Transitions of order 1 from a file of paths; the solve that follows is nothing beside it. */
export const chainOfPaths = (file: string) => `
  WITH paths AS MATERIALIZED (
    SELECT string_split(path, ' > ') AS steps, total_conversions AS conversions, total_null AS nulls
    FROM read_csv(${literal(file)})
  )
  SELECT origin, target, sum(journeys) AS journeys
  FROM (
    SELECT
      unnest(list_concat(['(start)'], steps[:-2])) AS origin,
      unnest(steps) AS target,
      conversions + nulls AS journeys
    FROM paths
  )
  GROUP BY ALL
  UNION ALL
  SELECT steps[-1], '(conversion)', sum(conversions) FROM paths GROUP BY ALL
  UNION ALL
  SELECT steps[-1], '(null)', sum(nulls) FROM paths GROUP BY ALL`;

/** The same from touches: of the ways to write it the one that takes least time and memory. */
export const chainOfTouches = (file: string) => `
  WITH moves AS (
    SELECT
      channel,
      converted,
      row_number() OVER journey AS place,
      lead(channel) OVER journey AS next
    FROM ${literal(file)}
    WINDOW journey AS (PARTITION BY journey ORDER BY touched_at, channel)
  )
  SELECT '(start)' AS origin, channel AS target, count(*) AS journeys FROM moves WHERE place = 1 GROUP BY ALL
  UNION ALL
  SELECT channel, coalesce(next, CASE WHEN converted = 1 THEN '(conversion)' ELSE '(null)' END), count(*)
  FROM moves
  GROUP BY ALL`;
