-- One row per touchpoint: the start of a session, a new campaign inside a session, or a contact outside the site.
-- key: touch_id
WITH changing AS (
  SELECT DISTINCT device_id, session_no
  FROM session_events
  WHERE starts_session = 0 AND campaign_traffic IS NOT NULL
),
landings AS (
  SELECT
    e.*,
    lag(e.campaign_traffic) OVER (PARTITION BY e.device_id, e.session_no ORDER BY e.occurred_at, e.event_key) AS campaign_before
  FROM session_events e
  JOIN changing c ON c.device_id = e.device_id AND c.session_no = e.session_no
  WHERE e.starts_session = 1 OR e.campaign_traffic IS NOT NULL
),
web AS (
  SELECT
    event_key AS touch_id,
    person_id,
    occurred_at AS touched_at,
    'session' AS touch_type,
    CAST(NULL AS varchar) AS stated_channel,
    coalesce(campaign_traffic, referral_traffic, '||||') AS traffic,
    device_id || '-' || CAST(session_no AS varchar) AS session_id
  FROM session_events
  WHERE starts_session = 1
  UNION ALL
  SELECT event_key, person_id, occurred_at, 'campaign', CAST(NULL AS varchar), campaign_traffic, device_id || '-' || CAST(session_no AS varchar)
  FROM landings
  WHERE starts_session = 0 AND (campaign_before IS NULL OR campaign_traffic <> campaign_before)
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
