-- One row per day, channel and currency: purchases on whose path the channel stands, and in which role.
-- key: day, channel, currency
SELECT
  ended_on AS day,
  channel,
  currency,
  count(*) AS purchases,
  CAST(sum(sold_minor) AS bigint) AS sold_minor,
  CAST(sum(CASE WHEN is_only THEN 1 ELSE 0 END) AS bigint) AS only_purchases,
  CAST(sum(CASE WHEN is_only THEN sold_minor ELSE 0 END) AS bigint) AS only_minor,
  CAST(sum(CASE WHEN is_first THEN 1 ELSE 0 END) AS bigint) AS first_purchases,
  CAST(sum(CASE WHEN is_first THEN sold_minor ELSE 0 END) AS bigint) AS first_minor,
  CAST(sum(CASE WHEN is_last THEN 1 ELSE 0 END) AS bigint) AS last_purchases,
  CAST(sum(CASE WHEN is_last THEN sold_minor ELSE 0 END) AS bigint) AS last_minor,
  CAST(sum(CASE WHEN is_between THEN 1 ELSE 0 END) AS bigint) AS assist_purchases,
  CAST(sum(CASE WHEN is_between THEN sold_minor ELSE 0 END) AS bigint) AS assist_minor,
  count(DISTINCT person_id) AS day_people
FROM journey_channels
WHERE purchases = 1
GROUP BY 1, 2, 3
