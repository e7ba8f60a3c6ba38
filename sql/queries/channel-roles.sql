-- One row per channel and currency: purchases whose path the channel begins, helps along, ends, or is alone on.
-- The people behind a row are counted in whole months (see journey_people); of other days at least as many as on its best.
-- key: label, currency
WITH wanted AS (
  SELECT CAST(? AS date) AS from_day, CAST(? AS date) AS to_day, CAST(? AS varchar) AS model, CAST(? AS varchar) AS grouped_by
),
counted AS (
  SELECT
    d.channel,
    d.currency,
    CAST(sum(d.purchases) AS bigint) AS purchases,
    CAST(sum(d.sold_minor) AS bigint) AS sold_minor,
    CAST(sum(d.first_purchases) AS bigint) AS first_purchases,
    CAST(sum(d.first_minor) AS bigint) AS first_minor,
    CAST(sum(d.assist_purchases) AS bigint) AS assist_purchases,
    CAST(sum(d.assist_minor) AS bigint) AS assist_minor,
    CAST(sum(d.last_purchases) AS bigint) AS last_purchases,
    CAST(sum(d.last_minor) AS bigint) AS last_minor,
    CAST(sum(d.only_purchases) AS bigint) AS only_purchases,
    CAST(sum(d.only_minor) AS bigint) AS only_minor,
    max(d.day_people) AS day_people
  FROM channel_role_daily d
  CROSS JOIN wanted w
  WHERE (w.from_day IS NULL OR d.day >= w.from_day)
    AND (w.to_day IS NULL OR d.day <= w.to_day)
  GROUP BY 1, 2
),
people AS (
  SELECT p.cell AS cell, p.currency AS currency, CAST(sum(p.known_people) AS bigint) AS people
  FROM journey_people p
  CROSS JOIN wanted w
  WHERE p.kpi = 'channel-roles'
    AND (w.from_day IS NULL OR p.month >= w.from_day)
    AND (w.to_day IS NULL OR p.next_month <= date_add('day', 1, w.to_day))
    AND (p.month_before IS NULL OR p.month_before < w.from_day)
  GROUP BY 1, 2
)
SELECT
  c.channel AS label,
  c.currency,
  c.purchases,
  c.sold_minor,
  c.first_purchases,
  c.first_minor,
  c.assist_purchases,
  c.assist_minor,
  c.last_purchases,
  c.last_minor,
  c.only_purchases,
  c.only_minor,
  CAST(greatest(c.day_people, coalesce(p.people, 0)) AS bigint) AS people
FROM counted c
LEFT JOIN people p ON p.cell = c.channel AND p.currency = c.currency
ORDER BY 4 DESC, 1, 2
