-- One row per person, day and group of store lines that are alike in all that the ROPO queries group by: what they come
-- to. Persons are numbers, so that counting them is cheap; lines without a known person stand together.
-- key: person_no, day, currency, purchase_class, store_id, category, newness, identified_by, evidence_strength, daypart, basket_band, tender, is_repeat
WITH numbers AS (
  SELECT person_id, CAST(row_number() OVER (ORDER BY person_id) - 1 AS integer) AS person_no
  FROM (SELECT DISTINCT person_id FROM ropo_lines WHERE person_id IS NOT NULL) t
)
SELECT
  n.person_no,
  l.conversion_date AS day,
  l.currency,
  l.purchase_class,
  l.store_id,
  coalesce(s.store_name, l.store_id) AS store_name,
  coalesce(s.region, '(not set)') AS region,
  coalesce(l.category, '(unmapped)') AS category,
  coalesce(l.persona, '(unidentified)') AS persona,
  CASE WHEN l.person_id IS NULL THEN '(unidentified)' WHEN l.is_new_customer THEN 'new' ELSE 'returning' END AS newness,
  l.identified_by,
  l.evidence_strength,
  l.daypart,
  l.basket_band,
  l.tender,
  l.basket_draws > 0 AS is_repeat,
  CAST(count(*) AS integer) AS lines,
  CAST(sum(l.revenue_minor) AS bigint) AS revenue_minor,
  CAST(sum(CASE WHEN l.person_id IS NOT NULL AND l.is_covered AND l.basket_draws + l.stratum_draws > 0 THEN l.revenue_minor ELSE 0 END) AS bigint) AS tested_minor
FROM ropo_lines l
LEFT JOIN numbers n ON n.person_id = l.person_id
LEFT JOIN stores s ON s.store_id = l.store_id
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16
ORDER BY day, person_no
