-- One row per line of a purchase whose money was taken at a till, with what returns have left of it.
-- key: line_id
WITH wanted AS (
  SELECT CAST(? AS date) AS from_day, CAST(? AS date) AS to_day
),
taken_back AS (
  SELECT line_id, CAST(sum(revenue_minor) AS bigint) AS returned_minor FROM line_returns GROUP BY 1
)
SELECT
  l.line_id,
  l.conversion_id,
  l.sku,
  l.quantity,
  l.sold_minor + coalesce(t.returned_minor, 0) AS net_minor
FROM sold_lines l
JOIN conversions c ON c.conversion_id = l.conversion_id
CROSS JOIN wanted w
LEFT JOIN taken_back t ON t.line_id = l.line_id
WHERE c.receipt_id IS NOT NULL
  AND l.sku IS NOT NULL
  AND (w.from_day IS NULL OR c.conversion_date >= w.from_day)
  AND (w.to_day IS NULL OR c.conversion_date <= w.to_day)
ORDER BY l.conversion_id, l.line_id
