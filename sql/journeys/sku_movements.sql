-- One row per purchase or return of a SKU by a person who also gave it back without naming an order or receipt, counted
-- off in the order of time: what such a return is matched from. A return at the moment of a purchase comes before it.
-- key: movement_no
WITH wanted AS (
  SELECT DISTINCT g.person_id, g.sku, g.currency
  FROM returned_goods g
  CROSS JOIN settings s
  WHERE g.names_nothing AND g.person_id IS NOT NULL AND g.sku IS NOT NULL AND s.return_match_days > 0
),
bought AS (
  SELECT
    c.person_id,
    l.sku,
    c.currency,
    c.conversion_id,
    c.converted_at,
    CAST(sum(l.quantity) AS double) AS quantity
  FROM sold_lines l
  JOIN conversions c ON c.conversion_id = l.conversion_id
  JOIN wanted w ON w.person_id = c.person_id AND w.sku = l.sku AND w.currency = c.currency
  GROUP BY 1, 2, 3, 4, 5
),
movements AS (
  SELECT person_id, sku, currency, converted_at AS moved_at, 1 AS is_purchase, conversion_id, CAST(NULL AS varchar) AS return_id, quantity
  FROM bought
  UNION ALL
  SELECT b.person_id, b.sku, b.currency, g.returned_at, 0, b.conversion_id, g.return_id, CASE WHEN g.is_whole_refund THEN b.quantity ELSE g.quantity END
  FROM bought b
  JOIN returned_goods g ON g.conversion_id = b.conversion_id AND (g.is_whole_refund OR g.sku = b.sku)
  UNION ALL
  SELECT g.person_id, g.sku, g.currency, g.returned_at, 0, CAST(NULL AS varchar), g.return_id, g.quantity
  FROM returned_goods g
  JOIN wanted w ON w.person_id = g.person_id AND w.sku = g.sku AND w.currency = g.currency
  WHERE g.names_nothing
)
SELECT
  CAST(row_number() OVER (ORDER BY person_id, sku, currency, moved_at, is_purchase, return_id, conversion_id) AS integer) AS movement_no,
  CAST(dense_rank() OVER (ORDER BY person_id, sku, currency) AS integer) AS goods_no,
  moved_at,
  is_purchase = 1 AS is_purchase,
  conversion_id,
  return_id,
  quantity
FROM movements
