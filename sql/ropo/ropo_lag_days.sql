-- One row per level and day of lag: how many store lines of repeat buyers were last viewed so many days before, how many
-- a placebo finds there, and the sums over persons behind the excess and its interval. The placebo is the own basket; any
-- view, which has no item to redraw, has the shift by weeks instead, up to the days that it is moved by. Days beyond the
-- longest window of `ropo_observation` are not there: not all lines had them. Counted in twelfths,
-- which one to four draws divide into whole numbers, so that sums do not depend on their order.
-- key: level, lag_day
WITH tested AS (
  SELECT
    l.line_no,
    l.person_id,
    CAST(l.basket_draws AS double) AS draws,
    CASE WHEN l.observed_days >= o.window_shifted + o.shift_days THEN 1 ELSE 0 END AS back_draws,
    CASE WHEN o.window_shifted IS NOT NULL AND l.observed_days_after >= o.shift_days THEN 1 ELSE 0 END AS ahead_draws
  FROM ropo_lines l
  CROSS JOIN ropo_observation o
  WHERE l.purchase_class = 'store' AND l.person_id IS NOT NULL AND l.basket_draws > 0 AND l.observed_days >= o.window_before
),
bases AS (
  SELECT
    person_id,
    3e0 * sum(draws) AS n,
    3e0 * sum(CASE WHEN back_draws + ahead_draws > 0 THEN draws ELSE 0e0 END) AS n_shift
  FROM tested
  GROUP BY 1
),
days AS (
  SELECT v.level, CAST(d.lag_day AS bigint) AS lag_day
  FROM (VALUES ('any'), ('category'), ('product'), ('sku')) AS v(level)
  CROSS JOIN UNNEST(sequence(0, 59)) AS d(lag_day)
  CROSS JOIN ropo_observation o
  WHERE d.lag_day < CASE WHEN v.level = 'any' THEN least(o.window_before, o.window_shifted) ELSE o.window_before END
),
found AS (
  SELECT
    t.person_id,
    m.level,
    least(m.lag_seconds / 86400, 59) AS lag_day,
    sum(CASE WHEN m.comparison = 'research' THEN 3e0 * t.draws ELSE 0e0 END) AS r,
    sum(CASE m.comparison WHEN 'own_basket' THEN 3e0 WHEN 'week_shift' THEN 3e0 * t.draws / CAST(t.back_draws + t.ahead_draws AS double) ELSE 0e0 END) AS c
  FROM ropo_matches m
  JOIN tested t ON t.line_no = m.line_no
  WHERE (m.comparison = 'research' AND (m.level <> 'any' OR t.back_draws + t.ahead_draws > 0))
    OR m.comparison = 'own_basket'
    OR (m.comparison = 'week_shift' AND m.level = 'any' AND ((m.draw = 1 AND t.back_draws = 1) OR (m.draw = 2 AND t.ahead_draws = 1)))
  GROUP BY 1, 2, 3
),
sums AS (
  SELECT
    f.level,
    f.lag_day,
    sum(f.r) AS r,
    sum(f.c) AS c,
    sum((f.r - f.c) * (f.r - f.c)) AS xx,
    sum((f.r - f.c) * CASE WHEN f.level = 'any' THEN b.n_shift ELSE b.n END) AS xy
  FROM found f
  JOIN bases b ON b.person_id = f.person_id
  GROUP BY 1, 2
),
wholes AS (
  SELECT
    count(*) AS persons,
    sum(CASE WHEN n_shift > 0 THEN 1 ELSE 0 END) AS shift_persons,
    sum(n) AS n,
    sum(n * n) AS nn,
    sum(n_shift) AS n_shift,
    sum(n_shift * n_shift) AS nn_shift
  FROM bases
)
SELECT
  d.level,
  d.lag_day,
  CAST(CASE WHEN d.level = 'any' THEN a.shift_persons ELSE a.persons END AS bigint) AS persons,
  CASE WHEN d.level = 'any' THEN 'week_shift' ELSE 'own_basket' END AS comparison,
  coalesce(s.r, 0e0) / 12 AS researched_size,
  coalesce(s.c, 0e0) / 12 AS chance_size,
  coalesce(s.r - s.c, 0e0) / 12 AS sum_x,
  CASE WHEN d.level = 'any' THEN a.n_shift ELSE a.n END / 12 AS sum_y,
  coalesce(s.xx, 0e0) / 144 AS sum_xx,
  coalesce(s.xy, 0e0) / 144 AS sum_xy,
  CASE WHEN d.level = 'any' THEN a.nn_shift ELSE a.nn END / 144 AS sum_yy
FROM days d
CROSS JOIN wholes a
LEFT JOIN sums s ON s.level = d.level AND s.lag_day = d.lag_day
