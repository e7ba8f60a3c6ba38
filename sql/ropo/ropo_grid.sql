-- One row per currency, level, window and weight: how many store lines of repeat buyers were researched and how many each
-- placebo finds, with the sums over persons behind the corrected share and its interval. The lines are the same in every
-- cell: those that the longest window of `ropo_observation` covers; a longer window has none.
-- A line weighs as often as it swaps items, so that every item is on both sides equally often.
-- key: currency, level, window_days, weight
WITH windows AS (
  SELECT * FROM (VALUES (1), (3), (7), (14), (30), (60)) AS t(window_days)
),
levels AS (
  SELECT * FROM (VALUES ('any'), ('category'), ('product'), ('sku')) AS t(level)
),
currencies AS (
  SELECT DISTINCT currency FROM ropo_lines WHERE purchase_class = 'store'
),
weights AS (
  SELECT * FROM (VALUES ('lines'), ('revenue')) AS t(weight)
),
tested AS (
  SELECT
    l.line_no,
    l.person_id,
    l.currency,
    CAST(l.revenue_minor AS double) AS minor,
    CAST(l.basket_draws AS double) AS draws,
    CASE WHEN l.observed_days >= o.window_shifted + o.shift_days THEN 1 ELSE 0 END AS back_draws,
    CASE WHEN o.window_shifted IS NOT NULL AND l.observed_days_after >= o.shift_days THEN 1 ELSE 0 END AS ahead_draws,
    CASE WHEN l.observed_days_after >= o.window_mirrored + 2 THEN 1 ELSE 0 END AS is_mirrored
  FROM ropo_lines l
  CROSS JOIN ropo_observation o
  WHERE l.purchase_class = 'store' AND l.person_id IS NOT NULL AND l.basket_draws > 0 AND l.observed_days >= o.window_before
),
bases AS (
  SELECT
    currency,
    person_id,
    3e0 * sum(draws) AS n,
    3e0 * sum(draws * minor) AS n_minor,
    3e0 * sum(CASE WHEN back_draws + ahead_draws > 0 THEN draws ELSE 0e0 END) AS n_shift,
    3e0 * sum(CASE WHEN back_draws + ahead_draws > 0 THEN draws * minor ELSE 0e0 END) AS n_shift_minor,
    3e0 * sum(CASE WHEN is_mirrored = 1 THEN draws ELSE 0e0 END) AS n_mirror,
    3e0 * sum(CASE WHEN is_mirrored = 1 THEN draws * minor ELSE 0e0 END) AS n_mirror_minor
  FROM tested
  GROUP BY 1, 2
),
found AS (
  SELECT
    t.currency,
    t.person_id,
    m.level,
    CASE WHEN m.lag_seconds <= 86400 THEN 1 WHEN m.lag_seconds <= 259200 THEN 3 WHEN m.lag_seconds <= 604800 THEN 7
      WHEN m.lag_seconds <= 1209600 THEN 14 WHEN m.lag_seconds <= 2592000 THEN 30 ELSE 60 END AS from_window,
    CASE WHEN m.comparison = 'research' THEN 3e0 * t.draws ELSE 0e0 END AS r,
    CASE WHEN m.comparison = 'own_basket' THEN 3e0 ELSE 0e0 END AS c,
    CASE WHEN m.comparison = 'research' AND t.back_draws + t.ahead_draws > 0 THEN 3e0 * t.draws ELSE 0e0 END AS r_shift,
    CASE WHEN m.comparison = 'week_shift' THEN 3e0 * t.draws / CAST(t.back_draws + t.ahead_draws AS double) ELSE 0e0 END AS c_shift,
    CASE WHEN m.comparison = 'research' AND t.is_mirrored = 1 THEN 3e0 * t.draws ELSE 0e0 END AS r_mirror,
    CASE WHEN m.comparison = 'mirror' THEN 3e0 * t.draws ELSE 0e0 END AS c_mirror,
    CAST(m.revenue_minor AS double) AS minor
  FROM ropo_matches m
  JOIN tested t ON t.line_no = m.line_no
  WHERE m.comparison IN ('research', 'own_basket')
    OR (m.comparison = 'week_shift' AND ((m.draw = 1 AND t.back_draws = 1) OR (m.draw = 2 AND t.ahead_draws = 1)))
    OR (m.comparison = 'mirror' AND t.is_mirrored = 1)
),
first_found AS (
  SELECT
    currency, person_id, level, from_window,
    sum(r) AS r, sum(c) AS c, sum(r_shift) AS r_shift, sum(c_shift) AS c_shift, sum(r_mirror) AS r_mirror, sum(c_mirror) AS c_mirror,
    sum(r * minor) AS r_minor, sum(c * minor) AS c_minor, sum(r_shift * minor) AS r_shift_minor, sum(c_shift * minor) AS c_shift_minor,
    sum(r_mirror * minor) AS r_mirror_minor, sum(c_mirror * minor) AS c_mirror_minor
  FROM found
  GROUP BY 1, 2, 3, 4
),
per_person AS (
  SELECT
    f.currency, f.person_id, f.level, w.window_days,
    sum(f.r) AS r, sum(f.c) AS c, sum(f.r_shift) AS r_shift, sum(f.c_shift) AS c_shift, sum(f.r_mirror) AS r_mirror, sum(f.c_mirror) AS c_mirror,
    sum(f.r_minor) AS r_minor, sum(f.c_minor) AS c_minor, sum(f.r_shift_minor) AS r_shift_minor, sum(f.c_shift_minor) AS c_shift_minor,
    sum(f.r_mirror_minor) AS r_mirror_minor, sum(f.c_mirror_minor) AS c_mirror_minor
  FROM first_found f
  JOIN windows w ON w.window_days >= f.from_window
  GROUP BY 1, 2, 3, 4
),
weighed AS (
  SELECT p.currency, p.level, p.window_days, 'lines' AS weight, b.n, p.r, p.c, p.r_shift, p.c_shift, p.r_mirror, p.c_mirror
  FROM per_person p
  JOIN bases b ON b.currency = p.currency AND b.person_id = p.person_id
  UNION ALL
  SELECT p.currency, p.level, p.window_days, 'revenue', b.n_minor, p.r_minor, p.c_minor, p.r_shift_minor, p.c_shift_minor, p.r_mirror_minor, p.c_mirror_minor
  FROM per_person p
  JOIN bases b ON b.currency = p.currency AND b.person_id = p.person_id
),
sums AS (
  SELECT
    currency, level, window_days, weight,
    sum(r) AS r, sum(c) AS c, sum(r_shift) AS r_shift, sum(c_shift) AS c_shift, sum(r_mirror) AS r_mirror, sum(c_mirror) AS c_mirror,
    sum((r - c) * (r - c)) AS xx, sum((r - c) * (n - c)) AS xy, sum((n - c) * (n - c) - n * n) AS yy_less
  FROM weighed
  GROUP BY 1, 2, 3, 4
),
wholes AS (
  SELECT currency, 'lines' AS weight, count(*) AS persons, sum(n) / 12 AS lines, sum(n) AS n, sum(n_shift) AS n_shift, sum(n_mirror) AS n_mirror, sum(n * n) AS nn
  FROM bases
  GROUP BY 1
  UNION ALL
  SELECT currency, 'revenue', count(*), sum(n) / 12, sum(n_minor), sum(n_shift_minor), sum(n_mirror_minor), sum(n_minor * n_minor)
  FROM bases
  GROUP BY 1
)
SELECT
  k.currency,
  l.level,
  CAST(w.window_days AS bigint) AS window_days,
  v.weight,
  o.window_before,
  CASE WHEN w.window_days <= o.window_before THEN coalesce(a.persons, 0) ELSE 0 END AS persons,
  CAST(CASE WHEN w.window_days <= o.window_before THEN coalesce(a.lines, 0) ELSE 0 END AS bigint) AS tested_lines,
  CASE WHEN w.window_days <= o.window_before THEN a.n / 12 END AS tested_size,
  CASE WHEN w.window_days <= o.window_before THEN coalesce(s.r, 0e0) / 12 END AS researched_size,
  CASE WHEN w.window_days <= o.window_before AND l.level <> 'any' THEN coalesce(s.c, 0e0) / 12 END AS chance_size,
  CASE WHEN w.window_days <= o.window_shifted THEN a.n_shift / 12 END AS shift_size,
  CASE WHEN w.window_days <= o.window_shifted THEN coalesce(s.r_shift, 0e0) / 12 END AS shift_researched,
  CASE WHEN w.window_days <= o.window_shifted THEN coalesce(s.c_shift, 0e0) / 12 END AS shift_chance,
  CASE WHEN w.window_days <= o.window_mirrored THEN a.n_mirror / 12 END AS mirror_size,
  CASE WHEN w.window_days <= o.window_mirrored THEN coalesce(s.r_mirror, 0e0) / 12 END AS mirror_researched,
  CASE WHEN w.window_days <= o.window_mirrored AND l.level <> 'sku' THEN coalesce(s.c_mirror, 0e0) / 12 END AS mirror_chance,
  CASE WHEN w.window_days <= o.window_before THEN coalesce(s.r - s.c, 0e0) / 12 END AS sum_x,
  CASE WHEN w.window_days <= o.window_before THEN (a.n - coalesce(s.c, 0e0)) / 12 END AS sum_y,
  CASE WHEN w.window_days <= o.window_before THEN coalesce(s.xx, 0e0) / 144 END AS sum_xx,
  CASE WHEN w.window_days <= o.window_before THEN coalesce(s.xy, 0e0) / 144 END AS sum_xy,
  CASE WHEN w.window_days <= o.window_before THEN (a.nn + coalesce(s.yy_less, 0e0)) / 144 END AS sum_yy
FROM currencies k
CROSS JOIN weights v
CROSS JOIN ropo_observation o
CROSS JOIN windows w
CROSS JOIN levels l
LEFT JOIN wholes a ON a.currency = k.currency AND a.weight = v.weight
LEFT JOIN sums s ON s.currency = k.currency AND s.weight = v.weight AND s.window_days = w.window_days AND s.level = l.level
