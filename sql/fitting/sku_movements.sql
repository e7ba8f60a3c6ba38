-- One row per purchase or return of a SKU by a person who gave it back without naming a receipt, in the order of time.
-- key: movement_no
SELECT
  movement_no,
  goods_no,
  to_unixtime(moved_at) AS moved_at_seconds,
  CASE WHEN is_purchase THEN 1 ELSE 0 END AS is_purchase,
  conversion_id,
  return_id,
  quantity
FROM sku_movements
ORDER BY movement_no
