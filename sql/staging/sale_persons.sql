-- One row per document of sale, with its person, the key that linked it and how strong that is as evidence.
-- Identifiers are those of sale_identifiers. A receipt that names a web order and shows neither account, card, email nor
-- phone is of the person of that order. `identified_by` is null where nobody is known; `is_consent_denied` says whether
-- consent is why: the document's own, that of the order which would have told, or a later word of any person whose
-- identifier the document, or that order, carries (`is_withdrawn`). An erasure emptied the document, or the order that
-- would have told, where `is_erased`. `person_id` is who it is by the setting `stitching` (see web_events).
-- key: document_id
WITH withdrawn AS (
  SELECT identifier_key FROM persons WHERE is_withdrawn
),
allowed AS (
  SELECT
    h.*,
    settings.stitching,
    NOT h.is_erased AND (h.is_denied OR NOT (h.is_granted OR settings.match_unknown_consent)) AS is_refused,
    NOT h.is_erased AND coalesce(
      account.identifier_key, card.identifier_key, email.identifier_key, phone.identifier_key, browser.identifier_key, payment.identifier_key
    ) IS NOT NULL AS has_withdrawn_key,
    coalesce(h.customer_key, h.loyalty_key, h.email_key, h.phone_key) AS own_key,
    coalesce(h.customer_key, h.loyalty_key, h.email_key, h.phone_key, h.anonymous_key, h.payment_key) AS any_key
  FROM sale_identifiers h
  CROSS JOIN settings
  LEFT JOIN withdrawn account ON account.identifier_key = h.customer_key
  LEFT JOIN withdrawn card ON card.identifier_key = h.loyalty_key
  LEFT JOIN withdrawn email ON email.identifier_key = h.email_key
  LEFT JOIN withdrawn phone ON phone.identifier_key = h.phone_key
  LEFT JOIN withdrawn browser ON browser.identifier_key = h.anonymous_key
  LEFT JOIN withdrawn payment ON payment.identifier_key = h.payment_key
),
with_order AS (
  SELECT
    a.*,
    a.has_withdrawn_key OR (a.own_key IS NULL AND NOT a.is_erased AND coalesce(o.has_withdrawn_key, false)) AS is_withdrawn,
    CASE WHEN a.own_key IS NULL AND NOT o.is_refused AND NOT o.is_erased THEN o.any_key END AS order_key,
    CASE WHEN a.any_key IS NULL THEN coalesce(o.is_refused, false) ELSE false END AS is_order_refused,
    CASE WHEN a.any_key IS NULL AND NOT a.is_refused THEN coalesce(o.is_erased, false) ELSE false END AS is_order_erased
  FROM allowed a
  LEFT JOIN (SELECT order_id, is_refused, is_erased, has_withdrawn_key, any_key FROM allowed WHERE document_kind = 'order') o
    ON o.order_id = CASE WHEN a.document_kind = 'receipt' THEN a.order_id END
),
linked AS (
  SELECT
    *,
    CASE WHEN NOT (is_refused OR is_erased OR is_withdrawn) THEN coalesce(own_key, order_key, any_key) END AS linking_key,
    CASE
      WHEN is_refused OR is_erased OR is_withdrawn THEN NULL
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
    coalesce(k.person_id_now, 'p' || substr(l.linking_key, 1, 11)) AS person_id_now,
    coalesce(k.person_id_then, 'p' || substr(l.linking_key, 1, 11)) AS person_id_then
  FROM linked l
  LEFT JOIN known_persons k
    ON k.identifier_key = l.linking_key
    AND l.occurred_at >= k.stood_from
    AND l.occurred_at < k.stood_until
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
  l.identified_by,
  e.evidence_strength
FROM known l
LEFT JOIN seed_identifier_evidence e ON e.identified_by = l.identified_by
