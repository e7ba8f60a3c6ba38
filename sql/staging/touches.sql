-- One row per marketing contact outside the web site, with its person. One that names no source is of the medium
-- that its type implies.
-- key: touch_key
WITH touches AS (
  SELECT
    t.*,
    CASE
      WHEN t.consent = 'granted' OR (t.consent = 'unknown' AND s.match_unknown_consent)
      THEN coalesce(t.customer_key, t.loyalty_key, t.email_key, t.phone_key, t.anonymous_key)
    END AS identifier_key
  FROM raw_touches t
  CROSS JOIN settings s
)
SELECT
  t.fingerprint AS touch_key,
  t.record_id AS touch_name,
  coalesce(p.person_id, 'p' || substr(t.identifier_key, 1, 11)) AS person_id,
  t.occurred_at,
  t.touch_type,
  t.channel,
  lower(coalesce(t.utm_source, '') || '|' || coalesce(
    t.utm_medium,
    CASE
      WHEN t.utm_source IS NOT NULL THEN ''
      WHEN t.touch_type IN ('email_open', 'email_click') THEN 'email'
      WHEN t.touch_type = 'direct_mail' THEN 'direct-mail'
      WHEN t.touch_type = 'store_leaflet' THEN 'store-leaflet'
      ELSE t.touch_type
    END
  )) || '|' || coalesce(t.utm_campaign, '') || '||' AS traffic,
  t.store_id
FROM touches t
LEFT JOIN persons p ON p.identifier_key = t.identifier_key
