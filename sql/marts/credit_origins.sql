-- One row per number of touchpoints alike in channel, source, medium, campaign and device; below zero, one per channel,
-- source, medium and campaign of the ledger, which knows no device.
-- key: origin_no
WITH kept AS (
  SELECT DISTINCT channel, source, medium, campaign FROM channel_daily
)
SELECT DISTINCT origin_no, channel, source, medium, campaign, device
FROM credited_touches
UNION ALL
SELECT CAST(-row_number() OVER (ORDER BY channel, source, medium, campaign) AS integer), channel, source, medium, campaign, CAST(NULL AS varchar)
FROM kept
