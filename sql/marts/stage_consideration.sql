-- One row per figure of the stage "consideration", channel, currency, month and person (null: nobody known): the two sums
-- that the figure is made of. What figures are is said in lib/domain/stage-figures.ts. One that nothing was supplied for
-- has no row; one that is not told by channel has an empty one. Figures of all visits to the site: stage_sessions.
-- key: figure, channel, currency, month, person_id
WITH spend_currencies AS (
  SELECT DISTINCT channel, currency, CAST(date_trunc('month', day) AS date) AS month FROM media_spend_daily
),
known_visits AS (
  SELECT * FROM visit_outcomes WHERE person_id IS NOT NULL
),
facts AS (
  SELECT
    'cost_per_product_visit' AS figure,
    s.channel AS channel,
    s.currency AS currency,
    s.day AS day,
    CAST(NULL AS varchar) AS person_id,
    s.spend_minor AS numerator,
    0 AS denominator
  FROM media_spend_daily s
  JOIN (SELECT DISTINCT channel FROM visitor_months) b ON b.channel = s.channel
  UNION ALL
  SELECT 'cost_per_product_visit', v.channel, c.currency, v.month, v.person_id, 0, v.product_sessions
  FROM visitor_months v
  JOIN spend_currencies c ON c.channel = v.channel AND c.month = v.month
  WHERE v.product_sessions > 0
  UNION ALL
  SELECT 'visit_minutes', '', '', o.visit_date, o.person_id, CAST(round(date_diff('second', v.visited_at, v.left_at) / 60e0) AS bigint), 1
  FROM store_visits v
  JOIN visit_outcomes o ON o.visit_key = v.visit_key
  WHERE v.left_at IS NOT NULL
  UNION ALL
  SELECT 'in_aisle_share', '', '', v.visit_date, v.person_id, CASE WHEN v.in_aisle_views > 0 THEN 1 ELSE 0 END, 1
  FROM known_visits v
  UNION ALL
  SELECT 'research_to_visit_share', '', '', v.visit_date, v.person_id, CASE WHEN v.researched_at IS NOT NULL THEN 1 ELSE 0 END, 1
  FROM known_visits v
  WHERE v.is_covered
  UNION ALL
  SELECT 'showrooming_share', '', '', o.conversion_date, o.person_id, CASE WHEN o.visited_at IS NOT NULL THEN 1 ELSE 0 END, 1
  FROM showrooming_orders o
  WHERE o.is_observable AND o.is_covered
)
SELECT
  figure,
  channel,
  currency,
  CAST(date_trunc('month', day) AS date) AS month,
  person_id,
  CAST(sum(numerator) AS bigint) AS numerator,
  CAST(sum(denominator) AS bigint) AS denominator
FROM facts
GROUP BY 1, 2, 3, 4, 5
