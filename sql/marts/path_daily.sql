-- One row per day, channel path and currency: journeys on it that ended that day, with a purchase or without one.
-- key: day, told_path, currency
SELECT
  ended_on AS day,
  told_path,
  currency,
  CAST(sum(purchases) AS bigint) AS purchases,
  CAST(sum(sold_minor) AS bigint) AS sold_minor,
  CAST(sum(1 - purchases) AS bigint) AS journeys_without_purchase,
  count(DISTINCT person_id) AS day_people
FROM journey_ends
GROUP BY 1, 2, 3
