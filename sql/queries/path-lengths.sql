-- One row per group and currency: purchases by how many touchpoints they took, or how many days.
-- The people behind a row are counted in whole months (see journey_people); of other days at least as many as on its best.
-- key: label, currency
WITH wanted AS (
  SELECT CAST(? AS date) AS from_day, CAST(? AS date) AS to_day, CAST(? AS varchar) AS model, CAST(? AS varchar) AS grouped_by
),
counted AS (
  SELECT
    CASE
      WHEN w.grouped_by = 'touchpoints' THEN CASE WHEN d.touchpoints > 10 THEN '11 and more' ELSE CAST(d.touchpoints AS varchar) END
      WHEN w.grouped_by = 'days_to_purchase' THEN CAST(d.days_to_purchase AS varchar)
      ELSE 'all'
    END AS label,
    CASE
      WHEN w.grouped_by = 'touchpoints' THEN 'touchpoints|' || CAST(d.touchpoints AS varchar)
      WHEN w.grouped_by = 'days_to_purchase' THEN 'days_to_purchase|' || CAST(d.days_to_purchase AS varchar)
      ELSE 'all'
    END AS cell,
    CASE w.grouped_by WHEN 'touchpoints' THEN d.touchpoints WHEN 'days_to_purchase' THEN d.days_to_purchase ELSE 0 END AS place,
    d.currency,
    CAST(sum(d.purchases) AS bigint) AS purchases,
    CAST(sum(d.sold_minor) AS bigint) AS sold_minor,
    CAST(sum(d.touchpoints_in_all) AS bigint) AS touchpoints_in_all,
    CAST(sum(d.days_to_purchase * d.purchases) AS bigint) AS days_in_all,
    max(d.day_people) AS day_people
  FROM path_length_daily d
  CROSS JOIN wanted w
  WHERE (w.from_day IS NULL OR d.day >= w.from_day)
    AND (w.to_day IS NULL OR d.day <= w.to_day)
  GROUP BY 1, 2, 3, 4
),
people AS (
  SELECT p.cell AS cell, p.currency AS currency, CAST(sum(p.known_people) AS bigint) AS people
  FROM journey_people p
  CROSS JOIN wanted w
  WHERE p.kpi = 'path-lengths'
    AND (w.from_day IS NULL OR p.month >= w.from_day)
    AND (w.to_day IS NULL OR p.next_month <= date_add('day', 1, w.to_day))
    AND (p.month_before IS NULL OR p.month_before < w.from_day)
  GROUP BY 1, 2
)
SELECT
  c.label,
  c.currency,
  c.purchases,
  c.sold_minor,
  c.touchpoints_in_all,
  c.days_in_all,
  CAST(sum(c.purchases) OVER (PARTITION BY c.currency) AS bigint) AS purchases_of_all,
  CAST(greatest(c.day_people, coalesce(p.people, 0)) AS bigint) AS people
FROM counted c
LEFT JOIN people p ON p.cell = c.cell AND p.currency = c.currency
ORDER BY c.place, c.currency
