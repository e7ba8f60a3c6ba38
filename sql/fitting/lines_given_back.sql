-- One row per line of a purchase of which something was given back, by purchase and in the order of the lines.
-- key: line_id
WITH given_back AS (
  SELECT DISTINCT conversion_id FROM returns WHERE revenue_minor < 0
)
SELECT
  l.conversion_id,
  l.line_id,
  l.sku,
  CAST(l.sold_minor AS double) AS sold_minor
FROM sold_lines l
JOIN given_back g ON g.conversion_id = l.conversion_id
ORDER BY l.conversion_id, length(l.line_id), l.line_id
