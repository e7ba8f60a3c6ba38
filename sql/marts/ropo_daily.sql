-- One row per day, store, category, class of purchase and currency: store lines and revenue from all to matched.
-- Each step holds the one after it; "naive" because chance matches are still in. Discounts of a whole receipt lower
-- its revenue and are no lines.
-- key: day, store_id, category, purchase_class, currency
SELECT
  m.conversion_date AS day,
  m.store_id,
  coalesce(m.category, '(unmapped)') AS category,
  m.purchase_class,
  m.currency,
  CAST(sum(CASE WHEN m.line_kind = 'sale' THEN 1 ELSE 0 END) AS bigint) AS all_lines,
  CAST(sum(m.revenue_minor) AS bigint) AS all_minor,
  CAST(sum(CASE WHEN m.line_kind = 'sale' AND m.person_id IS NOT NULL THEN 1 ELSE 0 END) AS bigint) AS identified_lines,
  CAST(sum(CASE WHEN m.person_id IS NOT NULL THEN m.revenue_minor ELSE 0 END) AS bigint) AS identified_minor,
  CAST(sum(CASE WHEN m.line_kind = 'sale' AND r.person_id IS NOT NULL THEN 1 ELSE 0 END) AS bigint) AS reachable_lines,
  CAST(sum(CASE WHEN r.person_id IS NOT NULL THEN m.revenue_minor ELSE 0 END) AS bigint) AS reachable_minor,
  CAST(sum(CASE WHEN m.is_matched THEN 1 ELSE 0 END) AS bigint) AS category_lines,
  CAST(sum(CASE WHEN m.is_matched THEN m.revenue_minor ELSE 0 END) AS bigint) AS category_minor,
  CAST(sum(CASE WHEN m.match_level IN ('product', 'sku') THEN 1 ELSE 0 END) AS bigint) AS product_lines,
  CAST(sum(CASE WHEN m.match_level IN ('product', 'sku') THEN m.revenue_minor ELSE 0 END) AS bigint) AS product_minor,
  CAST(sum(CASE WHEN m.match_level = 'sku' THEN 1 ELSE 0 END) AS bigint) AS sku_lines,
  CAST(sum(CASE WHEN m.match_level = 'sku' THEN m.revenue_minor ELSE 0 END) AS bigint) AS sku_minor
FROM ropo_matches m
LEFT JOIN online_reach r ON r.person_id = m.person_id AND r.first_seen_online < m.converted_at
GROUP BY 1, 2, 3, 4, 5
