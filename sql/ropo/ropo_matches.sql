-- One row per merchandise line handed over in a store, with the finest level at which its person had viewed it online
-- strictly before, inside the ROPO window. Lines whose person is unknown are there, unmatched.
-- `purchase_class`: store is ROPO's; reserve_and_collect and click_and_collect are beside it, never inside it.
-- key: line_id
WITH lines AS (
  SELECT
    l.line_id,
    c.conversion_id,
    CASE WHEN c.conversion_kind = 'receipt' THEN 'store' ELSE c.conversion_kind END AS purchase_class,
    c.converted_at,
    c.conversion_date,
    c.store_id,
    c.person_id,
    c.identified_by,
    l.sku,
    l.product_id,
    l.category,
    l.line_kind,
    l.quantity,
    l.amount_minor AS revenue_minor,
    l.currency
  FROM sale_lines l
  JOIN conversions c ON c.conversion_id = l.document_id
  WHERE l.treatment = 'sale' AND (l.document_kind = 'receipt' OR c.conversion_kind = 'click_and_collect')
),
sought AS (
  SELECT person_id, 1 AS level, sku AS item, converted_at AS happened_at, 0 AS is_view, line_id FROM lines WHERE person_id IS NOT NULL AND sku IS NOT NULL
  UNION ALL
  SELECT person_id, 2, product_id, converted_at, 0, line_id FROM lines WHERE person_id IS NOT NULL AND product_id IS NOT NULL
  UNION ALL
  SELECT person_id, 3, category, converted_at, 0, line_id FROM lines WHERE person_id IS NOT NULL AND category IS NOT NULL
),
viewed AS (
  SELECT person_id, 1 AS level, sku AS item, viewed_at AS happened_at, 1 AS is_view, event_key AS line_id FROM product_views WHERE sku IS NOT NULL
  UNION ALL
  SELECT person_id, 2, product_id, viewed_at, 1, event_key FROM product_views WHERE product_id IS NOT NULL
  UNION ALL
  SELECT person_id, 3, category, viewed_at, 1, event_key FROM product_views WHERE category IS NOT NULL
),
timeline AS (
  SELECT * FROM sought
  UNION ALL
  SELECT v.* FROM viewed v JOIN (SELECT DISTINCT person_id FROM lines WHERE person_id IS NOT NULL) b ON b.person_id = v.person_id
),
last_views AS (
  SELECT
    *,
    max(CASE WHEN is_view = 1 THEN happened_at END) OVER (
      PARTITION BY person_id, level, item ORDER BY happened_at, is_view ROWS UNBOUNDED PRECEDING
    ) AS viewed_at
  FROM timeline
),
matches AS (
  SELECT v.line_id, min(v.level) AS level, min_by(v.viewed_at, v.level) AS viewed_at
  FROM last_views v
  CROSS JOIN settings
  WHERE v.is_view = 0 AND date_diff('millisecond', v.viewed_at, v.happened_at) <= settings.ropo_window_days * 86400000
  GROUP BY 1
)
SELECT
  l.line_id,
  l.conversion_id,
  l.purchase_class,
  l.converted_at,
  l.conversion_date,
  l.store_id,
  l.person_id,
  l.identified_by,
  l.sku,
  l.product_id,
  l.category,
  l.line_kind,
  l.quantity,
  l.revenue_minor,
  l.currency,
  m.level IS NOT NULL AS is_matched,
  CASE m.level WHEN 1 THEN 'sku' WHEN 2 THEN 'product' WHEN 3 THEN 'category' END AS match_level,
  m.viewed_at,
  date_diff('second', m.viewed_at, l.converted_at) AS lag_seconds
FROM lines l
LEFT JOIN matches m ON m.line_id = l.line_id
