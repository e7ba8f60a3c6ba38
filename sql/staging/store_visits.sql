-- One row per visit of one person to one store, with its person (see web_events).
-- key: visit_key
WITH withdrawn AS (
  SELECT identifier_key FROM persons WHERE is_withdrawn
),
visits AS (
  SELECT
    v.*,
    s.stitching,
    CASE
      WHEN v.consent = 'granted' OR (v.consent = 'unknown' AND s.match_unknown_consent)
      THEN coalesce(v.customer_key, v.loyalty_key, v.email_key, v.phone_key, v.anonymous_key)
    END AS linking_key,
    coalesce(
      account.identifier_key, card.identifier_key, email.identifier_key, phone.identifier_key, browser.identifier_key
    ) IS NOT NULL AS is_withdrawn
  FROM raw_visits v
  CROSS JOIN settings s
  LEFT JOIN withdrawn account ON account.identifier_key = v.customer_key
  LEFT JOIN withdrawn card ON card.identifier_key = v.loyalty_key
  LEFT JOIN withdrawn email ON email.identifier_key = v.email_key
  LEFT JOIN withdrawn phone ON phone.identifier_key = v.phone_key
  LEFT JOIN withdrawn browser ON browser.identifier_key = v.anonymous_key
),
known AS (
  SELECT
    v.*,
    CASE WHEN NOT v.is_withdrawn THEN coalesce(k.person_id_now, 'p' || substr(v.linking_key, 1, 11)) END AS person_id_now,
    CASE WHEN NOT v.is_withdrawn THEN coalesce(k.person_id_then, 'p' || substr(v.linking_key, 1, 11)) END AS person_id_then
  FROM visits v
  LEFT JOIN known_persons k
    ON k.identifier_key = v.linking_key
    AND v.occurred_at >= k.stood_from
    AND v.occurred_at < k.stood_until
)
SELECT
  v.fingerprint AS visit_key,
  v.record_id AS visit_id,
  v.store_id,
  CASE WHEN v.stitching = 'event_time' THEN v.person_id_then ELSE v.person_id_now END AS person_id,
  v.person_id_now,
  v.person_id_then,
  v.occurred_at AS visited_at,
  v.left_at,
  v.method
FROM known v
