-- One row per set of identifiers that some record carried together; all versions of an order are one record.
-- key: customer_key, loyalty_key, email_key, phone_key, anonymous_key, payment_key
WITH carriers AS (
  SELECT customer_key, loyalty_key, email_key, phone_key, anonymous_key, CAST(NULL AS varchar) AS payment_key, consent, occurred_at
  FROM raw_events
  WHERE NOT is_bot
  UNION ALL
  SELECT customer_key, loyalty_key, email_key, phone_key, anonymous_key, CAST(NULL AS varchar), consent, occurred_at FROM raw_touches
  UNION ALL
  SELECT
    min(customer_key),
    min(loyalty_key),
    min(email_key),
    min(phone_key),
    min(anonymous_key),
    min(payment_key),
    CASE min(CASE consent WHEN 'granted' THEN 0 ELSE 1 END) WHEN 0 THEN 'granted' ELSE 'unknown' END,
    min(occurred_at)
  FROM raw_sales
  GROUP BY document_id
  HAVING max(CASE WHEN consent IN ('denied', 'erased') THEN 1 ELSE 0 END) = 0
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
