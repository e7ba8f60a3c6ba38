-- One row per kind of purchase, currency and age of a purchase in days: how many returns and service contacts of one
-- purchase, and what share of its revenue given back, are still to come (billionths). Age -1 is a purchase yet to be made: all of
-- it. Of each day after a purchase it takes what came on that day of all purchases old enough to have had it (as
-- development factors of a claims triangle do); days that fewer than 100 purchases have reached count as nothing to come.
-- key: conversion_kind, currency, age_days
WITH clock AS (
  SELECT CAST(last_day AS date) AS today FROM source_rhythms WHERE source = 'shop' AND last_day IS NOT NULL
),
sold AS (
  SELECT
    c.conversion_kind,
    c.currency,
    greatest(0, date_diff('day', c.conversion_date, k.today)) AS age_days,
    count(*) AS purchases,
    CAST(sum(c.revenue_minor) AS bigint) AS sold_minor
  FROM conversions c
  CROSS JOIN clock k
  GROUP BY 1, 2, 3
),
happened AS (
  SELECT
    c.conversion_kind,
    c.currency,
    greatest(0, date_diff('day', c.conversion_date, r.return_date)) AS lag_days,
    1 AS returns,
    0 AS contacts,
    r.revenue_minor AS returned_minor
  FROM returns r
  JOIN conversions c ON c.conversion_id = r.conversion_id
  CROSS JOIN clock k
  WHERE r.return_date <= k.today
  UNION ALL
  SELECT c.conversion_kind, c.currency, greatest(0, date_diff('day', c.conversion_date, f.feedback_date)), 0, 1, 0
  FROM feedback f
  JOIN conversions c ON c.conversion_id = f.document_id
  CROSS JOIN clock k
  WHERE f.feedback_kind = 'contact' AND f.feedback_date <= k.today
),
by_lag AS (
  SELECT
    conversion_kind,
    currency,
    lag_days,
    CAST(sum(returns) AS bigint) AS returns,
    CAST(sum(contacts) AS bigint) AS contacts,
    -CAST(sum(returned_minor) AS bigint) AS given_minor
  FROM happened
  GROUP BY 1, 2, 3
),
oldest AS (
  SELECT conversion_kind, currency, least(730, max(age_days)) AS oldest_days
  FROM sold
  GROUP BY 1, 2
),
days AS (
  SELECT o.conversion_kind, o.currency, CAST(d.age_days AS bigint) AS age_days
  FROM oldest o
  CROSS JOIN UNNEST(sequence(0, o.oldest_days)) AS d(age_days)
),
reached AS (
  SELECT
    d.conversion_kind,
    d.currency,
    d.age_days,
    CAST(sum(coalesce(s.purchases, 0)) OVER oldest_first AS bigint) AS purchases,
    CAST(sum(coalesce(s.sold_minor, 0)) OVER oldest_first AS bigint) AS sold_minor
  FROM days d
  LEFT JOIN sold s ON s.conversion_kind = d.conversion_kind AND s.currency = d.currency AND s.age_days = d.age_days
  WINDOW oldest_first AS (PARTITION BY d.conversion_kind, d.currency ORDER BY d.age_days DESC ROWS UNBOUNDED PRECEDING)
),
daily AS (
  SELECT
    r.conversion_kind,
    r.currency,
    r.age_days,
    CASE WHEN r.purchases < 100 THEN 0 ELSE CAST(round(1e9 * coalesce(l.returns, 0) / r.purchases) AS bigint) END AS returns_billionths,
    CASE WHEN r.purchases < 100 THEN 0 ELSE CAST(round(1e9 * coalesce(l.contacts, 0) / r.purchases) AS bigint) END AS contacts_billionths,
    CASE WHEN r.purchases < 100 OR r.sold_minor <= 0 THEN 0 ELSE CAST(round(1e9 * coalesce(l.given_minor, 0) / r.sold_minor) AS bigint) END AS returned_billionths
  FROM reached r
  LEFT JOIN by_lag l ON l.conversion_kind = r.conversion_kind AND l.currency = r.currency AND l.lag_days = r.age_days
)
SELECT
  conversion_kind,
  currency,
  age_days - 1 AS age_days,
  CAST(sum(returns_billionths) OVER later AS bigint) AS returns_billionths,
  CAST(sum(contacts_billionths) OVER later AS bigint) AS contacts_billionths,
  CAST(sum(returned_billionths) OVER later AS bigint) AS returned_billionths
FROM daily
WINDOW later AS (PARTITION BY conversion_kind, currency ORDER BY age_days DESC ROWS UNBOUNDED PRECEDING)
