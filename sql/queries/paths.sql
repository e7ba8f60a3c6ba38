-- One row per channel path and currency, the most frequent two hundred: how often it ended in a purchase, or in none.
-- key: label, currency
WITH wanted AS (
  SELECT CAST(? AS date) AS from_day, CAST(? AS date) AS to_day, CAST(? AS varchar) AS model, CAST(? AS varchar) AS grouped_by
)
SELECT
  p.channel_path AS label,
  nullif(p.currency, '') AS currency,
  p.total_conversions AS purchases,
  p.total_conversion_value_minor AS sold_minor,
  p.total_null AS journeys_without_purchase
FROM path_counts p
CROSS JOIN wanted w
ORDER BY 3 DESC, 5 DESC, 1, 2
LIMIT 200
