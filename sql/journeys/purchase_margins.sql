-- One row per purchase: what is left of it after returns, and what the goods that stayed with the buyer had cost the shop.
-- The cost of a SKU is its product's latest; of a line partly given back it counts in proportion to what was kept.
-- `costed_minor` is the part of the revenue whose cost is known, in the currency of the purchase.
-- key: conversion_id
WITH given_back AS (
  SELECT line_id, -CAST(sum(revenue_minor) AS bigint) AS returned_minor FROM line_returns GROUP BY 1
),
lines AS (
  SELECT
    l.conversion_id,
    l.sold_minor,
    coalesce(g.returned_minor, 0) AS returned_minor,
    p.unit_cost_minor * l.quantity AS bought_at_minor
  FROM sold_lines l
  LEFT JOIN given_back g ON g.line_id = l.line_id
  LEFT JOIN products p ON p.sku = l.sku AND p.currency = l.currency
)
SELECT
  conversion_id,
  CAST(sum(sold_minor - returned_minor) AS bigint) AS revenue_minor,
  CAST(sum(CASE WHEN bought_at_minor IS NULL THEN 0 ELSE sold_minor - returned_minor END) AS bigint) AS costed_minor,
  CAST(sum(
    CASE
      WHEN bought_at_minor IS NULL THEN 0
      WHEN sold_minor <= 0 THEN CAST(round(bought_at_minor) AS bigint)
      ELSE CAST(round(bought_at_minor * (CAST(sold_minor - returned_minor AS double) / sold_minor)) AS bigint)
    END
  ) AS bigint) AS goods_cost_minor
FROM lines
GROUP BY 1
