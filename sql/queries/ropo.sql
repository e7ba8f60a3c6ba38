-- One row per group and currency: store lines and revenue of the period, from all to researched online.
-- key: label, currency
WITH wanted AS (
  SELECT CAST(? AS date) AS from_day, CAST(? AS date) AS to_day, CAST(? AS varchar) AS model, CAST(? AS varchar) AS grouped_by
)
SELECT
  CASE w.grouped_by
    WHEN 'store' THEN coalesce(s.store_name, d.store_id)
    WHEN 'region' THEN coalesce(s.region, '(not set)')
    WHEN 'category' THEN d.category
    WHEN 'purchase_class' THEN d.purchase_class
    WHEN 'day' THEN date_format(CAST(d.day AS timestamp(6)), '%Y-%m-%d')
    WHEN 'week' THEN date_format(CAST(date_trunc('week', d.day) AS timestamp(6)), '%Y-%m-%d')
    WHEN 'month' THEN date_format(CAST(d.day AS timestamp(6)), '%Y-%m')
    ELSE 'all'
  END AS label,
  d.currency,
  CAST(sum(d.all_lines) AS bigint) AS all_lines,
  CAST(sum(d.identified_lines) AS bigint) AS identified_lines,
  CAST(sum(d.category_lines) AS bigint) AS researched_lines,
  CAST(sum(d.all_minor) AS bigint) AS all_minor,
  CAST(sum(d.identified_minor) AS bigint) AS identified_minor,
  CAST(sum(d.category_minor) AS bigint) AS researched_minor
FROM ropo_daily d
CROSS JOIN wanted w
LEFT JOIN stores s ON s.store_id = d.store_id
WHERE (w.from_day IS NULL OR d.day >= w.from_day)
  AND (w.to_day IS NULL OR d.day <= w.to_day)
  AND (w.grouped_by = 'purchase_class' OR d.purchase_class = 'store')
GROUP BY 1, 2
ORDER BY 6 DESC, 1, 2
