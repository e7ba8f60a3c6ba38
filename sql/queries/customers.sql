-- One row per group and currency: customers, what they brought and what they are expected to bring.
-- key: label, currency
WITH wanted AS (
  SELECT CAST(? AS date) AS from_day, CAST(? AS date) AS to_day, CAST(? AS varchar) AS model, CAST(? AS varchar) AS grouped_by
)
SELECT g.*, g.customers AS people, l.withheld, s.interval_level
FROM customer_groups g
JOIN wanted w ON w.grouped_by = g.grouped_by
LEFT JOIN customer_value_limits l ON l.currency = g.currency
CROSS JOIN settings s
ORDER BY
  CASE WHEN g.grouped_by IN ('cohort', 'channels_used') THEN lpad(split_part(g.label, ' ', 1), 12, '0') ELSE '' END,
  g.revenue_minor DESC,
  g.label,
  g.currency
