-- One row per day, channel or source, campaign and currency: the latest revision of its cost.
-- key: spend_key
WITH versions AS (
  SELECT
    *,
    row_number() OVER (PARTITION BY record_id ORDER BY revision DESC, fingerprint) AS version_rank
  FROM raw_spend
)
SELECT
  record_id AS spend_key,
  spend_date,
  channel,
  lower(coalesce(utm_source, '') || '|' || coalesce(utm_medium, '')) || '|' || coalesce(utm_campaign, '') || '||' AS traffic,
  currency,
  cost_minor,
  coalesce(clicks, 0) AS clicks,
  coalesce(impressions, 0) AS impressions
FROM versions
WHERE version_rank = 1
