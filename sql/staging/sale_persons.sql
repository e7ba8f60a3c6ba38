-- One row per document of sale that counts, with its person and the key that linked it.
-- `identified_by` is null where nobody is known; `is_consent_denied` says whether consent is why.
-- key: document_id
WITH headers AS (
  SELECT
    l.document_id,
    min(l.occurred_at) AS occurred_at,
    min(l.store_id) AS store_id,
    min(l.currency) AS currency,
    min(l.customer_key) AS customer_key,
    min(l.loyalty_key) AS loyalty_key,
    min(l.email_key) AS email_key,
    min(l.phone_key) AS phone_key,
    min(l.anonymous_key) AS anonymous_key,
    max(CASE l.consent WHEN 'denied' THEN 2 WHEN 'unknown' THEN 1 ELSE 0 END) AS consent_rank
  FROM raw_sales l
  JOIN sale_versions v
    ON v.document_id = l.document_id
    AND v.version = CASE WHEN l.is_partial THEN '' ELSE l.fingerprint END
    AND v.version_rank = 1
  GROUP BY 1
),
allowed AS (
  SELECT
    h.*,
    h.consent_rank = 2 OR (h.consent_rank = 1 AND NOT settings.match_unknown_consent) AS is_consent_denied,
    coalesce(h.customer_key, h.loyalty_key, h.email_key, h.phone_key, h.anonymous_key) AS identifier_key
  FROM headers h
  CROSS JOIN settings
)
SELECT
  a.document_id,
  a.occurred_at,
  a.store_id,
  a.currency,
  a.is_consent_denied,
  CASE
    WHEN a.is_consent_denied THEN NULL
    ELSE coalesce(p.person_id, 'p' || substr(a.identifier_key, 1, 11))
  END AS person_id,
  CASE
    WHEN a.is_consent_denied OR a.identifier_key IS NULL THEN NULL
    WHEN a.customer_key IS NOT NULL THEN 'customer_id'
    WHEN a.loyalty_key IS NOT NULL THEN 'loyalty_id'
    WHEN a.email_key IS NOT NULL THEN 'email'
    WHEN a.phone_key IS NOT NULL THEN 'phone'
    ELSE 'anonymous_id'
  END AS identified_by
FROM allowed a
LEFT JOIN persons p ON p.identifier_key = a.identifier_key
