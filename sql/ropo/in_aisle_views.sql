-- One row per product view of a known person while they were in a store: from entering to leaving, else `visit_hours`.
-- Research in the aisle is a class of its own, beside research before the visit.
-- key: view_no
WITH presence AS (
  SELECT person_id, visited_at AS happened_at, 0 AS step, until_at, CAST(NULL AS bigint) AS view_no
  FROM visit_outcomes
  WHERE person_id IS NOT NULL
  UNION ALL
  SELECT w.person_id, w.viewed_at, 1, CAST(NULL AS timestamp(6)), w.view_no
  FROM product_views w
  JOIN (SELECT DISTINCT person_id FROM visit_outcomes) v ON v.person_id = w.person_id
),
inside AS (
  SELECT *, max(until_at) OVER (PARTITION BY person_id ORDER BY happened_at, step ROWS UNBOUNDED PRECEDING) AS inside_until
  FROM presence
)
SELECT
  w.view_no,
  w.person_id,
  w.viewed_at,
  w.sku,
  w.product_id,
  w.category
FROM inside i
JOIN product_views w ON w.view_no = i.view_no
WHERE i.step = 1 AND i.happened_at <= i.inside_until
