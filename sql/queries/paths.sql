-- One row per channel path and currency, the most frequent two hundred: how often it ended in a purchase, or in none.
-- key: label, currency
WITH wanted AS (
  SELECT CAST(? AS date) AS from_day, CAST(? AS date) AS to_day, CAST(? AS varchar) AS model, CAST(? AS varchar) AS grouped_by
),
first_currencies AS (
  SELECT channel_path, min(currency) AS currency FROM paths_to_conversion GROUP BY 1
),
walkers AS (
  SELECT channel_path, currency, count(DISTINCT person_id) AS people
  FROM (
    SELECT channel_path, currency, person_id FROM paths_to_conversion
    UNION ALL
    SELECT n.channel_path, coalesce(f.currency, ''), n.person_id
    FROM paths_to_non_conversion n
    LEFT JOIN first_currencies f ON f.channel_path = n.channel_path
    WHERE NOT n.is_open
  ) j
  GROUP BY 1, 2
)
SELECT
  p.channel_path AS label,
  nullif(p.currency, '') AS currency,
  p.total_conversions AS purchases,
  p.total_conversion_value_minor AS sold_minor,
  p.total_null AS journeys_without_purchase,
  coalesce(k.people, 0) AS people
FROM path_counts p
CROSS JOIN wanted w
LEFT JOIN walkers k ON k.channel_path = p.channel_path AND k.currency = p.currency
ORDER BY 3 DESC, 5 DESC, 1, 2
LIMIT 200
