-- One row per level, window and currency: the sums behind naive, chance and corrected share, of the same lines in each.
-- key: level, label, currency
WITH wanted AS (
  SELECT CAST(? AS date) AS from_day, CAST(? AS date) AS to_day, CAST(? AS varchar) AS model, CAST(? AS varchar) AS grouped_by,
    CAST(? AS varchar) AS weight
)
SELECT
  g.level,
  CASE g.window_days WHEN 1 THEN '1 day' ELSE CAST(g.window_days AS varchar) || ' days' END AS label,
  g.currency,
  g.window_days,
  g.window_before,
  g.weight,
  'repeat' AS buyers,
  o.ropo_min_persons AS min_persons,
  false AS is_part,
  g.tested_lines AS identified_lines,
  g.tested_lines,
  g.persons,
  g.persons AS clusters,
  g.tested_size AS n,
  g.researched_size AS r,
  g.chance_size AS c,
  g.shift_size AS n_shift,
  g.shift_researched AS r_shift,
  g.shift_chance AS c_shift,
  g.mirror_size AS n_mirror,
  g.mirror_researched AS r_mirror,
  g.mirror_chance AS c_mirror,
  g.sum_x AS x,
  g.sum_y AS y,
  g.sum_xx AS xx,
  g.sum_xy AS xy,
  g.sum_yy AS yy
FROM ropo_grid g
CROSS JOIN wanted w
CROSS JOIN ropo_observation o
WHERE g.weight = w.weight
ORDER BY g.currency, CASE g.level WHEN 'any' THEN 1 WHEN 'category' THEN 2 WHEN 'product' THEN 3 ELSE 4 END, g.window_days
