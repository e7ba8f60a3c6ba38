-- One row per step from all store purchases to those researched online, and currency.
-- key: step, currency
WITH wanted AS (
  SELECT CAST(? AS date) AS from_day, CAST(? AS date) AS to_day, CAST(? AS varchar) AS model, CAST(? AS varchar) AS grouped_by
),
totals AS (
  SELECT
    d.currency,
    sum(d.all_lines) AS all_lines,
    sum(d.identified_lines) AS identified_lines,
    sum(d.reachable_lines) AS reachable_lines,
    sum(d.category_lines) AS category_lines,
    sum(d.product_lines) AS product_lines,
    sum(d.sku_lines) AS sku_lines,
    sum(d.all_minor) AS all_minor,
    sum(d.identified_minor) AS identified_minor,
    sum(d.reachable_minor) AS reachable_minor,
    sum(d.category_minor) AS category_minor,
    sum(d.product_minor) AS product_minor,
    sum(d.sku_minor) AS sku_minor
  FROM ropo_daily d
  CROSS JOIN wanted w
  WHERE (w.from_day IS NULL OR d.day >= w.from_day)
    AND (w.to_day IS NULL OR d.day <= w.to_day)
    AND d.purchase_class = 'store'
  GROUP BY 1
),
steps AS (
  SELECT 1 AS step, 'all store lines' AS label, currency, all_lines AS n, all_minor AS minor, all_minor, identified_minor FROM totals
  UNION ALL
  SELECT 2, 'person identified', currency, identified_lines, identified_minor, all_minor, identified_minor FROM totals
  UNION ALL
  SELECT 3, 'person seen online before', currency, reachable_lines, reachable_minor, all_minor, identified_minor FROM totals
  UNION ALL
  SELECT 4, 'category viewed in the window', currency, category_lines, category_minor, all_minor, identified_minor FROM totals
  UNION ALL
  SELECT 5, 'product viewed in the window', currency, product_lines, product_minor, all_minor, identified_minor FROM totals
  UNION ALL
  SELECT 6, 'SKU viewed in the window', currency, sku_lines, sku_minor, all_minor, identified_minor FROM totals
)
SELECT
  CAST(step AS bigint) AS step,
  label,
  currency,
  CAST(n AS bigint) AS step_lines,
  CAST(minor AS bigint) AS step_minor,
  CAST(all_minor AS bigint) AS all_minor,
  CAST(CASE WHEN step >= 2 THEN identified_minor ELSE 0 END AS bigint) AS identified_minor
FROM steps
ORDER BY 3, 1
