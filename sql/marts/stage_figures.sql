-- One row per stage, figure, channel (and all of them), currency, month, and the month before it in which the same people
-- stood there last: the two sums that a figure is made of, and the known people behind them. Months add up, and people do
-- as in journey_people. What figures are is said in lib/domain/stage-figures.ts. One that nothing was supplied for has no
-- row; one that is not told by channel stands for all channels only.
-- key: figure, channel, currency, month, month_before
WITH sums AS (
  SELECT 'awareness' AS stage, * FROM stage_awareness
  UNION ALL
  SELECT 'consideration', * FROM stage_consideration
  UNION ALL
  SELECT 'decision', * FROM stage_decision
  UNION ALL
  SELECT 'service', * FROM stage_service
  UNION ALL
  SELECT 'loyalty', * FROM stage_loyalty
),
cells AS (
  SELECT
    stage,
    figure,
    coalesce(channel, '(all channels)') AS channel,
    currency,
    month,
    person_id,
    CAST(sum(numerator) AS bigint) AS numerator,
    CAST(sum(denominator) AS bigint) AS denominator
  FROM sums
  GROUP BY GROUPING SETS ((stage, figure, channel, currency, month, person_id), (stage, figure, currency, month, person_id))
  HAVING channel IS NULL OR channel <> ''
),
placed AS (
  SELECT
    *,
    CASE WHEN person_id IS NOT NULL THEN lag(month) OVER (PARTITION BY figure, channel, currency, person_id ORDER BY month) END AS month_before
  FROM cells
)
SELECT
  stage,
  figure,
  channel,
  currency,
  month,
  month_before,
  CAST(sum(numerator) AS bigint) AS numerator,
  CAST(sum(denominator) AS bigint) AS denominator,
  count(person_id) AS known_people
FROM placed
GROUP BY 1, 2, 3, 4, 5, 6
UNION ALL
SELECT stage, figure, channel, '', month, month_before, numerator, denominator, known_people
FROM stage_sessions
