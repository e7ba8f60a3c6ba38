-- One row per answer, service contact or reason of return: its latest revision, with its person (see web_events) and the
-- document of sale that it is about. One that carries no identifier is of the person of that document, unless consent
-- was denied. It is no evidence of who is who: service staff type it, for whoever calls.
-- key: feedback_key
WITH versions AS (
  SELECT
    *,
    row_number() OVER (PARTITION BY record_id ORDER BY revision DESC, fingerprint) AS version_rank
  FROM raw_feedback
),
withdrawn AS (
  SELECT identifier_key FROM persons WHERE is_withdrawn
),
orders AS (
  SELECT order_id, min(document_id) AS document_id
  FROM sale_identifiers
  WHERE document_kind = 'order' AND order_id IS NOT NULL
  GROUP BY 1
),
receipts AS (
  SELECT store_id, receipt_id, min(document_id) AS document_id
  FROM sale_lines
  WHERE document_kind = 'receipt' AND receipt_id IS NOT NULL
  GROUP BY 1, 2
),
said AS (
  SELECT
    f.*,
    s.stitching,
    coalesce(r.document_id, o.document_id) AS document_id,
    CASE
      WHEN f.consent = 'granted' OR (f.consent = 'unknown' AND s.match_unknown_consent)
      THEN coalesce(f.customer_key, f.loyalty_key, f.email_key, f.phone_key, f.anonymous_key)
    END AS linking_key,
    coalesce(f.customer_key, f.loyalty_key, f.email_key, f.phone_key, f.anonymous_key) IS NULL AND f.consent <> 'denied' AS names_nobody,
    coalesce(
      account.identifier_key, card.identifier_key, email.identifier_key, phone.identifier_key, browser.identifier_key
    ) IS NOT NULL AS is_withdrawn
  FROM versions f
  CROSS JOIN settings s
  LEFT JOIN receipts r ON r.store_id = f.store_id AND r.receipt_id = f.receipt_id
  LEFT JOIN orders o ON o.order_id = f.order_id
  LEFT JOIN withdrawn account ON account.identifier_key = f.customer_key
  LEFT JOIN withdrawn card ON card.identifier_key = f.loyalty_key
  LEFT JOIN withdrawn email ON email.identifier_key = f.email_key
  LEFT JOIN withdrawn phone ON phone.identifier_key = f.phone_key
  LEFT JOIN withdrawn browser ON browser.identifier_key = f.anonymous_key
  WHERE f.version_rank = 1
),
known AS (
  SELECT
    f.*,
    CASE
      WHEN f.is_withdrawn THEN NULL
      WHEN f.names_nobody THEN d.person_id_now
      ELSE coalesce(k.person_id_now, 'p' || substr(f.linking_key, 1, 11))
    END AS person_id_now,
    CASE
      WHEN f.is_withdrawn THEN NULL
      WHEN f.names_nobody THEN d.person_id_then
      ELSE coalesce(k.person_id_then, 'p' || substr(f.linking_key, 1, 11))
    END AS person_id_then
  FROM said f
  LEFT JOIN known_persons k
    ON k.identifier_key = f.linking_key
    AND f.occurred_at >= k.stood_from
    AND f.occurred_at < k.stood_until
  LEFT JOIN sale_persons d ON d.document_id = f.document_id
)
SELECT
  f.fingerprint AS feedback_key,
  f.record_id AS feedback_id,
  CASE WHEN f.stitching = 'event_time' THEN f.person_id_then ELSE f.person_id_now END AS person_id,
  f.person_id_now,
  f.person_id_then,
  f.occurred_at,
  CAST(at_timezone(with_timezone(f.occurred_at, 'UTC'), coalesce(store.time_zone, s.reporting_zone)) AS date) AS feedback_date,
  f.feedback_kind,
  f.place,
  f.store_id,
  f.document_id,
  f.sku,
  f.channel,
  f.contact_by,
  f.score,
  f.score_max,
  f.feedback_reason,
  f.is_resolved_first_time
FROM known f
CROSS JOIN settings s
LEFT JOIN stores store ON store.store_id = f.store_id
