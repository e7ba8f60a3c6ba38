-- One row per merchandise line of a purchase, with its part of the document's discounts taken off: the parts are in
-- proportion, rounded together, and the lines of a purchase sum to its revenue.
-- key: line_id
WITH lines AS (
  SELECT
    l.*,
    CAST(sum(CASE WHEN l.line_kind = 'discount' THEN l.amount_minor ELSE 0 END) OVER document AS double) AS discount_minor,
    CAST(sum(CASE WHEN l.line_kind = 'discount' THEN 0 ELSE l.amount_minor END) OVER document AS double) AS gross_minor,
    CAST(sum(CASE WHEN l.line_kind = 'discount' THEN 0 ELSE l.amount_minor END) OVER (document ORDER BY l.line_id ROWS UNBOUNDED PRECEDING) AS double) AS gross_so_far
  FROM sale_lines l
  WHERE l.treatment = 'sale'
  WINDOW document AS (PARTITION BY l.document_id)
)
SELECT
  l.line_id,
  c.conversion_id,
  l.sku,
  l.category,
  l.quantity,
  l.amount_minor
    + CAST(round(l.discount_minor * l.gross_so_far / l.gross_minor) AS bigint)
    - CAST(round(l.discount_minor * (l.gross_so_far - l.amount_minor) / l.gross_minor) AS bigint) AS sold_minor,
  c.currency
FROM lines l
JOIN conversions c ON c.conversion_id = l.document_id
WHERE l.line_kind = 'sale'
