-- One row per number of channels that customers use and currency: what they bought over all time.
-- key: label, currency
WITH wanted AS (
  SELECT CAST(? AS date) AS from_day, CAST(? AS date) AS to_day, CAST(? AS varchar) AS model, CAST(? AS varchar) AS grouped_by
)
SELECT
  CAST(c.channels_used AS varchar) AS label,
  c.currency,
  c.customers,
  c.purchases,
  c.sold_minor,
  c.sold_squares,
  c.revenue_minor,
  c.costed_minor,
  c.goods_cost_minor,
  c.customers AS people
FROM customer_channels c
CROSS JOIN wanted w
ORDER BY c.channels_used, c.currency
