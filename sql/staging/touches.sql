-- One row per marketing contact outside the web site, with its person (see web_events). One that names no source is of the medium
-- that its type implies.
-- key: touch_key
WITH withdrawn AS (
  SELECT identifier_key FROM persons WHERE is_withdrawn
),
touches AS (
  SELECT
    t.*,
    s.stitching,
    CASE
      WHEN t.consent = 'granted' OR (t.consent = 'unknown' AND s.match_unknown_consent)
      THEN coalesce(t.customer_key, t.loyalty_key, t.email_key, t.phone_key, t.anonymous_key)
    END AS linking_key,
    coalesce(
      account.identifier_key, card.identifier_key, email.identifier_key, phone.identifier_key, browser.identifier_key
    ) IS NOT NULL AS is_withdrawn
  FROM raw_touches t
  CROSS JOIN settings s
  LEFT JOIN withdrawn account ON account.identifier_key = t.customer_key
  LEFT JOIN withdrawn card ON card.identifier_key = t.loyalty_key
  LEFT JOIN withdrawn email ON email.identifier_key = t.email_key
  LEFT JOIN withdrawn phone ON phone.identifier_key = t.phone_key
  LEFT JOIN withdrawn browser ON browser.identifier_key = t.anonymous_key
),
known AS (
  SELECT
    t.*,
    CASE WHEN NOT t.is_withdrawn THEN coalesce(k.person_id_now, 'p' || substr(t.linking_key, 1, 11)) END AS person_id_now,
    CASE WHEN NOT t.is_withdrawn THEN coalesce(k.person_id_then, 'p' || substr(t.linking_key, 1, 11)) END AS person_id_then
  FROM touches t
  LEFT JOIN known_persons k
    ON k.identifier_key = t.linking_key
    AND t.occurred_at >= k.stood_from
    AND t.occurred_at < k.stood_until
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
