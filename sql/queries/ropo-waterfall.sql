-- One row per group, currency and step from all store purchases to the SKU researched, and after each step one per reason
-- why lines do not reach the next: step = its remainders + next step, in receipts, lines and money. `credited` is a part
-- of those researched at any level. A receipt is as far as the farthest of its lines. Steps of research have beside them,
-- for the lines that can be tested, how many are researched (r of n) and how many a placebo finds (c), each line weighing as often as it swaps items.
-- key: label, currency, position, remainder
WITH wanted AS (
  SELECT w.*, s.ropo_window_days AS window_days, s.ropo_min_persons AS min_persons,
    CASE WHEN s.ropo_window_days <= 7 * s.ropo_shift_weeks THEN 7 * s.ropo_shift_weeks END AS shift_days
  FROM (
    SELECT CAST(? AS date) AS from_day, CAST(? AS date) AS to_day, CAST(? AS varchar) AS model, CAST(? AS varchar) AS grouped_by,
      CAST(? AS varchar) AS identified_by, CAST(? AS varchar) AS evidence_strength
  ) w
  CROSS JOIN settings s
),
lines AS (
  SELECT
    CASE w.grouped_by
      WHEN 'store' THEN l.store_name
      WHEN 'region' THEN l.region
      WHEN 'category' THEN l.category
      WHEN 'day' THEN date_format(CAST(l.day AS timestamp(6)), '%Y-%m-%d')
      WHEN 'week' THEN date_format(CAST(date_trunc('week', l.day) AS timestamp(6)), '%Y-%m-%d')
      WHEN 'month' THEN date_format(CAST(l.day AS timestamp(6)), '%Y-%m')
      WHEN 'quarter' THEN date_format(CAST(l.day AS timestamp(6)), '%Y') || '-Q' || CAST(quarter(l.day) AS varchar)
      WHEN 'year' THEN date_format(CAST(l.day AS timestamp(6)), '%Y')
      ELSE 'all'
    END AS label,
    CASE w.grouped_by WHEN 'category' THEN l.category_receipts ELSE l.receipts END AS receipts_there,
    (w.identified_by IS NULL OR l.identified_by = w.identified_by) AND (w.evidence_strength IS NULL OR l.evidence_strength = w.evidence_strength) AS is_asked,
    l.*
  FROM ropo_steps l
  CROSS JOIN wanted w
  WHERE (w.from_day IS NULL OR l.day >= w.from_day)
    AND (w.to_day IS NULL OR l.day <= w.to_day)
),
cells_of_persons AS (
  SELECT label, currency, person_no, CASE WHEN is_asked THEN depth ELSE 1 END AS depth, CASE WHEN is_asked THEN reason ELSE unidentified_as END AS reason, is_credited,
    sum(receipts_there) AS receipts, sum(lines) AS lines, sum(sold_minor) AS sold_minor, sum(revenue_minor) AS net_minor
  FROM lines
  GROUP BY 1, 2, 3, 4, 5, 6
),
cells AS (
  SELECT label, currency, depth, reason, is_credited, sum(receipts) AS receipts, sum(lines) AS lines, sum(sold_minor) AS sold_minor, sum(net_minor) AS net_minor
  FROM cells_of_persons
  GROUP BY 1, 2, 3, 4, 5
),
steps AS (
  SELECT * FROM (VALUES
    (1, 1, 'all store purchases'), (2, 2, 'person identified'), (3, 3, 'person seen online before'), (4, 4, 'researched: any product'),
    (6, 5, 'researched: category'), (7, 6, 'researched: product'), (8, 7, 'researched: SKU')
  ) AS t(position, depth, step)
),
rows_of_steps AS (
  SELECT c.label, c.currency, s.position, s.step, CAST(NULL AS varchar) AS remainder, c.receipts, c.lines, c.sold_minor, c.net_minor
  FROM cells c
  JOIN steps s ON c.depth >= s.depth
  UNION ALL
  SELECT c.label, c.currency, s.position, s.step, c.reason, c.receipts, c.lines, c.sold_minor, c.net_minor
  FROM cells c
  JOIN steps s ON c.depth = s.depth AND c.reason IS NOT NULL
  UNION ALL
  SELECT label, currency, 5, 'of these credited', CASE WHEN NOT is_credited THEN 'researched, but no touchpoint on its path' END, receipts, lines, sold_minor, net_minor
  FROM cells
  WHERE depth >= 4
  UNION ALL
  SELECT c.label, c.currency, s.position, s.step, CAST(NULL AS varchar), 0, 0, 0, 0
  FROM (SELECT DISTINCT label, currency FROM cells) c
  CROSS JOIN (SELECT position, step FROM steps UNION ALL SELECT 5, 'of these credited') s
),
people_of_depths AS (
  SELECT label, currency, depth, count(*) AS people
  FROM (SELECT label, currency, person_no, max(depth) AS depth FROM cells_of_persons WHERE person_no IS NOT NULL GROUP BY 1, 2, 3) t
  GROUP BY 1, 2, 3
),
people_of_steps AS (
  SELECT p.label, p.currency, s.position, '' AS remainder, sum(p.people) AS people
  FROM people_of_depths p
  JOIN steps s ON p.depth >= s.depth
  GROUP BY 1, 2, 3
  UNION ALL
  SELECT c.label, c.currency, s.position, c.reason, count(DISTINCT c.person_no)
  FROM cells_of_persons c
  JOIN steps s ON s.depth = c.depth
  WHERE c.reason IS NOT NULL
  GROUP BY 1, 2, 3, 4
  UNION ALL
  SELECT label, currency, 5, CASE WHEN is_credited THEN '' ELSE 'researched, but no touchpoint on its path' END, count(DISTINCT person_no)
  FROM cells_of_persons
  WHERE depth >= 4
  GROUP BY 1, 2, 3, 4
),
tested AS (
  SELECT
    CASE w.grouped_by
      WHEN 'store' THEN l.store_name
      WHEN 'region' THEN l.region
      WHEN 'category' THEN l.category
      WHEN 'day' THEN date_format(CAST(l.day AS timestamp(6)), '%Y-%m-%d')
      WHEN 'week' THEN date_format(CAST(date_trunc('week', l.day) AS timestamp(6)), '%Y-%m-%d')
      WHEN 'month' THEN date_format(CAST(l.day AS timestamp(6)), '%Y-%m')
      WHEN 'quarter' THEN date_format(CAST(l.day AS timestamp(6)), '%Y') || '-Q' || CAST(quarter(l.day) AS varchar)
      WHEN 'year' THEN date_format(CAST(l.day AS timestamp(6)), '%Y')
      ELSE 'all'
    END AS label,
    l.currency,
    l.level,
    l.person_no,
    l.shift_size,
    l.tested_size,
    l.shift_researched,
    l.researched_size,
    l.shift_chance,
    l.chance_size
  FROM ropo_tests l
  CROSS JOIN wanted w
  WHERE l.weight = 'lines' AND l.is_repeat AND l.purchase_class = 'store'
    AND (w.from_day IS NULL OR l.day >= w.from_day)
    AND (w.to_day IS NULL OR l.day <= w.to_day)
    AND (w.identified_by IS NULL OR l.identified_by = w.identified_by)
    AND (w.evidence_strength IS NULL OR l.evidence_strength = w.evidence_strength)
),
tests AS (
  SELECT label, currency, level, sum(shift_size) AS n_shift, sum(tested_size) AS n, sum(shift_researched) AS r_shift, sum(researched_size) AS r,
    sum(shift_chance) AS c_shift, sum(chance_size) AS c, count(DISTINCT CASE WHEN level = '(lines)' THEN person_no END) AS persons
  FROM tested
  GROUP BY 1, 2, 3
),
shares AS (
  SELECT t.label, t.currency, v.rung,
    sum(CASE WHEN v.rung = 1 THEN t.n_shift ELSE t.n END) AS n,
    sum(CASE WHEN v.rung = 1 THEN t.r_shift ELSE t.r END) AS r,
    sum(CASE WHEN v.rung = 1 THEN t.c_shift ELSE t.c END) AS c
  FROM tests t
  JOIN (VALUES (1, 'any'), (2, 'category'), (3, 'product'), (4, 'sku')) AS v(rung, level) ON t.level IN ('(lines)', v.level)
  GROUP BY 1, 2, 3
),
tested_persons AS (
  SELECT label, currency, persons FROM tests WHERE level = '(lines)'
),
sums AS (
  SELECT label, currency, position, step, remainder, sum(receipts) AS receipts, sum(lines) AS lines, sum(sold_minor) AS sold_minor, sum(net_minor) AS net_minor
  FROM rows_of_steps
  GROUP BY 1, 2, 3, 4, 5
)
SELECT
  u.label,
  u.currency,
  u.position,
  u.step,
  u.remainder,
  w.window_days,
  w.min_persons,
  w.shift_days,
  CAST(u.receipts AS bigint) AS receipts,
  CAST(u.lines AS bigint) AS lines,
  CAST(u.sold_minor AS bigint) AS sold_minor,
  CAST(u.net_minor AS bigint) AS net_minor,
  CAST(max(CASE WHEN u.position = 1 AND u.remainder IS NULL THEN u.net_minor END) OVER (PARTITION BY u.label, u.currency) AS bigint) AS all_minor,
  u.remainder IS NULL AND u.position IN (4, 6, 7, 8) AS is_research,
  coalesce(k.people, 0) AS people,
  max(CASE WHEN u.position = 1 AND u.remainder IS NULL THEN coalesce(k.people, 0) END) OVER (PARTITION BY u.label, u.currency) AS group_people,
  coalesce(p.persons, 0) AS persons,
  s.n,
  s.r,
  s.c
FROM sums u
CROSS JOIN wanted w
LEFT JOIN steps d ON d.position = u.position AND u.remainder IS NULL
LEFT JOIN shares s ON s.label = u.label AND s.currency = u.currency AND s.rung = d.depth - 3
LEFT JOIN people_of_steps k ON k.label = u.label AND k.currency = u.currency AND k.position = u.position AND k.remainder = coalesce(u.remainder, '')
LEFT JOIN tested_persons p ON p.label = u.label AND p.currency = u.currency
ORDER BY all_minor DESC, u.label, u.currency, u.position, u.remainder NULLS FIRST, u.lines DESC
