-- One row per person and currency they bought in: purchases, days with one, revenue net of returns and cost of goods.
-- key: person_id, currency
SELECT
  c.person_id,
  c.currency,
  count(*) AS purchases,
  count(DISTINCT c.conversion_date) AS purchase_days,
  CAST(sum(CASE WHEN c.conversion_kind IN ('order', 'click_and_collect') THEN 0 ELSE 1 END) AS bigint) AS store_purchases,
  CAST(sum(m.revenue_minor) AS bigint) AS revenue_minor,
  CAST(sum(m.costed_minor) AS bigint) AS costed_minor,
  CAST(sum(m.goods_cost_minor) AS bigint) AS goods_cost_minor
FROM conversions c
JOIN purchase_margins m ON m.conversion_id = c.conversion_id
WHERE c.person_id IS NOT NULL
GROUP BY 1, 2
