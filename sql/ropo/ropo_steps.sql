-- One row per person, day, store and category of store lines that come equally far on the way from all store purchases
-- to the SKU researched (`depth` 1 to 7), and why not further. A receipt is counted with the farthest of its lines, by
-- category with the farthest of each category. `unidentified_as` is why lines stop at the first step where their
-- person, or the key that linked it, does not count.
-- key: person_no, day, currency, store_name, category, identified_by, evidence_strength, depth, reason, unidentified_as, is_credited
WITH numbers AS (
  SELECT person_id, CAST(row_number() OVER (ORDER BY person_id) - 1 AS integer) AS person_no
  FROM (SELECT DISTINCT person_id FROM ropo_lines WHERE person_id IS NOT NULL) t
),
research AS (
  SELECT
    m.line_no,
    max(CASE WHEN m.comparison = 'research' THEN CASE m.level WHEN 'any' THEN 1 WHEN 'category' THEN 2 WHEN 'product' THEN 3 ELSE 4 END END) AS rung,
    max(CASE WHEN m.comparison = 'in_aisle' THEN 1 END) AS in_aisle
  FROM ropo_matches m
  CROSS JOIN settings s
  WHERE m.comparison IN ('research', 'in_aisle') AND m.lag_seconds <= s.ropo_window_days * 86400
  GROUP BY 1
),
reached AS (
  SELECT
    l.*,
    r.in_aisle,
    CASE
      WHEN l.person_id IS NULL THEN 1
      WHEN l.first_seen_online IS NULL OR l.first_seen_online >= l.converted_at THEN 2
      WHEN NOT l.is_covered OR r.rung IS NULL THEN 3
      ELSE 3 + r.rung
    END AS depth,
    CASE coalesce(l.unidentified_reason, '') WHEN 'consent_denied' THEN 'no consent' WHEN '' THEN 'identified by another key' ELSE 'no identifier' END AS unidentified_as
  FROM ropo_lines l
  LEFT JOIN research r ON r.line_no = l.line_no
  WHERE l.purchase_class = 'store'
),
reasons AS (
  SELECT
    *,
    CASE
      WHEN depth = 1 THEN unidentified_as
      WHEN depth = 2 AND first_seen_online IS NULL THEN 'never seen online'
      WHEN depth = 2 THEN 'seen online only afterwards'
      WHEN depth = 3 AND NOT is_covered THEN 'clickstream does not cover the window'
      WHEN depth = 3 AND in_aisle = 1 THEN 'viewed only in the store'
      WHEN depth = 3 THEN 'no product viewed in the window'
      WHEN depth = 4 AND category IS NULL THEN 'category not known'
      WHEN depth = 4 THEN 'only other categories viewed'
      WHEN depth = 5 THEN 'only other products viewed'
      WHEN depth = 6 THEN 'only other SKUs viewed'
    END AS reason
  FROM reached
),
placed AS (
  SELECT
    *,
    row_number() OVER (PARTITION BY conversion_id ORDER BY depth DESC, reason, line_no) AS place,
    row_number() OVER (PARTITION BY conversion_id, category ORDER BY depth DESC, reason, line_no) AS place_in_category
  FROM reasons
)
SELECT
  n.person_no,
  l.conversion_date AS day,
  l.currency,
  coalesce(s.store_name, l.store_id) AS store_name,
  coalesce(s.region, '(not set)') AS region,
  coalesce(l.category, '(unmapped)') AS category,
  l.identified_by,
  l.evidence_strength,
  CAST(l.depth AS integer) AS depth,
  l.reason,
  l.unidentified_as,
  l.is_credited,
  CAST(sum(CASE WHEN l.place = 1 THEN 1 ELSE 0 END) AS integer) AS receipts,
  CAST(sum(CASE WHEN l.place_in_category = 1 THEN 1 ELSE 0 END) AS integer) AS category_receipts,
  CAST(count(*) AS integer) AS lines,
  CAST(sum(l.sold_minor) AS bigint) AS sold_minor,
  CAST(sum(l.revenue_minor) AS bigint) AS revenue_minor
FROM placed l
LEFT JOIN numbers n ON n.person_id = l.person_id
LEFT JOIN stores s ON s.store_id = l.store_id
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12
ORDER BY day, person_no
