-- One row per number of channels that customers use and currency: what they bought over all time. `sold_squares` is the
-- sum over customers of the square of what each bought, in hundreds of minor units: what an interval of the mean needs.
-- key: channels_used, currency
WITH sold AS (
  SELECT person_id, currency, CAST(sum(revenue_minor) AS bigint) AS sold_minor
  FROM conversions
  WHERE person_id IS NOT NULL
  GROUP BY 1, 2
)
SELECT
  c.channels_used,
  p.currency,
  count(*) AS customers,
  CAST(sum(p.purchases) AS bigint) AS purchases,
  CAST(sum(s.sold_minor) AS bigint) AS sold_minor,
  CAST(sum(CAST(round(s.sold_minor / 100e0) AS bigint) * CAST(round(s.sold_minor / 100e0) AS bigint)) AS bigint) AS sold_squares,
  CAST(sum(p.revenue_minor) AS bigint) AS revenue_minor,
  CAST(sum(p.costed_minor) AS bigint) AS costed_minor,
  CAST(sum(p.goods_cost_minor) AS bigint) AS goods_cost_minor
FROM person_purchases p
JOIN sold s ON s.person_id = p.person_id AND s.currency = p.currency
JOIN person_channels c ON c.person_id = p.person_id
GROUP BY 1, 2
