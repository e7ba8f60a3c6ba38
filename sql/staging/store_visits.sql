-- One row per visit of one person to one store.
-- key: visit_key
WITH visits AS (
  SELECT
    v.*,
    CASE
      WHEN v.consent = 'granted' OR (v.consent = 'unknown' AND s.match_unknown_consent)
      THEN coalesce(v.customer_key, v.loyalty_key, v.email_key, v.phone_key, v.anonymous_key)
    END AS identifier_key
  FROM raw_visits v
  CROSS JOIN settings s
)
SELECT
  v.fingerprint AS visit_key,
  v.record_id AS visit_id,
  v.store_id,
  coalesce(p.person_id, 'p' || substr(v.identifier_key, 1, 11)) AS person_id,
  v.occurred_at AS visited_at,
  v.left_at,
  v.method
FROM visits v
LEFT JOIN persons p ON p.identifier_key = v.identifier_key
