-- One row per channel, or per stage of the web shop's funnel: what reached it, and what ended there without a purchase.
-- The people behind a row are counted in whole months (see journey_people); of other days at least as many as on its best.
-- key: label
WITH wanted AS (
  SELECT CAST(? AS date) AS from_day, CAST(? AS date) AS to_day, CAST(? AS varchar) AS model, CAST(? AS varchar) AS grouped_by
),
counted AS (
  SELECT
    d.stop_kind,
    d.stop_place,
    CAST(sum(d.journeys) AS bigint) AS journeys,
    CAST(sum(d.ended_here) AS bigint) AS ended_here,
    CAST(sum(d.purchases) AS bigint) AS purchases,
    max(d.day_people) AS day_people
  FROM drop_off_daily d
  CROSS JOIN wanted w
  WHERE d.stop_kind = w.grouped_by
    AND (w.from_day IS NULL OR d.day >= w.from_day)
    AND (w.to_day IS NULL OR d.day <= w.to_day)
  GROUP BY 1, 2
),
people AS (
  SELECT p.cell AS cell, p.currency AS currency, CAST(sum(p.known_people) AS bigint) AS people
  FROM journey_people p
  CROSS JOIN wanted w
  WHERE p.kpi = 'drop-off'
    AND (w.from_day IS NULL OR p.month >= w.from_day)
    AND (w.to_day IS NULL OR p.next_month <= date_add('day', 1, w.to_day))
    AND (p.month_before IS NULL OR p.month_before < w.from_day)
  GROUP BY 1, 2
)
SELECT
  c.stop_place AS label,
  c.journeys,
  c.ended_here,
  c.purchases,
  CAST(greatest(c.day_people, coalesce(p.people, 0)) AS bigint) AS people
FROM counted c
LEFT JOIN people p ON p.cell = c.stop_kind || '|' || c.stop_place
ORDER BY 2 DESC, 1
