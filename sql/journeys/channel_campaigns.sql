-- One row per channel and campaign that touchpoints came from, numbered by name from 0. The six hundred with the most
-- touchpoints have numbers of their own; the others of a channel share one, so that models stay solvable.
-- key: channel, campaign
WITH touched AS (
  SELECT channel, campaign, count(*) AS touchpoints, max(touched_at) AS last_touched_at
  FROM touchpoints
  GROUP BY 1, 2
),
ranked AS (
  SELECT
    channel,
    campaign,
    touchpoints,
    last_touched_at,
    CASE WHEN row_number() OVER (ORDER BY touchpoints DESC, channel, campaign) <= 600 THEN campaign END AS told_apart
  FROM touched
)
SELECT
  CAST(dense_rank() OVER (ORDER BY channel, coalesce(told_apart, '')) - 1 AS integer) AS channel_campaign_no,
  channel,
  campaign,
  coalesce(told_apart, '(other campaigns)') AS campaign_group,
  touchpoints,
  last_touched_at
FROM ranked
