-- One row per document of sale, with the identifiers that count: those of the version that counts, and where that has
-- none of a kind, of the best version that has: the back office knows the email, the web event the browser. A customer
-- that a correction replaced is not among them. `first_seen` is when the earliest version says that it happened.
-- key: document_id
SELECT
  document_id,
  min(document_kind) AS document_kind,
  min(CASE WHEN version_rank = 1 THEN occurred_at END) AS occurred_at,
  min(occurred_at) AS first_seen,
  min(CASE WHEN version_rank = 1 THEN store_id END) AS store_id,
  min(CASE WHEN version_rank = 1 THEN currency END) AS currency,
  min(CASE WHEN version_rank = 1 THEN order_id END) AS order_id,
  min_by(customer_key, CASE WHEN customer_key IS NOT NULL THEN version_rank END) AS customer_key,
  min_by(loyalty_key, CASE WHEN loyalty_key IS NOT NULL THEN version_rank END) AS loyalty_key,
  min_by(email_key, CASE WHEN email_key IS NOT NULL THEN version_rank END) AS email_key,
  min_by(phone_key, CASE WHEN phone_key IS NOT NULL THEN version_rank END) AS phone_key,
  min_by(anonymous_key, CASE WHEN anonymous_key IS NOT NULL THEN version_rank END) AS anonymous_key,
  min_by(payment_key, CASE WHEN payment_key IS NOT NULL THEN version_rank END) AS payment_key,
  max(CASE WHEN is_erased THEN 1 ELSE 0 END) = 1 AS is_erased,
  max(CASE WHEN is_denied THEN 1 ELSE 0 END) = 1 AS is_denied,
  max(CASE WHEN is_granted THEN 1 ELSE 0 END) = 1 AS is_granted
FROM sale_versions
GROUP BY 1
