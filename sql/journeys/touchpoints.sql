-- One row per touchpoint: the start of a session, a new campaign inside a session, or a contact outside the site.
-- key: touch_id
WITH landings AS (
  SELECT
    *,
    lag(campaign_traffic) OVER (PARTITION BY device_id, session_no ORDER BY occurred_at, event_key) AS campaign_before
  FROM session_events
  WHERE starts_session = 1 OR campaign_traffic IS NOT NULL
),
web AS (
  SELECT
    event_key AS touch_id,
    person_id,
    occurred_at AS touched_at,
    CASE WHEN starts_session = 1 THEN 'session' ELSE 'campaign' END AS touch_type,
    CAST(NULL AS varchar) AS stated_channel,
    coalesce(campaign_traffic, referral_traffic, '||||') AS traffic,
    device_id || '-' || CAST(session_no AS varchar) AS session_id
  FROM landings
  WHERE starts_session = 1 OR campaign_before IS NULL OR campaign_traffic <> campaign_before
),
all_touches AS (
  SELECT * FROM web
  UNION ALL
  SELECT touch_key, person_id, occurred_at, touch_type, channel, traffic, CAST(NULL AS varchar)
  FROM touches
)
SELECT
  a.touch_id,
  a.person_id,
  a.touched_at,
  a.touch_type,
  coalesce(a.stated_channel, t.channel) AS channel,
  t.source,
  t.medium,
  t.campaign,
  a.session_id
FROM all_touches a
JOIN traffic_sources t ON t.traffic = a.traffic
