-- One row per web event of a known device, with the number of its session on that device.
-- key: event_key
WITH gaps AS (
  SELECT
    e.event_key,
    e.device_id,
    e.person_id,
    e.occurred_at,
    e.event,
    e.device,
    e.campaign_traffic,
    e.referral_traffic,
    CASE
      WHEN date_diff('millisecond', lag(e.occurred_at) OVER (PARTITION BY e.device_id ORDER BY e.occurred_at, e.event_key), e.occurred_at)
        <= s.session_gap_minutes * 60000
      THEN 0
      ELSE 1
    END AS starts_session
  FROM web_events e
  CROSS JOIN settings s
  WHERE e.device_id IS NOT NULL
)
SELECT
  *,
  CAST(sum(starts_session) OVER (PARTITION BY device_id ORDER BY occurred_at, event_key ROWS UNBOUNDED PRECEDING) AS bigint) AS session_no
FROM gaps
