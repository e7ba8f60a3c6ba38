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
    CAST(sum(CASE WHEN event = 'Product Viewed' THEN 1 ELSE 0 END) AS bigint) AS product_views,
    CAST(sum(CASE WHEN event = 'Product Added' THEN 1 ELSE 0 END) AS bigint) AS product_adds,
    CAST(sum(CASE WHEN event = 'Checkout Started' THEN 1 ELSE 0 END) AS bigint) AS checkouts,
    CAST(sum(CASE WHEN event = 'Order Completed' THEN 1 ELSE 0 END) AS bigint) AS orders,
    CAST(sum(CASE WHEN event IN ('Stock Checked', 'stock_check', 'Store Searched') THEN 1 ELSE 0 END) AS bigint) AS stock_checks,
    CAST(sum(CASE WHEN event = 'Product Added to Wishlist' THEN 1 ELSE 0 END) AS bigint) AS wishes,
    max(device) AS device,
    max(CASE WHEN starts_session = 1 THEN coalesce(campaign_traffic, referral_traffic, '||||') END) AS traffic
  FROM session_events
  GROUP BY 1, 2
),
quarter_hours AS (
  SELECT q.quarter_hour, CAST(at_timezone(with_timezone(q.at, 'UTC'), s.reporting_zone) AS date) AS day
  FROM (
    SELECT date_diff('minute', TIMESTAMP '2000-01-01 00:00:00', occurred_at) / 15 AS quarter_hour, min(occurred_at) AS at
    FROM session_events
    GROUP BY 1
  ) q
  CROSS JOIN settings s
)
SELECT
  s.device_id || '-' || CAST(s.session_no AS varchar) AS session_id,
  s.device_id,
  s.person_id,
  s.started_at,
  s.ended_at,
  q.day AS session_date,
  s.events,
  s.product_views,
  s.product_adds,
  s.checkouts,
  s.orders,
  s.stock_checks,
  s.wishes,
  s.device,
  t.channel,
  t.source,
  t.medium,
  t.campaign
FROM sessions s
JOIN quarter_hours q ON q.quarter_hour = date_diff('minute', TIMESTAMP '2000-01-01 00:00:00', s.started_at) / 15
JOIN traffic_sources t ON t.traffic = s.traffic
