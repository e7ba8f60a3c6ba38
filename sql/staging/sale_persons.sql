-- One row per document of sale, with its person and the key that linked it. Identifiers come from the version that
-- counts, and where it has none from the others: the back office knows the email, the web event the browser.
-- `identified_by` is null where nobody is known; `is_consent_denied` says whether consent is why.
-- key: document_id
WITH versions AS (
  SELECT
    l.*,
    v.version_rank,
    CASE l.consent WHEN 'denied' THEN 2 WHEN 'unknown' THEN 1 ELSE 0 END AS consent_rank
  FROM raw_sales l
  JOIN sale_versions v
    ON v.document_id = l.document_id
    AND v.version = CASE WHEN l.is_partial THEN '' ELSE l.fingerprint END
),
headers AS (
  SELECT
    document_id,
    min(CASE WHEN version_rank = 1 THEN occurred_at END) AS occurred_at,
    min(CASE WHEN version_rank = 1 THEN store_id END) AS store_id,
    min(CASE WHEN version_rank = 1 THEN currency END) AS currency,
    coalesce(min(CASE WHEN version_rank = 1 THEN customer_key END), min(customer_key)) AS customer_key,
    coalesce(min(CASE WHEN version_rank = 1 THEN loyalty_key END), min(loyalty_key)) AS loyalty_key,
    coalesce(min(CASE WHEN version_rank = 1 THEN email_key END), min(email_key)) AS email_key,
    coalesce(min(CASE WHEN version_rank = 1 THEN phone_key END), min(phone_key)) AS phone_key,
    coalesce(min(CASE WHEN version_rank = 1 THEN anonymous_key END), min(anonymous_key)) AS anonymous_key,
    max(consent_rank) = 2 AS is_denied,
    min(consent_rank) = 0 AS is_granted
  FROM versions
  GROUP BY 1
),
allowed AS (
  SELECT
    h.*,
    h.is_denied OR NOT (h.is_granted OR settings.match_unknown_consent) AS is_consent_denied,
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
