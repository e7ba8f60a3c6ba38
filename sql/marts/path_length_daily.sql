-- One row per day, number of touchpoints, days from the first of them to the purchase, and currency: the purchases with
-- a path. More than ten touchpoints stand together.
-- key: day, touchpoints, days_to_purchase, currency
SELECT
  ended_on AS day,
  CAST(least(path_length, 11) AS bigint) AS touchpoints,
  days_to_purchase,
  currency,
  CAST(sum(purchases) AS bigint) AS purchases,
  CAST(sum(sold_minor) AS bigint) AS sold_minor,
  CAST(sum(path_length) AS bigint) AS touchpoints_in_all,
  count(DISTINCT person_id) AS day_people
FROM journey_ends
WHERE purchases = 1
GROUP BY 1, 2, 3, 4
