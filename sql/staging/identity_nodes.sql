-- One row per identifier that was ever seen with another, numbered by strength, age and itself.
-- key: node
WITH ends AS (
  SELECT strong_key AS identifier_key, strong_kind AS kind, first_seen FROM identity_pairs
  UNION ALL
  SELECT weak_key, weak_kind, first_seen FROM identity_pairs
),
identifiers AS (
  SELECT identifier_key, min(kind) AS kind, min(first_seen) AS first_seen
  FROM ends
  GROUP BY 1
)
SELECT
  CAST(row_number() OVER (ORDER BY kind, first_seen, identifier_key) - 1 AS integer) AS node,
  CAST(kind AS integer) AS kind,
  identifier_key,
  first_seen
FROM identifiers
