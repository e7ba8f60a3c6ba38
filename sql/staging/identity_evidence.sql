-- One row per set of identifiers that some record carried together; all versions of an order are one record,
-- with the identifiers that count (see sale_identifiers).
-- key: customer_key, loyalty_key, email_key, phone_key, anonymous_key, payment_key
WITH carriers AS (
  SELECT customer_key, loyalty_key, email_key, phone_key, anonymous_key, CAST(NULL AS varchar) AS payment_key, consent, occurred_at
  FROM raw_events
  WHERE NOT is_bot
  UNION ALL
  SELECT customer_key, loyalty_key, email_key, phone_key, anonymous_key, CAST(NULL AS varchar), consent, occurred_at FROM raw_touches
  UNION ALL
  SELECT
    customer_key,
    loyalty_key,
    email_key,
    phone_key,
    anonymous_key,
    payment_key,
    CASE WHEN is_granted THEN 'granted' ELSE 'unknown' END,
    first_seen
  FROM sale_identifiers
  WHERE NOT is_denied AND NOT is_erased
  UNION ALL
  SELECT customer_key, loyalty_key, email_key, phone_key, anonymous_key, CAST(NULL AS varchar), consent, occurred_at FROM raw_visits
)
SELECT
  c.customer_key,
  c.loyalty_key,
  c.email_key,
  c.phone_key,
  c.anonymous_key,
  c.payment_key,
  min(c.occurred_at) AS first_seen,
  count(*) AS records
FROM carriers c
CROSS JOIN settings s
WHERE (c.consent = 'granted' OR (c.consent = 'unknown' AND s.match_unknown_consent))
  AND coalesce(c.customer_key, c.loyalty_key, c.email_key, c.phone_key, c.anonymous_key)
    <> coalesce(c.payment_key, c.anonymous_key, c.phone_key, c.email_key, c.loyalty_key)
GROUP BY 1, 2, 3, 4, 5, 6
