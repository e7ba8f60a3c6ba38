-- One row per source, kind of identifier, size, rule or strength: how much of it is known.
-- key: label, currency
WITH wanted AS (
  SELECT CAST(? AS date) AS from_day, CAST(? AS date) AS to_day, CAST(? AS varchar) AS model, CAST(? AS varchar) AS grouped_by
)
SELECT
  trim(q.item) AS label,
  q.currency,
  q.records,
  q.with_person,
  q.linked,
  CASE WHEN q.area IN ('source', 'key') THEN q.records END AS matchable,
  q.revenue_minor,
  q.revenue_of_all_minor
FROM identity_quality q
JOIN wanted w ON w.grouped_by = q.area
ORDER BY CASE WHEN q.area = 'identifiers_of_person' THEN 0 ELSE -q.records END, q.item, q.currency
