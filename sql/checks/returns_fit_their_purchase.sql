-- One row per purchase that gave back more than it sold, line that did, or return whose lines are not its amount.
-- key: what, id
WITH by_purchase AS (
  SELECT r.conversion_id, CAST(sum(r.revenue_minor) AS bigint) AS returned_minor
  FROM returns r
  WHERE r.conversion_id IS NOT NULL
  GROUP BY 1
),
by_line AS (
  SELECT line_id, CAST(sum(revenue_minor) AS bigint) AS returned_minor FROM line_returns GROUP BY 1
),
by_return AS (
  SELECT return_id, CAST(sum(revenue_minor) AS bigint) AS returned_minor FROM line_returns GROUP BY 1
),
by_sold AS (
  SELECT conversion_id, CAST(sum(sold_minor) AS bigint) AS sold_minor FROM sold_lines GROUP BY 1
)
SELECT 'purchase' AS what, c.conversion_id AS id, c.revenue_minor + coalesce(p.returned_minor, 0) AS left_minor
FROM conversions c
LEFT JOIN by_purchase p ON p.conversion_id = c.conversion_id
LEFT JOIN by_sold s ON s.conversion_id = c.conversion_id
WHERE c.revenue_minor + coalesce(p.returned_minor, 0) < 0 OR coalesce(s.sold_minor, 0) <> c.revenue_minor
UNION ALL
SELECT 'line', l.line_id, l.sold_minor + b.returned_minor
FROM by_line b
JOIN sold_lines l ON l.line_id = b.line_id
WHERE l.sold_minor + b.returned_minor < 0
UNION ALL
SELECT 'return', r.return_id, r.revenue_minor - coalesce(b.returned_minor, 0)
FROM returns r
LEFT JOIN by_return b ON b.return_id = r.return_id
WHERE r.revenue_minor <> coalesce(b.returned_minor, 0)
