-- One row per person, day and group of purchases that are alike in all that they are counted by. Persons are numbers, so
-- that counting them is cheap; purchases without a known person stand together.
-- key: person_no, day, currency, conversion_kind, store_name, region, identified_by
WITH numbers AS (
  SELECT person_id, CAST(row_number() OVER (ORDER BY person_id) - 1 AS integer) AS person_no
  FROM (SELECT DISTINCT person_id FROM conversions WHERE person_id IS NOT NULL) t
)
SELECT
  n.person_no,
  c.conversion_date AS day,
  c.currency,
  c.conversion_kind,
  coalesce(s.store_name, c.store_id, '(online)') AS store_name,
  coalesce(s.region, CASE WHEN c.store_id IS NULL THEN '(online)' ELSE '(not set)' END) AS region,
  c.identified_by,
  CAST(count(*) AS integer) AS purchases,
  CAST(sum(c.revenue_minor) AS bigint) AS revenue_minor
FROM conversions c
LEFT JOIN numbers n ON n.person_id = c.person_id
LEFT JOIN stores s ON s.store_id = c.store_id
GROUP BY 1, 2, 3, 4, 5, 6, 7
ORDER BY day, person_no
