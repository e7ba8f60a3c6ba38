-- One row per channel path: how often it ended in a purchase, for how much, and how often in none.
-- The field's common input of path models: path, total_conversions, total_conversion_value, total_null.
-- key: channel_path, currency
WITH ends AS (
  SELECT channel_path, currency, 1 AS conversions, revenue_minor, 0 AS non_conversions
  FROM paths_to_conversion
  UNION ALL
  SELECT channel_path, '', 0, 0, 1
  FROM paths_to_non_conversion
  WHERE NOT is_open
)
SELECT
  channel_path,
  currency,
  CAST(sum(conversions) AS bigint) AS total_conversions,
  CAST(sum(revenue_minor) AS bigint) AS total_conversion_value_minor,
  CAST(sum(non_conversions) AS bigint) AS total_null
FROM ends
GROUP BY 1, 2
