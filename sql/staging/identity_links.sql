-- One row per link between identifiers, numbered by strength, age and the identifiers. `seen_at_ms` is first_seen in
-- milliseconds since 1970.
-- key: link
SELECT
  CAST(row_number() OVER (ORDER BY p.weak_kind, p.strong_kind, p.first_seen, a.node, b.node) - 1 AS integer) AS link,
  a.node AS from_node,
  b.node AS to_node,
  p.first_seen,
  CAST(date_diff('millisecond', TIMESTAMP '1970-01-01 00:00:00', p.first_seen) AS double) AS seen_at_ms
FROM identity_pairs p
JOIN identity_nodes a ON a.identifier_key = p.strong_key
JOIN identity_nodes b ON b.identifier_key = p.weak_key
