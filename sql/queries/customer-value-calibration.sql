-- One row per tenth of the customers, the tenth expected to buy most first; or one of all together.
-- key: label
WITH wanted AS (
  SELECT CAST(? AS date) AS from_day, CAST(? AS date) AS to_day, CAST(? AS varchar) AS model, CAST(? AS varchar) AS grouped_by
)
SELECT
  CASE w.grouped_by WHEN 'decile' THEN CAST(d.decile AS varchar) ELSE 'all' END AS label,
  CAST(sum(d.customers) AS bigint) AS customers,
  CAST(sum(d.customers) AS bigint) AS people,
  CAST(sum(d.customers) AS bigint) * 1000000000 AS customer_billionths,
  CAST(sum(CAST(d.predicted_billionths AS bigint)) AS bigint) AS predicted_billionths,
  CAST(sum(CAST(d.past_rate_billionths AS bigint)) AS bigint) AS past_rate_billionths,
  CAST(sum(d.actual_purchases) AS bigint) AS actual_purchases,
  CAST(sum(d.bought) AS bigint) AS bought,
  CAST(sum(CAST(d.expected_to_buy_billionths AS bigint)) AS bigint) AS expected_to_buy_billionths,
  CAST(sum(CAST(d.squares_billionths AS bigint)) AS bigint) AS squares_billionths,
  CAST(sum(CAST(d.past_squares_billionths AS bigint)) AS bigint) AS past_squares_billionths,
  CAST(sum(CAST(d.even_squares_billionths AS bigint)) AS bigint) AS even_squares_billionths,
  CAST(sum(CAST(d.misses_billionths AS bigint)) AS bigint) AS misses_billionths,
  CAST(sum(CAST(d.past_misses_billionths AS bigint)) AS bigint) AS past_misses_billionths
FROM customer_value_deciles d
CROSS JOIN wanted w
GROUP BY 1
ORDER BY min(d.decile)
