-- One row per document of sale, with its person, the key that linked it and how strong that is as evidence.
-- Identifiers come from the version that counts, and where it has none from the others: the back office knows the
-- email, the web event the browser. A receipt that names a web order and shows neither account, card, email nor phone
-- is of the person of that order. `identified_by` is null where nobody is known; `is_consent_denied` says whether
-- consent is why: the document's own, that of the order which would have told, or a later word of the person
-- (`is_withdrawn`). An erasure emptied the document, or the order that would have told, where `is_erased`.
-- `person_id` is who it is by the setting `stitching` (see web_events).
-- key: document_id
WITH versions AS (
  SELECT
    l.*,
    v.version_rank,
    CASE l.consent WHEN 'denied' THEN 2 WHEN 'granted' THEN 0 ELSE 1 END AS consent_rank
  FROM raw_sales l
  JOIN sale_versions v
    ON v.document_id = l.document_id
    AND v.version = CASE WHEN l.is_partial THEN '' ELSE l.fingerprint END
),
headers AS (
  SELECT
    document_id,
    min(document_kind) AS document_kind,
    min(CASE WHEN version_rank = 1 THEN occurred_at END) AS occurred_at,
    min(CASE WHEN version_rank = 1 THEN store_id END) AS store_id,
    min(CASE WHEN version_rank = 1 THEN currency END) AS currency,
    min(CASE WHEN version_rank = 1 THEN order_id END) AS order_id,
    coalesce(min(CASE WHEN version_rank = 1 THEN customer_key END), min(customer_key)) AS customer_key,
    coalesce(min(CASE WHEN version_rank = 1 THEN loyalty_key END), min(loyalty_key)) AS loyalty_key,
    coalesce(min(CASE WHEN version_rank = 1 THEN email_key END), min(email_key)) AS email_key,
    coalesce(min(CASE WHEN version_rank = 1 THEN phone_key END), min(phone_key)) AS phone_key,
    coalesce(min(CASE WHEN version_rank = 1 THEN anonymous_key END), min(anonymous_key)) AS anonymous_key,
    coalesce(min(CASE WHEN version_rank = 1 THEN payment_key END), min(payment_key)) AS payment_key,
    max(CASE WHEN consent = 'erased' THEN 1 ELSE 0 END) = 1 AS is_erased,
    max(consent_rank) = 2 AS is_denied,
    min(consent_rank) = 0 AS is_granted
  FROM versions
  GROUP BY 1
),
allowed AS (
  SELECT
    h.*,
    settings.stitching,
    NOT h.is_erased AND (h.is_denied OR NOT (h.is_granted OR settings.match_unknown_consent)) AS is_refused,
    coalesce(h.customer_key, h.loyalty_key, h.email_key, h.phone_key) AS own_key,
    coalesce(h.customer_key, h.loyalty_key, h.email_key, h.phone_key, h.anonymous_key, h.payment_key) AS any_key
  FROM headers h
  CROSS JOIN settings
),
with_order AS (
  SELECT
    a.*,
    CASE WHEN a.own_key IS NULL AND NOT o.is_refused AND NOT o.is_erased THEN o.any_key END AS order_key,
    CASE WHEN a.any_key IS NULL THEN coalesce(o.is_refused, false) ELSE false END AS is_order_refused,
    CASE WHEN a.any_key IS NULL AND NOT a.is_refused THEN coalesce(o.is_erased, false) ELSE false END AS is_order_erased
  FROM allowed a
  LEFT JOIN (SELECT order_id, is_refused, is_erased, any_key FROM allowed WHERE document_kind = 'order') o
    ON o.order_id = CASE WHEN a.document_kind = 'receipt' THEN a.order_id END
),
linked AS (
  SELECT
    *,
    CASE WHEN NOT (is_refused OR is_erased) THEN coalesce(own_key, order_key, any_key) END AS identifier_key,
    CASE
      WHEN is_refused OR is_erased THEN NULL
      WHEN customer_key IS NOT NULL THEN 'customer_id'
      WHEN loyalty_key IS NOT NULL THEN 'loyalty_id'
      WHEN email_key IS NOT NULL THEN 'email'
      WHEN phone_key IS NOT NULL THEN 'phone'
      WHEN order_key IS NOT NULL THEN 'order_id'
      WHEN anonymous_key IS NOT NULL THEN 'anonymous_id'
      WHEN payment_key IS NOT NULL THEN 'payment_token'
    END AS identified_by
  FROM with_order
),
known AS (
  SELECT
    l.*,
    coalesce(p.is_withdrawn, false) AS is_withdrawn,
    CASE WHEN p.is_withdrawn THEN NULL ELSE coalesce(p.person_id, 'p' || substr(l.identifier_key, 1, 11)) END AS person_id_now,
    CASE
      WHEN p.is_withdrawn THEN NULL
      WHEN l.occurred_at < p.known_since THEN coalesce(h.person_id, 'p' || substr(l.identifier_key, 1, 11))
      ELSE coalesce(p.person_id, 'p' || substr(l.identifier_key, 1, 11))
    END AS person_id_then
  FROM linked l
  LEFT JOIN persons p ON p.identifier_key = l.identifier_key
  LEFT JOIN person_history h
    ON h.identifier_key = l.identifier_key
    AND l.occurred_at < h.known_until
    AND (h.known_from IS NULL OR l.occurred_at >= h.known_from)
)
SELECT
  l.document_id,
  l.occurred_at,
  l.store_id,
  l.currency,
  CASE WHEN l.is_erased THEN 'erased' WHEN l.is_denied THEN 'denied' WHEN l.is_granted THEN 'granted' ELSE 'unknown' END AS consent,
  l.is_refused OR (l.is_order_refused AND NOT l.is_erased) OR l.is_withdrawn AS is_consent_denied,
  l.is_withdrawn,
  l.is_erased OR l.is_order_erased AS is_erased,
  array_join(ARRAY[
    CASE WHEN l.customer_key IS NOT NULL THEN 'customer_id' END,
    CASE WHEN l.loyalty_key IS NOT NULL THEN 'loyalty_id' END,
    CASE WHEN l.email_key IS NOT NULL THEN 'email' END,
    CASE WHEN l.phone_key IS NOT NULL THEN 'phone' END,
    CASE WHEN l.anonymous_key IS NOT NULL THEN 'anonymous_id' END,
    CASE WHEN l.payment_key IS NOT NULL THEN 'payment_token' END
  ], ', ') AS key_kinds,
  CASE WHEN l.stitching = 'event_time' THEN l.person_id_then ELSE l.person_id_now END AS person_id,
  l.person_id_now,
  l.person_id_then,
  CASE WHEN NOT l.is_withdrawn THEN l.identified_by END AS identified_by,
  CASE WHEN NOT l.is_withdrawn THEN e.evidence_strength END AS evidence_strength
FROM known l
LEFT JOIN seed_identifier_evidence e ON e.identified_by = l.identified_by
