-- One row per currency: how many purchases there are and what they came to, and the part of both whose person is known:
-- the rate that stands beside every answer.
-- key: currency
SELECT
  currency,
  count(*) AS purchases,
  count(person_id) AS identified_purchases,
  CAST(sum(revenue_minor) AS bigint) AS revenue_minor,
  CAST(sum(CASE WHEN person_id IS NULL THEN 0 ELSE revenue_minor END) AS bigint) AS identified_minor
FROM conversions
GROUP BY 1
