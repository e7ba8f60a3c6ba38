-- One row per channel path and currency: how often it ended in a purchase, for how much, and how often in none.
-- The field's common input of path models: path, total_conversions, total_conversion_value, total_null. A journey
-- without purchase has no currency: it counts on the path's first, so that sums over rows hold.
-- key: channel_path, currency
WITH converted AS (
  SELECT
    channel_path,
    currency,
    count(*) AS total_conversions,
    CAST(sum(revenue_minor) AS bigint) AS total_conversion_value_minor
  FROM paths_to_conversion
  GROUP BY 1, 2
),
first_currencies AS (
  SELECT channel_path, min(currency) AS currency
  FROM converted
  GROUP BY 1
),
not_converted AS (
  SELECT n.channel_path, coalesce(min(f.currency), '') AS currency, count(*) AS total_null
  FROM paths_to_non_conversion n
  LEFT JOIN first_currencies f ON f.channel_path = n.channel_path
  WHERE NOT n.is_open
  GROUP BY 1
)
SELECT
  coalesce(c.channel_path, n.channel_path) AS channel_path,
  coalesce(c.currency, n.currency) AS currency,
  coalesce(c.total_conversions, 0) AS total_conversions,
  coalesce(c.total_conversion_value_minor, 0) AS total_conversion_value_minor,
  coalesce(n.total_null, 0) AS total_null
FROM converted c
FULL OUTER JOIN not_converted n ON n.channel_path = c.channel_path AND n.currency = c.currency
