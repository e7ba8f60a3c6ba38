-- One row per figure of the stage "consideration", channel (and all of them), currency, month, and the month before it in which the
-- same people stood there last: the two sums that the figure is made of, and the known people behind them. Months add up,
-- and people do as in journey_people. What figures are is said in lib/domain/stage-figures.ts. One that nothing was
-- supplied for has no row; one that is not told by channel stands for all channels only.
-- key: figure, channel, currency, month, month_before
WITH spend AS (
  SELECT day, channel, currency, CAST(sum(spend_minor) AS bigint) AS spend_minor
  FROM channel_daily
  WHERE model = (SELECT min(model) FROM channel_daily)
  GROUP BY 1, 2, 3
  HAVING sum(spend_minor) > 0
),
spend_currencies AS (
  SELECT DISTINCT channel, currency, CAST(date_trunc('month', day) AS date) AS month FROM spend
),
product_sessions AS (
  SELECT channel, session_date, person_id FROM sessions WHERE product_views > 0
),
marked AS (
  SELECT
    device_id || '-' || CAST(session_no AS varchar) AS session_id,
    max(CASE WHEN event IN ('Stock Checked', 'stock_check', 'Store Searched') THEN 1 ELSE 0 END) AS checks_stock,
    max(CASE WHEN event = 'Product Added to Wishlist' THEN 1 ELSE 0 END) AS wishes
  FROM session_events
  WHERE event IN ('Stock Checked', 'stock_check', 'Store Searched', 'Product Added to Wishlist')
  GROUP BY 1
),
sent AS (
  SELECT coalesce(max(checks_stock), 0) AS checks_stock, coalesce(max(wishes), 0) AS wishes FROM marked
),
known_visits AS (
  SELECT * FROM visit_outcomes WHERE person_id IS NOT NULL
),
facts AS (
  SELECT
    'product_views_per_visit' AS figure,
    s.channel AS channel,
    '' AS currency,
    s.session_date AS day,
    s.person_id AS person_id,
    s.product_views AS numerator,
    1 AS denominator
  FROM sessions s
  UNION ALL
  SELECT 'product_visit_share', s.channel, '', s.session_date, s.person_id, CASE WHEN s.product_views > 0 THEN 1 ELSE 0 END, 1
  FROM sessions s
  UNION ALL
  SELECT 'stock_check_rate', s.channel, '', s.session_date, s.person_id, coalesce(m.checks_stock, 0), 1
  FROM sessions s
  LEFT JOIN marked m ON m.session_id = s.session_id
  CROSS JOIN sent t
  WHERE t.checks_stock = 1
  UNION ALL
  SELECT 'wishlist_rate', s.channel, '', s.session_date, s.person_id, coalesce(m.wishes, 0), 1
  FROM sessions s
  LEFT JOIN marked m ON m.session_id = s.session_id
  CROSS JOIN sent t
  WHERE t.wishes = 1
  UNION ALL
  SELECT 'cost_per_product_visit', s.channel, s.currency, s.day, CAST(NULL AS varchar), s.spend_minor, 0
  FROM spend s
  JOIN (SELECT DISTINCT channel FROM sessions) b ON b.channel = s.channel
  UNION ALL
  SELECT 'cost_per_product_visit', v.channel, c.currency, v.session_date, v.person_id, 0, 1
  FROM product_sessions v
  JOIN spend_currencies c ON c.channel = v.channel AND c.month = CAST(date_trunc('month', v.session_date) AS date)
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
),
cells AS (
  SELECT
    figure,
    coalesce(channel, '(all channels)') AS channel,
    currency,
    month,
    person_id,
    CAST(sum(numerator) AS bigint) AS numerator,
    CAST(sum(denominator) AS bigint) AS denominator
  FROM (
    SELECT figure, channel, currency, CAST(date_trunc('month', day) AS date) AS month, person_id, numerator, denominator FROM facts
  ) f
  GROUP BY GROUPING SETS ((figure, channel, currency, month, person_id), (figure, currency, month, person_id))
  HAVING channel IS NULL OR channel <> ''
),
placed AS (
  SELECT
    *,
    CASE WHEN person_id IS NOT NULL THEN lag(month) OVER (PARTITION BY figure, channel, currency, person_id ORDER BY month) END AS month_before
  FROM cells
)
SELECT
  figure,
  channel,
  currency,
  month,
  month_before,
  CAST(sum(numerator) AS bigint) AS numerator,
  CAST(sum(denominator) AS bigint) AS denominator,
  count(person_id) AS known_people
FROM placed
GROUP BY 1, 2, 3, 4, 5
