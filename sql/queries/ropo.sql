-- One row per group and currency: store lines and revenue, and of the lines that can be tested how many were researched,
-- how many a placebo finds, and the sums over persons behind the corrected share. Testable is a line of a known person
-- whose purchase the clickstream precedes by a whole window and whose item can be redrawn. By channel or campaign of
-- the view that was found, lines are those of all, so that the parts sum to the whole; groups of fewer than
-- `ropo_min_persons` persons are one. By category, what chance finds belongs to the category of the item drawn;
-- by basket band it weighs as the line does, since items of large baskets would outweigh the lines of small ones. A line weighs as often as it swaps items, so that every item is on both sides equally often.
-- key: label, currency
WITH wanted AS (
  SELECT
    w.*,
    w.buyers = 'repeat' AS is_repeat,
    w.grouped_by IN ('channel', 'campaign') AS is_part,
    s.ropo_window_days AS window_days,
    s.ropo_min_persons AS min_persons,
    CASE WHEN s.ropo_window_days <= 7 * s.ropo_shift_weeks THEN 7 * s.ropo_shift_weeks END AS shift_days
  FROM (
    SELECT CAST(? AS date) AS from_day, CAST(? AS date) AS to_day, CAST(? AS varchar) AS model, CAST(? AS varchar) AS grouped_by,
      CAST(? AS varchar) AS level, CAST(? AS varchar) AS weight, CAST(? AS varchar) AS buyers,
      CAST(? AS varchar) AS identified_by, CAST(? AS varchar) AS evidence_strength
  ) w
  CROSS JOIN settings s
),
lines AS (
  SELECT
    CASE w.grouped_by
      WHEN 'store' THEN k.store_name
      WHEN 'region' THEN k.region
      WHEN 'category' THEN k.category
      WHEN 'persona' THEN k.persona
      WHEN 'new_or_returning' THEN k.newness
      WHEN 'identified_by' THEN coalesce(k.identified_by, '(unidentified)')
      WHEN 'evidence_strength' THEN coalesce(k.evidence_strength, '(unidentified)')
      WHEN 'purchase_class' THEN k.purchase_class
      WHEN 'daypart' THEN k.daypart
      WHEN 'basket_band' THEN k.basket_band
      WHEN 'day' THEN date_format(CAST(k.day AS timestamp(6)), '%Y-%m-%d')
      WHEN 'week' THEN date_format(CAST(date_trunc('week', k.day) AS timestamp(6)), '%Y-%m-%d')
      WHEN 'month' THEN date_format(CAST(k.day AS timestamp(6)), '%Y-%m')
      WHEN 'quarter' THEN date_format(CAST(k.day AS timestamp(6)), '%Y') || '-Q' || CAST(quarter(k.day) AS varchar)
      WHEN 'year' THEN date_format(CAST(k.day AS timestamp(6)), '%Y')
      WHEN 'all' THEN 'all'
    END AS label,
    k.currency,
    k.lines,
    k.revenue_minor,
    k.is_repeat = w.is_repeat AS is_asked,
    CASE WHEN (w.identified_by IS NULL OR k.identified_by = w.identified_by) AND (w.evidence_strength IS NULL OR k.evidence_strength = w.evidence_strength) THEN k.person_no END AS person_no
  FROM ropo_buyers k
  CROSS JOIN wanted w
  WHERE (w.from_day IS NULL OR k.day >= w.from_day)
    AND (w.to_day IS NULL OR k.day <= w.to_day)
    AND (w.grouped_by = 'purchase_class' OR k.purchase_class = 'store')
),
store AS (
  SELECT label, currency, count(DISTINCT person_no) AS people, sum(lines) AS all_lines, sum(revenue_minor) AS all_minor,
    sum(CASE WHEN person_no IS NOT NULL THEN lines END) AS identified_lines,
    sum(CASE WHEN person_no IS NOT NULL THEN revenue_minor END) AS identified_minor,
    sum(CASE WHEN person_no IS NOT NULL AND is_asked THEN revenue_minor END) AS buyers_minor
  FROM lines
  GROUP BY 1, 2
),
counted AS (
  SELECT
    CASE w.grouped_by
      WHEN 'store' THEN k.store_name
      WHEN 'region' THEN k.region
      WHEN 'category' THEN k.category
      WHEN 'channel' THEN k.channel
      WHEN 'campaign' THEN k.campaign
      WHEN 'persona' THEN k.persona
      WHEN 'new_or_returning' THEN k.newness
      WHEN 'identified_by' THEN coalesce(k.identified_by, '(unidentified)')
      WHEN 'evidence_strength' THEN coalesce(k.evidence_strength, '(unidentified)')
      WHEN 'purchase_class' THEN k.purchase_class
      WHEN 'daypart' THEN k.daypart
      WHEN 'basket_band' THEN k.basket_band
      WHEN 'day' THEN date_format(CAST(k.day AS timestamp(6)), '%Y-%m-%d')
      WHEN 'week' THEN date_format(CAST(date_trunc('week', k.day) AS timestamp(6)), '%Y-%m-%d')
      WHEN 'month' THEN date_format(CAST(k.day AS timestamp(6)), '%Y-%m')
      WHEN 'quarter' THEN date_format(CAST(k.day AS timestamp(6)), '%Y') || '-Q' || CAST(quarter(k.day) AS varchar)
      WHEN 'year' THEN date_format(CAST(k.day AS timestamp(6)), '%Y')
      WHEN 'all' THEN 'all'
    END AS label,
    k.*,
    CASE w.grouped_by WHEN 'basket_band' THEN k.chance_of_own_size ELSE k.chance_size END AS chance
  FROM ropo_tests k
  JOIN wanted w ON w.weight = k.weight AND w.is_repeat = k.is_repeat
  WHERE k.level IN ('(lines)', w.level)
    AND (w.from_day IS NULL OR k.day >= w.from_day)
    AND (w.to_day IS NULL OR k.day <= w.to_day)
    AND (w.grouped_by = 'purchase_class' OR k.purchase_class = 'store')
    AND (w.identified_by IS NULL OR k.identified_by = w.identified_by)
    AND (w.evidence_strength IS NULL OR k.evidence_strength = w.evidence_strength)
),
persons_apart AS (
  SELECT label, currency, person_no, sum(tested_lines) AS tested_lines, sum(tested_size) AS n, sum(shift_size) AS n_shift, sum(mirror_size) AS n_mirror,
    sum(researched_size) AS r, sum(chance) AS c, sum(shift_researched) AS r_shift, sum(shift_chance) AS c_shift,
    sum(mirror_researched) AS r_mirror, sum(mirror_chance) AS c_mirror
  FROM counted
  GROUP BY 1, 2, 3
),
small_parts AS (
  SELECT p.label, p.currency, '(fewer than ' || CAST(min(w.min_persons) AS varchar) || ' persons)' AS together
  FROM persons_apart p
  JOIN wanted w ON w.is_part
  WHERE p.label IS NOT NULL
  GROUP BY 1, 2
  HAVING sum(CASE WHEN p.r > 0 THEN 1 ELSE 0 END) < min(w.min_persons)
),
per_person AS (
  SELECT coalesce(s.together, p.label) AS label, p.currency, p.person_no, sum(p.tested_lines) AS tested_lines, sum(p.n) AS n, sum(p.n_shift) AS n_shift, sum(p.n_mirror) AS n_mirror,
    sum(p.r) AS r, sum(p.c) AS c, sum(p.r_shift) AS r_shift, sum(p.c_shift) AS c_shift, sum(p.r_mirror) AS r_mirror, sum(p.c_mirror) AS c_mirror
  FROM persons_apart p
  LEFT JOIN small_parts s ON s.label = p.label AND s.currency = p.currency
  GROUP BY 1, 2, 3
),
wholes_of_persons AS (
  SELECT p.currency, p.person_no, sum(p.n - p.c) AS y
  FROM persons_apart p
  JOIN wanted w ON w.is_part
  GROUP BY 1, 2
),
moments AS (
  SELECT p.*, p.r - p.c AS x, coalesce(o.y, p.n - p.c) AS y
  FROM per_person p
  LEFT JOIN wholes_of_persons o ON o.currency = p.currency AND o.person_no = p.person_no
),
sums AS (
  SELECT label, currency, count(*) AS clusters, sum(CASE WHEN r > 0 THEN 1 ELSE 0 END) AS finders, sum(CASE WHEN tested_lines > 0 THEN 1 ELSE 0 END) AS persons, sum(tested_lines) AS tested_lines,
    sum(n) AS n, sum(n_shift) AS n_shift, sum(n_mirror) AS n_mirror, sum(r) AS r, sum(c) AS c, sum(r_shift) AS r_shift, sum(c_shift) AS c_shift,
    sum(r_mirror) AS r_mirror, sum(c_mirror) AS c_mirror, sum(x) AS x, sum(y) AS y, sum(x * x) AS xx, sum(x * y) AS xy, sum(y * y) AS yy
  FROM moments
  GROUP BY 1, 2
),
wholes AS (
  SELECT s.currency,
    sum(CASE WHEN s.label IS NULL THEN s.clusters ELSE 0 END) AS clusters, sum(s.persons) AS persons, sum(s.tested_lines) AS tested_lines,
    sum(s.n) AS n, sum(s.n_shift) AS n_shift, sum(s.n_mirror) AS n_mirror, sum(s.c) AS c, sum(s.c_shift) AS c_shift, sum(s.c_mirror) AS c_mirror,
    sum(CASE WHEN s.label IS NULL THEN s.y ELSE 0 END) AS y, sum(CASE WHEN s.label IS NULL THEN s.yy ELSE 0 END) AS yy
  FROM sums s
  JOIN wanted w ON w.is_part
  GROUP BY 1
),
groups AS (
  SELECT label, currency FROM store WHERE label IS NOT NULL
  UNION
  SELECT label, currency FROM sums WHERE label IS NOT NULL
)
SELECT
  g.label,
  g.currency,
  w.level,
  w.weight,
  w.buyers,
  w.window_days,
  w.min_persons,
  w.shift_days,
  w.is_part,
  CAST(coalesce(a.all_lines, 0) AS bigint) AS all_lines,
  CAST(coalesce(a.all_minor, 0) AS bigint) AS all_minor,
  CAST(coalesce(a.identified_lines, 0) AS bigint) AS identified_lines,
  CAST(coalesce(a.identified_minor, 0) AS bigint) AS identified_minor,
  CAST(coalesce(a.buyers_minor, 0) AS bigint) AS buyers_minor,
  CAST(coalesce(CASE WHEN w.is_part THEN s.finders ELSE a.people END, 0) AS bigint) AS people,
  CAST(coalesce(CASE WHEN w.is_part THEN t.persons ELSE s.persons END, 0) AS bigint) AS persons,
  CAST(coalesce(CASE WHEN w.is_part THEN t.clusters ELSE s.clusters END, 0) AS bigint) AS clusters,
  CAST(coalesce(CASE WHEN w.is_part THEN t.tested_lines ELSE s.tested_lines END, 0) AS bigint) AS tested_lines,
  CASE WHEN w.is_part THEN t.n ELSE s.n END AS n,
  s.r,
  s.c,
  CASE WHEN w.is_part THEN t.n_shift ELSE s.n_shift END AS n_shift,
  s.r_shift,
  s.c_shift,
  CASE WHEN w.is_part THEN t.c_shift ELSE s.c_shift END AS whole_c_shift,
  CASE WHEN w.is_part THEN t.n_mirror ELSE s.n_mirror END AS n_mirror,
  s.r_mirror,
  s.c_mirror,
  CASE WHEN w.is_part THEN t.c_mirror ELSE s.c_mirror END AS whole_c_mirror,
  s.x,
  CASE WHEN w.is_part THEN t.y ELSE s.y END AS y,
  s.xx,
  s.xy,
  CASE WHEN w.is_part THEN t.yy ELSE s.yy END AS yy
FROM groups g
CROSS JOIN wanted w
LEFT JOIN store a ON a.currency = g.currency AND (w.is_part OR a.label = g.label)
LEFT JOIN sums s ON s.label = g.label AND s.currency = g.currency
LEFT JOIN wholes t ON t.currency = g.currency
ORDER BY all_minor DESC, s.r DESC, g.label, g.currency
