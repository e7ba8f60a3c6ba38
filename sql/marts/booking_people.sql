-- One row per measure, person, day and group of ledger amounts of goods sold and given back that are alike in all that
-- they are reported by. Persons are numbers, so that counting them is cheap; those without a known person stand together.
-- key: measure, is_adjustment, person_no, day, currency, store_name, region, category, conversion_kind, traced_by, orphan_reason
WITH buyers AS (
  SELECT conversion_id AS booking_id, person_id FROM conversions WHERE person_id IS NOT NULL
  UNION ALL
  SELECT r.return_id, coalesce(c.person_id, p.person_id)
  FROM returns r
  LEFT JOIN conversions c ON c.conversion_id = r.conversion_id
  LEFT JOIN sale_persons p ON p.document_id = r.document_id
),
numbers AS (
  SELECT person_id, CAST(row_number() OVER (ORDER BY person_id) - 1 AS integer) AS person_no
  FROM (SELECT DISTINCT person_id FROM buyers WHERE person_id IS NOT NULL) t
)
SELECT
  l.measure,
  l.is_adjustment,
  n.person_no,
  l.day,
  l.currency,
  coalesce(s.store_name, l.store_id, '(online)') AS store_name,
  coalesce(s.region, CASE WHEN l.store_id IS NULL THEN '(online)' ELSE '(not set)' END) AS region,
  l.category,
  l.conversion_kind,
  l.traced_by,
  l.orphan_reason,
  CAST(sum(l.amount) AS bigint) AS amount
FROM ledger l
LEFT JOIN buyers b ON b.booking_id = l.booking_id
LEFT JOIN numbers n ON n.person_id = b.person_id
LEFT JOIN stores s ON s.store_id = l.store_id
WHERE l.measure IN ('sold', 'returned_by_purchase_date', 'returned_by_return_date', 'orphaned')
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
ORDER BY day, person_no
