-- One row per session: the events of one device without a longer break than the session gap.
-- key: session_id
WITH sessions AS (
  SELECT
    device_id,
    session_no,
    max(person_id) AS person_id,
    min(occurred_at) AS started_at,
    max(occurred_at) AS ended_at,
    count(*) AS events,
    sum(CASE WHEN event = 'Product Viewed' THEN 1 ELSE 0 END) AS product_views,
    sum(CASE WHEN event = 'Order Completed' THEN 1 ELSE 0 END) AS orders,
    max(device) AS device,
    max(CASE WHEN starts_session = 1 THEN coalesce(campaign_traffic, referral_traffic, '||||') END) AS traffic
  FROM session_events
  GROUP BY 1, 2
)
SELECT
  s.device_id || '-' || CAST(s.session_no AS varchar) AS session_id,
  s.device_id,
  s.person_id,
  s.started_at,
  s.ended_at,
  CAST(at_timezone(with_timezone(s.started_at, 'UTC'), settings.reporting_zone) AS date) AS session_date,
  s.events,
  CAST(s.product_views AS bigint) AS product_views,
  CAST(s.orders AS bigint) AS orders,
  s.device,
  t.channel,
  t.source,
  t.medium,
  t.campaign
FROM sessions s
CROSS JOIN settings
JOIN traffic_sources t ON t.traffic = s.traffic
