-- One row per group and currency: purchases and their revenue in the period, before returns.
-- key: label, currency
WITH wanted AS (
  SELECT CAST(? AS date) AS from_day, CAST(? AS date) AS to_day, CAST(? AS varchar) AS model, CAST(? AS varchar) AS grouped_by
)
SELECT
  CASE w.grouped_by
    WHEN 'conversion_kind' THEN c.conversion_kind
    WHEN 'store' THEN coalesce(s.store_name, c.store_id, '(online)')
    WHEN 'region' THEN coalesce(s.region, '(online)')
    WHEN 'identified_by' THEN coalesce(c.identified_by, '(unidentified)')
    WHEN 'day' THEN date_format(CAST(c.conversion_date AS timestamp(6)), '%Y-%m-%d')
    WHEN 'week' THEN date_format(CAST(date_trunc('week', c.conversion_date) AS timestamp(6)), '%Y-%m-%d')
    WHEN 'month' THEN date_format(CAST(c.conversion_date AS timestamp(6)), '%Y-%m')
    ELSE 'all'
  END AS label,
  c.currency,
  count(*) AS purchases,
  count(DISTINCT c.person_id) AS people,
  CAST(sum(CASE WHEN c.person_id IS NOT NULL THEN 1 ELSE 0 END) AS bigint) AS identified_purchases,
  CAST(sum(c.revenue_minor) AS bigint) AS sold_minor
FROM conversions c
CROSS JOIN wanted w
LEFT JOIN stores s ON s.store_id = c.store_id
WHERE (w.from_day IS NULL OR c.conversion_date >= w.from_day)
  AND (w.to_day IS NULL OR c.conversion_date <= w.to_day)
GROUP BY 1, 2
ORDER BY sold_minor DESC, 1, 2
