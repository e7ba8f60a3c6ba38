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
    w.grouped_by IN ('channel', 'campaign') AS is_part,
    CASE WHEN w.buyers = 'one_time' THEN 'stratum' ELSE 'own_basket' END AS placebo,
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
    l.line_no,
    l.person_id,
    l.currency,
    CASE w.grouped_by
      WHEN 'store' THEN coalesce(s.store_name, l.store_id)
      WHEN 'region' THEN coalesce(s.region, '(not set)')
      WHEN 'category' THEN coalesce(l.category, '(unmapped)')
      WHEN 'persona' THEN coalesce(l.persona, '(unidentified)')
      WHEN 'new_or_returning' THEN CASE WHEN l.person_id IS NULL THEN '(unidentified)' WHEN l.is_new_customer THEN 'new' ELSE 'returning' END
      WHEN 'identified_by' THEN coalesce(l.identified_by, '(unidentified)')
      WHEN 'evidence_strength' THEN coalesce(l.evidence_strength, '(unidentified)')
      WHEN 'purchase_class' THEN l.purchase_class
      WHEN 'daypart' THEN l.daypart
      WHEN 'basket_band' THEN l.basket_band
      WHEN 'day' THEN date_format(CAST(l.conversion_date AS timestamp(6)), '%Y-%m-%d')
      WHEN 'week' THEN date_format(CAST(date_trunc('week', l.conversion_date) AS timestamp(6)), '%Y-%m-%d')
      WHEN 'month' THEN date_format(CAST(l.conversion_date AS timestamp(6)), '%Y-%m')
      WHEN 'quarter' THEN date_format(CAST(l.conversion_date AS timestamp(6)), '%Y') || '-Q' || CAST(quarter(l.conversion_date) AS varchar)
      WHEN 'year' THEN date_format(CAST(l.conversion_date AS timestamp(6)), '%Y')
      WHEN 'all' THEN 'all'
    END AS label,
    l.revenue_minor,
    3e0 * CAST(CASE WHEN w.weight = 'lines' THEN 1 ELSE l.revenue_minor END AS double) AS size,
    CASE WHEN w.buyers = 'one_time' THEN l.stratum_draws ELSE l.basket_draws END AS draws,
    l.basket_draws > 0 AS is_repeat,
    l.person_id IS NOT NULL
      AND (w.identified_by IS NULL OR l.identified_by = w.identified_by)
      AND (w.evidence_strength IS NULL OR l.evidence_strength = w.evidence_strength) AS is_identified,
    l.is_covered AS is_observed,
    l.back_draws,
    l.ahead_draws,
    l.is_mirrored
  FROM ropo_lines l
  CROSS JOIN wanted w
  LEFT JOIN stores s ON s.store_id = l.store_id
  WHERE (w.from_day IS NULL OR l.conversion_date >= w.from_day)
    AND (w.to_day IS NULL OR l.conversion_date <= w.to_day)
    AND (w.grouped_by = 'purchase_class' OR l.purchase_class = 'store')
),
tested AS (
  SELECT line_no, person_id, currency, label, size * CAST(draws AS double) AS size, CAST(draws AS double) AS draws, back_draws, ahead_draws, back_draws + ahead_draws AS shift_draws, is_mirrored
  FROM lines
  WHERE is_identified AND is_observed AND draws > 0
),
matches AS (
  SELECT m.line_no, m.comparison, m.draw, m.channel, m.campaign, m.category, m.revenue_minor
  FROM ropo_matches m
  CROSS JOIN wanted w
  WHERE m.level = w.level
    AND m.lag_seconds <= w.window_days * 86400
    AND (m.comparison IN ('research', 'week_shift', 'mirror') OR m.comparison = w.placebo)
),
found AS (
  SELECT
    CASE w.grouped_by
      WHEN 'channel' THEN coalesce(m.channel, '(unknown)')
      WHEN 'campaign' THEN coalesce(m.campaign, '(unknown)')
      WHEN 'category' THEN coalesce(m.category, '(unmapped)')
      ELSE t.label
    END AS label,
    t.currency,
    t.person_id,
    m.comparison,
    t.shift_draws,
    t.is_mirrored,
    CASE
      WHEN m.comparison = 'week_shift' THEN t.size / CAST(t.shift_draws AS double)
      WHEN m.comparison IN ('research', 'mirror') THEN t.size
      WHEN w.weight = 'lines' THEN 3e0
      WHEN w.grouped_by = 'basket_band' THEN t.size / t.draws
      ELSE 3e0 * CAST(m.revenue_minor AS double)
    END AS size
  FROM matches m
  JOIN tested t ON t.line_no = m.line_no
  CROSS JOIN wanted w
  WHERE (m.comparison <> 'week_shift' OR (m.draw = 1 AND t.back_draws = 1) OR (m.draw = 2 AND t.ahead_draws = 1))
    AND (m.comparison <> 'mirror' OR t.is_mirrored)
),
counted AS (
  SELECT label, currency, person_id, size AS n, CASE WHEN shift_draws > 0 THEN size ELSE 0e0 END AS n_shift, CASE WHEN is_mirrored THEN size ELSE 0e0 END AS n_mirror,
    0e0 AS r, 0e0 AS c, 0e0 AS r_shift, 0e0 AS c_shift, 0e0 AS r_mirror, 0e0 AS c_mirror, 1 AS tested_lines
  FROM tested
  UNION ALL
  SELECT label, currency, person_id, 0e0, 0e0, 0e0,
    CASE WHEN comparison = 'research' THEN size ELSE 0e0 END,
    CASE WHEN comparison IN ('own_basket', 'stratum') THEN size ELSE 0e0 END,
    CASE WHEN comparison = 'research' AND shift_draws > 0 THEN size ELSE 0e0 END,
    CASE WHEN comparison = 'week_shift' THEN size ELSE 0e0 END,
    CASE WHEN comparison = 'research' AND is_mirrored THEN size ELSE 0e0 END,
    CASE WHEN comparison = 'mirror' THEN size ELSE 0e0 END,
    0
  FROM found
),
persons_apart AS (
  SELECT label, currency, person_id, sum(n) AS n, sum(n_shift) AS n_shift, sum(n_mirror) AS n_mirror, sum(r) AS r, sum(c) AS c,
    sum(r_shift) AS r_shift, sum(c_shift) AS c_shift, sum(r_mirror) AS r_mirror, sum(c_mirror) AS c_mirror, sum(tested_lines) AS tested_lines
  FROM counted
  GROUP BY 1, 2, 3
),
part_sizes AS (
  SELECT p.label, p.currency, sum(CASE WHEN p.r > 0 THEN 1 ELSE 0 END) AS persons
  FROM persons_apart p
  CROSS JOIN wanted w
  WHERE w.is_part AND p.label IS NOT NULL
  GROUP BY 1, 2
),
small_parts AS (
  SELECT z.label, z.currency, '(fewer than ' || CAST(w.min_persons AS varchar) || ' persons)' AS together
  FROM part_sizes z
  CROSS JOIN wanted w
  WHERE z.persons < w.min_persons
),
per_person AS (
  SELECT coalesce(s.together, p.label) AS label, p.currency, p.person_id, sum(n) AS n, sum(n_shift) AS n_shift, sum(n_mirror) AS n_mirror, sum(r) AS r, sum(c) AS c,
    sum(r_shift) AS r_shift, sum(c_shift) AS c_shift, sum(r_mirror) AS r_mirror, sum(c_mirror) AS c_mirror, sum(tested_lines) AS tested_lines
  FROM persons_apart p
  LEFT JOIN small_parts s ON s.label = p.label AND s.currency = p.currency
  GROUP BY 1, 2, 3
),
moments AS (
  SELECT p.*, p.r - p.c AS x, CASE WHEN w.is_part THEN sum(p.n - p.c) OVER (PARTITION BY p.currency, p.person_id) ELSE p.n - p.c END AS y
  FROM per_person p
  CROSS JOIN wanted w
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
  GROUP BY 1
),
store AS (
  SELECT l.label, l.currency, count(DISTINCT CASE WHEN l.is_identified THEN l.person_id END) AS people, count(*) AS all_lines, sum(l.revenue_minor) AS all_minor,
    sum(CASE WHEN l.is_identified THEN 1 ELSE 0 END) AS identified_lines,
    sum(CASE WHEN l.is_identified THEN l.revenue_minor ELSE 0 END) AS identified_minor,
    sum(CASE WHEN l.is_identified AND l.is_repeat = (w.buyers = 'repeat') THEN l.revenue_minor ELSE 0 END) AS buyers_minor
  FROM lines l
  CROSS JOIN wanted w
  GROUP BY 1, 2
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
