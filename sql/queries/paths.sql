-- One row per channel path and currency: how often it ended in a purchase, or in none, in the period.
-- The people behind a row are counted in whole months (see journey_people); of other days at least as many as on its best.
-- key: label, currency
WITH wanted AS (
  SELECT CAST(? AS date) AS from_day, CAST(? AS date) AS to_day, CAST(? AS varchar) AS model, CAST(? AS varchar) AS grouped_by
),
counted AS (
  SELECT
    d.told_path,
    d.currency,
    CAST(sum(d.purchases) AS bigint) AS purchases,
    CAST(sum(d.sold_minor) AS bigint) AS sold_minor,
    CAST(sum(d.journeys_without_purchase) AS bigint) AS journeys_without_purchase,
    max(d.day_people) AS day_people
  FROM path_daily d
  CROSS JOIN wanted w
  WHERE (w.from_day IS NULL OR d.day >= w.from_day)
    AND (w.to_day IS NULL OR d.day <= w.to_day)
  GROUP BY 1, 2
),
people AS (
  SELECT p.cell AS cell, p.currency AS currency, CAST(sum(p.known_people) AS bigint) AS people
  FROM journey_people p
  CROSS JOIN wanted w
  WHERE p.kpi = 'paths'
    AND (w.from_day IS NULL OR p.month >= w.from_day)
    AND (w.to_day IS NULL OR p.next_month <= date_add('day', 1, w.to_day))
    AND (p.month_before IS NULL OR p.month_before < w.from_day)
  GROUP BY 1, 2
)
SELECT
  c.told_path AS label,
  nullif(c.currency, '') AS currency,
  c.purchases,
  c.sold_minor,
  c.journeys_without_purchase,
  CAST(greatest(c.day_people, coalesce(p.people, 0)) AS bigint) AS people
FROM counted c
LEFT JOIN people p ON p.cell = c.told_path AND p.currency = c.currency
ORDER BY 3 DESC, 5 DESC, 1, 2
