-- One row per pair of identifiers that were seen together: the strongest of the record with each of its others.
-- key: strong_key, weak_key
WITH evidence AS (
  SELECT
    *,
    coalesce(customer_key, loyalty_key, email_key, phone_key, anonymous_key) AS strong_key,
    CASE
      WHEN customer_key IS NOT NULL THEN 0
      WHEN loyalty_key IS NOT NULL THEN 1
      WHEN email_key IS NOT NULL THEN 2
      WHEN phone_key IS NOT NULL THEN 3
      ELSE 4
    END AS strong_kind
  FROM identity_evidence
),
pairs AS (
  SELECT strong_key, strong_kind, loyalty_key AS weak_key, 1 AS weak_kind, first_seen FROM evidence WHERE strong_kind < 1
  UNION ALL
  SELECT strong_key, strong_kind, email_key, 2, first_seen FROM evidence WHERE strong_kind < 2
  UNION ALL
  SELECT strong_key, strong_kind, phone_key, 3, first_seen FROM evidence WHERE strong_kind < 3
  UNION ALL
  SELECT strong_key, strong_kind, anonymous_key, 4, first_seen FROM evidence WHERE strong_kind < 4
  UNION ALL
  SELECT strong_key, strong_kind, payment_key, 5, first_seen FROM evidence
)
SELECT
  strong_key,
  weak_key,
  min(strong_kind) AS strong_kind,
  min(weak_kind) AS weak_kind,
  min(first_seen) AS first_seen
FROM pairs
WHERE weak_key IS NOT NULL
GROUP BY 1, 2
