-- One row per document of sale and version of it, with what its lines say of the whole, ranked: back office before
-- event, then the highest revision. A document whose lines came one by one (partial) is one version.
-- key: document_id, version
WITH versions AS (
  SELECT
    document_id,
    CASE WHEN is_partial THEN '' ELSE fingerprint END AS version,
    max(CASE WHEN source = 'web_event' THEN 1 ELSE 0 END) AS is_event,
    max(revision) AS revision,
    min(currency) AS currency,
    min(document_kind) AS document_kind,
    min(occurred_at) AS occurred_at,
    min(store_id) AS store_id,
    min(order_id) AS order_id,
    min(customer_key) AS customer_key,
    min(loyalty_key) AS loyalty_key,
    min(email_key) AS email_key,
    min(phone_key) AS phone_key,
    min(anonymous_key) AS anonymous_key,
    min(payment_key) AS payment_key,
    max(CASE WHEN consent = 'erased' THEN 1 ELSE 0 END) = 1 AS is_erased,
    max(CASE WHEN consent = 'denied' THEN 1 ELSE 0 END) = 1 AS is_denied,
    max(CASE WHEN consent = 'granted' THEN 1 ELSE 0 END) = 1 AS is_granted
  FROM raw_sales
  GROUP BY 1, 2
)
SELECT
  document_id,
  version,
  currency,
  row_number() OVER (PARTITION BY document_id ORDER BY is_event, revision DESC, version DESC) AS version_rank,
  document_kind,
  occurred_at,
  store_id,
  order_id,
  customer_key,
  loyalty_key,
  email_key,
  phone_key,
  anonymous_key,
  payment_key,
  is_erased,
  is_denied,
  is_granted
FROM versions
