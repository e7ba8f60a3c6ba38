-- One row per return and line of its purchase that it takes something from: first from lines of the SKU given back, in
-- order, up to what is left of them, then from all lines in proportion to what is left. Sums to the return exactly.
-- key: return_id, line_id
SELECT
  s.return_id,
  r.conversion_id,
  s.line_id,
  r.return_date,
  r.currency,
  -CAST(s.line_minor AS bigint) AS revenue_minor
FROM return_spreads s
JOIN returns r ON r.return_id = s.return_id
