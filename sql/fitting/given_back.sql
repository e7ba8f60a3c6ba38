-- One row per traced return and SKU that it gives back, by purchase and in the order of time: what the return and the
-- goods come to.
-- key: return_id, sku
SELECT
  r.conversion_id,
  r.return_id,
  g.sku,
  CAST(-r.revenue_minor AS double) AS return_minor,
  CAST(g.returned_minor AS double) AS goods_minor
FROM returns r
JOIN returned_goods g ON g.return_id = r.return_id
WHERE r.revenue_minor < 0
ORDER BY r.conversion_id, r.returned_at, r.return_id, g.sku
