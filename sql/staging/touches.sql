-- One row per marketing contact outside the web site, with its person (see web_events). One that names no source is of the medium
-- that its type implies.
-- key: touch_key
WITH touches AS (
  SELECT
    t.*,
    s.stitching,
    CASE
      WHEN t.consent = 'granted' OR (t.consent = 'unknown' AND s.match_unknown_consent)
      THEN coalesce(t.customer_key, t.loyalty_key, t.email_key, t.phone_key, t.anonymous_key)
    END AS identifier_key
  FROM raw_touches t
  CROSS JOIN settings s
),
known AS (
  SELECT
    t.*,
    CASE WHEN p.is_withdrawn THEN NULL ELSE coalesce(p.person_id, 'p' || substr(t.identifier_key, 1, 11)) END AS person_id_now,
    CASE
      WHEN p.is_withdrawn THEN NULL
      WHEN t.occurred_at < p.known_since THEN coalesce(h.person_id, 'p' || substr(t.identifier_key, 1, 11))
      ELSE coalesce(p.person_id, 'p' || substr(t.identifier_key, 1, 11))
    END AS person_id_then
  FROM touches t
  LEFT JOIN persons p ON p.identifier_key = t.identifier_key
  LEFT JOIN person_history h
    ON h.identifier_key = t.identifier_key
    AND t.occurred_at < h.known_until
    AND (h.known_from IS NULL OR t.occurred_at >= h.known_from)
)
SELECT
  t.fingerprint AS touch_key,
  t.record_id AS touch_name,
  CASE WHEN t.stitching = 'event_time' THEN t.person_id_then ELSE t.person_id_now END AS person_id,
  t.person_id_now,
  t.person_id_then,
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
FROM known t
