-- One row per group and currency: purchases and their revenue in the period, before returns.
-- key: label, currency
WITH wanted AS (
  SELECT CAST(? AS date) AS from_day, CAST(? AS date) AS to_day, CAST(? AS varchar) AS model, CAST(? AS varchar) AS grouped_by
)
SELECT
  CASE w.grouped_by
    WHEN 'conversion_kind' THEN c.conversion_kind
    WHEN 'store' THEN c.store_name
    WHEN 'region' THEN c.region
    WHEN 'identified_by' THEN coalesce(c.identified_by, '(unidentified)')
    WHEN 'day' THEN date_format(CAST(c.day AS timestamp(6)), '%Y-%m-%d')
    WHEN 'week' THEN date_format(CAST(date_trunc('week', c.day) AS timestamp(6)), '%Y-%m-%d')
    WHEN 'month' THEN date_format(CAST(c.day AS timestamp(6)), '%Y-%m')
    ELSE 'all'
  END AS label,
  c.currency,
  CAST(sum(c.purchases) AS bigint) AS purchases,
  count(DISTINCT c.person_no) AS people,
  CAST(sum(CASE WHEN c.person_no IS NOT NULL THEN c.purchases ELSE 0 END) AS bigint) AS identified_purchases,
  CAST(sum(c.revenue_minor) AS bigint) AS sold_minor
FROM purchase_people c
CROSS JOIN wanted w
WHERE (w.from_day IS NULL OR c.day >= w.from_day)
  AND (w.to_day IS NULL OR c.day <= w.to_day)
GROUP BY 1, 2
ORDER BY sold_minor DESC, 1, 2
