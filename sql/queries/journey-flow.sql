-- One row per step (the first five) and pair of channels: journeys that went from one to the other.
-- The people behind a row are counted in whole months (see journey_people); of other days at least as many as on its best.
-- key: step, from_channel, label
WITH wanted AS (
  SELECT CAST(? AS date) AS from_day, CAST(? AS date) AS to_day, CAST(? AS varchar) AS model, CAST(? AS varchar) AS grouped_by
),
counted AS (
  SELECT
    d.step,
    d.from_channel,
    d.to_channel,
    CAST(sum(d.journeys) AS bigint) AS journeys,
    CAST(sum(d.purchases) AS bigint) AS purchases,
    max(d.day_people) AS day_people
  FROM journey_flow_daily d
  CROSS JOIN wanted w
  WHERE (w.from_day IS NULL OR d.day >= w.from_day)
    AND (w.to_day IS NULL OR d.day <= w.to_day)
  GROUP BY 1, 2, 3
),
people AS (
  SELECT p.cell AS cell, p.currency AS currency, CAST(sum(p.known_people) AS bigint) AS people
  FROM journey_people p
  CROSS JOIN wanted w
  WHERE p.kpi = 'journey-flow'
    AND (w.from_day IS NULL OR p.month >= w.from_day)
    AND (w.to_day IS NULL OR p.next_month <= date_add('day', 1, w.to_day))
    AND (p.month_before IS NULL OR p.month_before < w.from_day)
  GROUP BY 1, 2
)
SELECT
  CAST(c.step AS varchar) AS step,
  c.from_channel,
  c.to_channel AS label,
  c.journeys,
  c.purchases,
  CAST(greatest(c.day_people, coalesce(p.people, 0)) AS bigint) AS people
FROM counted c
LEFT JOIN people p ON p.cell = CAST(c.step AS varchar) || '|' || c.from_channel || '|' || c.to_channel
ORDER BY c.step, c.journeys DESC, c.from_channel, c.to_channel
