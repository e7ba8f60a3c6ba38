-- One row per journey that ended and step of it: touchpoints of one channel that follow each other are one step.
-- `next_channel` is null at the last step.
-- key: journey_id, step
WITH numbers AS (
  SELECT DISTINCT CAST(channel_campaign_no AS varchar) AS channel_campaign, channel FROM channel_campaigns
),
touches AS (
  SELECT e.journey_id, s.position, n.channel
  FROM journey_ends e
  CROSS JOIN UNNEST(split(e.numbered_path, ' ')) WITH ORDINALITY AS s(channel_campaign, position)
  JOIN numbers n ON n.channel_campaign = s.channel_campaign
),
changes AS (
  SELECT
    *,
    CASE WHEN lag(channel) OVER (PARTITION BY journey_id ORDER BY position) = channel THEN 0 ELSE 1 END AS is_change
  FROM touches
),
steps AS (
  SELECT
    journey_id,
    channel,
    row_number() OVER (PARTITION BY journey_id ORDER BY position) AS step
  FROM changes
  WHERE is_change = 1
)
SELECT
  journey_id,
  step,
  channel,
  lead(channel) OVER (PARTITION BY journey_id ORDER BY step) AS next_channel
FROM steps
