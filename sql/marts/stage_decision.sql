-- One row per figure of the stage "decision", channel, currency, month and person (null: nobody known): the two sums
-- that the figure is made of. What figures are is said in lib/domain/stage-figures.ts. One that nothing was supplied for
-- has no row; one that is not told by channel has an empty one. Figures of all visits to the site: stage_sessions.
-- key: figure, channel, currency, month, person_id
WITH spend_currencies AS (
  SELECT DISTINCT channel, currency, CAST(date_trunc('month', day) AS date) AS month FROM media_spend_daily
),
web_purchases AS (
  SELECT * FROM purchase_facts WHERE place = 'online'
),
researched AS (
  SELECT m.line_no, max(coalesce(m.channel, '(no channel)')) AS channel
  FROM ropo_matches m
  CROSS JOIN settings s
  WHERE m.comparison = 'research' AND m.level = 'product' AND m.lag_seconds <= s.ropo_window_days * 86400
  GROUP BY 1
),
store_lines AS (
  SELECT l.conversion_date, l.person_id, l.currency, l.revenue_minor, r.channel
  FROM ropo_lines l
  LEFT JOIN researched r ON r.line_no = l.line_no
  WHERE l.purchase_class = 'store' AND l.person_id IS NOT NULL AND l.is_covered
),
covered_currencies AS (
  SELECT DISTINCT currency, CAST(date_trunc('month', conversion_date) AS date) AS month FROM store_lines
),
collected AS (
  SELECT person_id, pick_up_date AS day, CASE WHEN attached_minor > 0 THEN 1 ELSE 0 END AS attaches
  FROM collected_orders
  WHERE collected_at IS NOT NULL
),
facts AS (
  SELECT
    'cart_abandonment' AS figure,
    v.channel AS channel,
    '' AS currency,
    v.month AS day,
    v.person_id AS person_id,
    v.left_carts AS numerator,
    v.cart_sessions AS denominator
  FROM visitor_months v
  WHERE v.cart_sessions > 0
  UNION ALL
  SELECT 'small_screen_order_share', v.channel, '', v.month, v.person_id, v.small_screen_orders, v.device_orders
  FROM visitor_months v
  WHERE v.device_orders > 0
  UNION ALL
  SELECT 'order_value_online', p.last_channel, p.currency, p.conversion_date, p.person_id, p.revenue_minor, 1
  FROM purchase_facts p
  WHERE p.place = 'online'
  UNION ALL
  SELECT 'cost_per_order', s.channel, s.currency, s.day, CAST(NULL AS varchar), s.spend_minor, 0
  FROM media_spend_daily s
  UNION ALL
  SELECT 'cost_per_order', p.last_channel, c.currency, p.conversion_date, p.person_id, 0, 1
  FROM web_purchases p
  JOIN spend_currencies c ON c.channel = p.last_channel AND c.month = CAST(date_trunc('month', p.conversion_date) AS date)
  UNION ALL
  SELECT 'receipts_per_entry', '', '', f.day, CAST(NULL AS varchar), f.receipts, f.entries
  FROM store_footfall_daily f
  WHERE f.is_compared
  UNION ALL
  SELECT 'pieces_per_receipt', p.last_channel, '', p.conversion_date, p.person_id, p.pieces, 1
  FROM purchase_facts p
  WHERE p.place = 'store'
  UNION ALL
  SELECT 'basket_store', p.last_channel, p.currency, p.conversion_date, p.person_id, p.revenue_minor, 1
  FROM purchase_facts p
  WHERE p.place = 'store'
  UNION ALL
  SELECT 'purchase_visit_share', '', '', v.visit_date, v.person_id, CASE WHEN v.purchases > 0 THEN 1 ELSE 0 END, 1
  FROM visit_outcomes v
  WHERE v.person_id IS NOT NULL
  UNION ALL
  SELECT
    'ropo_share_naive',
    '',
    l.currency,
    l.conversion_date,
    l.person_id,
    CASE WHEN l.channel IS NULL THEN 0 ELSE l.revenue_minor END,
    l.revenue_minor
  FROM store_lines l
  UNION ALL
  SELECT 'ropo_revenue_naive', l.channel, l.currency, l.conversion_date, l.person_id, l.revenue_minor, 0
  FROM store_lines l
  WHERE l.channel IS NOT NULL
  UNION ALL
  SELECT 'o2s_ratio_naive', '', l.currency, l.conversion_date, l.person_id, CASE WHEN l.channel IS NULL THEN 0 ELSE l.revenue_minor END, 0
  FROM store_lines l
  UNION ALL
  SELECT 'o2s_ratio_naive', '', p.currency, p.conversion_date, p.person_id, 0, p.revenue_minor
  FROM web_purchases p
  JOIN covered_currencies c ON c.currency = p.currency AND c.month = CAST(date_trunc('month', p.conversion_date) AS date)
  UNION ALL
  SELECT 'collected_order_share', '', '', c.conversion_date, c.person_id, CASE WHEN c.conversion_kind = 'click_and_collect' THEN 1 ELSE 0 END, 1
  FROM conversions c
  WHERE c.conversion_kind IN ('order', 'click_and_collect')
  UNION ALL
  SELECT 'attach_share', '', '', c.day, c.person_id, c.attaches, 1
  FROM collected c
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
