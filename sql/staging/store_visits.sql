-- One row per visit of one person to one store, with its person (see web_events).
-- key: visit_key
WITH visits AS (
  SELECT
    v.*,
    s.stitching,
    CASE
      WHEN v.consent = 'granted' OR (v.consent = 'unknown' AND s.match_unknown_consent)
      THEN coalesce(v.customer_key, v.loyalty_key, v.email_key, v.phone_key, v.anonymous_key)
    END AS identifier_key
  FROM raw_visits v
  CROSS JOIN settings s
),
known AS (
  SELECT
    v.*,
    CASE WHEN p.is_withdrawn THEN NULL ELSE coalesce(p.person_id, 'p' || substr(v.identifier_key, 1, 11)) END AS person_id_now,
    CASE
      WHEN p.is_withdrawn THEN NULL
      WHEN v.occurred_at < p.known_since THEN coalesce(h.person_id, 'p' || substr(v.identifier_key, 1, 11))
      ELSE coalesce(p.person_id, 'p' || substr(v.identifier_key, 1, 11))
    END AS person_id_then
  FROM visits v
  LEFT JOIN persons p ON p.identifier_key = v.identifier_key
  LEFT JOIN person_history h
    ON h.identifier_key = v.identifier_key
    AND v.occurred_at < h.known_until
    AND (h.known_from IS NULL OR v.occurred_at >= h.known_from)
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
