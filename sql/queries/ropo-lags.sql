-- One row per day of lag: the sums behind real, chance and excess.
-- key: label
WITH wanted AS (
  SELECT CAST(? AS date) AS from_day, CAST(? AS date) AS to_day, CAST(? AS varchar) AS model, CAST(? AS varchar) AS grouped_by,
    CAST(? AS varchar) AS level
)
SELECT
  CAST(d.lag_day AS varchar) AS label,
  d.level,
  d.persons,
  o.ropo_min_persons AS min_persons,
  d.comparison,
  d.researched_size AS r,
  d.chance_size AS c,
  d.sum_x AS x,
  d.sum_y AS y,
  d.sum_xx AS xx,
  d.sum_xy AS xy,
  d.sum_yy AS yy
FROM ropo_lag_days d
CROSS JOIN wanted w
CROSS JOIN ropo_observation o
WHERE d.level = w.level
ORDER BY d.lag_day
