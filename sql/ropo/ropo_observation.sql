-- One row: how far the clickstream reaches around store purchases that a placebo can test, in windows of 1 to 60 days.
-- A window is reached when it lies inside the clickstream for purchases of at least `ropo_min_persons` persons; none is
-- null. Grid and lag curve take the purchases that have the longest such window, so that all their cells are of the same.
-- key: ropo_min_persons
WITH windows AS (
  SELECT * FROM (VALUES (1), (3), (7), (14), (30), (60)) AS t(window_days)
),
tested AS (
  SELECT person_id, observed_days, observed_days_after
  FROM ropo_lines
  WHERE purchase_class = 'store' AND person_id IS NOT NULL AND basket_draws > 0
),
before AS (
  SELECT max(w.window_days) AS window_days
  FROM (
    SELECT w.window_days, count(*) AS persons
    FROM (SELECT person_id, max(observed_days) AS observed_days FROM tested GROUP BY 1) p
    CROSS JOIN windows w
    WHERE p.observed_days >= w.window_days
    GROUP BY 1
  ) w
  CROSS JOIN settings s
  WHERE w.persons >= s.ropo_min_persons
),
around AS (
  SELECT
    t.person_id,
    max(t.observed_days) AS observed_days,
    max(t.observed_days_after) AS observed_days_after
  FROM tested t
  CROSS JOIN before b
  WHERE t.observed_days >= b.window_days
  GROUP BY 1
),
reached AS (
  SELECT
    w.window_days,
    sum(CASE WHEN p.observed_days_after >= w.window_days + 2 THEN 1 ELSE 0 END) AS mirror_persons,
    sum(CASE
      WHEN w.window_days <= 7 * s.ropo_shift_weeks
        AND (p.observed_days >= w.window_days + 7 * s.ropo_shift_weeks OR p.observed_days_after >= 7 * s.ropo_shift_weeks) THEN 1
      ELSE 0
    END) AS shift_persons
  FROM around p
  CROSS JOIN windows w
  CROSS JOIN settings s
  GROUP BY 1
)
SELECT
  CAST(max(b.window_days) AS bigint) AS window_before,
  CAST(max(CASE WHEN r.shift_persons >= s.ropo_min_persons THEN r.window_days END) AS bigint) AS window_shifted,
  CAST(max(CASE WHEN r.mirror_persons >= s.ropo_min_persons THEN r.window_days END) AS bigint) AS window_mirrored,
  7 * s.ropo_shift_weeks AS shift_days,
  s.ropo_min_persons
FROM settings s
CROSS JOIN before b
LEFT JOIN reached r ON r.window_days <= b.window_days
GROUP BY 4, 5
