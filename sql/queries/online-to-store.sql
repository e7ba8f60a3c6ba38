-- One row per group and currency: online revenue of the period, net of its returns on the day of purchase as in the stores, and of the store revenue of repeat
-- buyers what can be tested, what was researched and what the placebos find, with the sums over persons behind the
-- corrected share: the same figures, by revenue, as in `ropo`. Online revenue is of web orders, collected ones included.
-- key: label, currency
WITH wanted AS (
  SELECT
    w.*,
    s.ropo_window_days AS window_days,
    s.ropo_min_persons AS min_persons,
    CASE WHEN s.ropo_window_days <= 7 * s.ropo_shift_weeks THEN 7 * s.ropo_shift_weeks END AS shift_days
  FROM (
    SELECT
      CAST(? AS date) AS from_day,
      CAST(? AS date) AS to_day,
      CAST(? AS varchar) AS model,
      CAST(? AS varchar) AS grouped_by,
      CAST(? AS varchar) AS level
  ) w
  CROSS JOIN settings s
),
online_days AS (
  SELECT conversion_date AS day, currency, CAST(sum(revenue_minor) AS bigint) AS online_minor
  FROM conversions
  WHERE conversion_kind IN ('order', 'click_and_collect')
  GROUP BY 1, 2
  UNION ALL
  SELECT c.conversion_date, r.currency, CAST(sum(r.revenue_minor) AS bigint)
  FROM returns r
  JOIN conversions c ON c.conversion_id = r.conversion_id
  WHERE c.conversion_kind IN ('order', 'click_and_collect')
  GROUP BY 1, 2
),
days AS (
  SELECT day FROM online_days
  UNION
  SELECT day FROM ropo_buyers
),
labels AS (
  SELECT
    d.day,
    CASE w.grouped_by
      WHEN 'day' THEN date_format(CAST(d.day AS timestamp(6)), '%Y-%m-%d')
      WHEN 'week' THEN date_format(CAST(date_trunc('week', d.day) AS timestamp(6)), '%Y-%m-%d')
      WHEN 'month' THEN date_format(CAST(d.day AS timestamp(6)), '%Y-%m')
      WHEN 'quarter' THEN date_format(CAST(d.day AS timestamp(6)), '%Y') || '-Q' || CAST(quarter(d.day) AS varchar)
      WHEN 'year' THEN date_format(CAST(d.day AS timestamp(6)), '%Y')
      ELSE 'all'
    END AS label
  FROM days d
  CROSS JOIN wanted w
  WHERE (w.from_day IS NULL OR d.day >= w.from_day)
    AND (w.to_day IS NULL OR d.day <= w.to_day)
),
online_people AS (
  SELECT l.label, c.currency, count(DISTINCT c.person_id) AS online_people
  FROM conversions c
  JOIN labels l ON l.day = c.conversion_date
  WHERE c.conversion_kind IN ('order', 'click_and_collect')
  GROUP BY 1, 2
),
online AS (
  SELECT l.label, o.currency, CAST(sum(o.online_minor) AS bigint) AS online_minor
  FROM online_days o
  JOIN labels l ON l.day = o.day
  GROUP BY 1, 2
),
per_person AS (
  SELECT
    l.label,
    t.currency,
    t.person_no,
    sum(t.tested_size) / 3e0 AS n,
    sum(t.shift_size) / 3e0 AS n_shift,
    sum(t.mirror_size) / 3e0 AS n_mirror,
    sum(t.researched_size) / 3e0 AS r,
    sum(t.chance_size) / 3e0 AS c,
    sum(t.shift_researched) / 3e0 AS r_shift,
    sum(t.shift_chance) / 3e0 AS c_shift,
    sum(t.mirror_researched) / 3e0 AS r_mirror,
    sum(t.mirror_chance) / 3e0 AS c_mirror
  FROM ropo_tests t
  JOIN labels l ON l.day = t.day
  CROSS JOIN wanted w
  WHERE t.weight = 'revenue' AND t.is_repeat AND t.purchase_class = 'store' AND t.level IN ('(lines)', w.level)
  GROUP BY 1, 2, 3
),
sums AS (
  SELECT
    label,
    currency,
    count(*) AS persons,
    sum(n) AS n,
    sum(n_shift) AS n_shift,
    sum(n_mirror) AS n_mirror,
    sum(r) AS r,
    sum(c) AS c,
    sum(r_shift) AS r_shift,
    sum(c_shift) AS c_shift,
    sum(r_mirror) AS r_mirror,
    sum(c_mirror) AS c_mirror,
    sum(r - c) AS x,
    sum(n - c) AS y,
    sum((r - c) * (r - c)) AS xx,
    sum((r - c) * (n - c)) AS xy,
    sum((n - c) * (n - c)) AS yy
  FROM per_person
  GROUP BY 1, 2
),
store AS (
  SELECT l.label, b.currency, sum(b.lines) AS lines, count(DISTINCT b.person_no) AS people, CAST(sum(b.revenue_minor) AS bigint) AS buyers_minor
  FROM ropo_buyers b
  JOIN labels l ON l.day = b.day
  WHERE b.purchase_class = 'store' AND b.person_no IS NOT NULL AND b.is_repeat
  GROUP BY 1, 2
),
groups AS (
  SELECT label, currency FROM online
  UNION
  SELECT label, currency FROM store
)
SELECT
  g.label,
  g.currency,
  w.level,
  w.window_days,
  w.min_persons,
  w.shift_days,
  'revenue' AS weight,
  'repeat' AS buyers,
  false AS is_part,
  coalesce(o.online_minor, 0) AS online_minor,
  CAST(coalesce(t.lines, 0) AS bigint) AS identified_lines,
  coalesce(t.buyers_minor, 0) AS buyers_minor,
  coalesce(t.people, 0) AS people,
  coalesce(e.online_people, 0) AS online_people,
  coalesce(s.persons, 0) AS persons,
  coalesce(s.persons, 0) AS clusters,
  coalesce(s.n, 0e0) AS n,
  coalesce(s.r, 0e0) AS r,
  coalesce(s.c, 0e0) AS c,
  s.n_shift,
  s.r_shift,
  s.c_shift,
  s.n_mirror,
  s.r_mirror,
  s.c_mirror,
  s.x,
  s.y,
  s.xx,
  s.xy,
  s.yy
FROM groups g
CROSS JOIN wanted w
LEFT JOIN online o ON o.label = g.label AND o.currency = g.currency
LEFT JOIN online_people e ON e.label = g.label AND e.currency = g.currency
LEFT JOIN store t ON t.label = g.label AND t.currency = g.currency
LEFT JOIN sums s ON s.label = g.label AND s.currency = g.currency
ORDER BY online_minor DESC, 1, 2
