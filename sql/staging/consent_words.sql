-- One row per identifier whose person said something about measurement after the fact: the latest word. Of two words of
-- one instant the more cautious counts.
-- key: identifier_key
WITH words AS (
  SELECT customer_key AS identifier_key, 0 AS kind, consent, occurred_at FROM raw_consents
  UNION ALL
  SELECT loyalty_key, 1, consent, occurred_at FROM raw_consents
  UNION ALL
  SELECT email_key, 2, consent, occurred_at FROM raw_consents
  UNION ALL
  SELECT phone_key, 3, consent, occurred_at FROM raw_consents
  UNION ALL
  SELECT anonymous_key, 4, consent, occurred_at FROM raw_consents
),
ranked AS (
  SELECT
    *,
    row_number() OVER (
      PARTITION BY identifier_key
      ORDER BY occurred_at DESC, CASE consent WHEN 'denied' THEN 0 WHEN 'unknown' THEN 1 ELSE 2 END
    ) AS recency
  FROM words
  WHERE identifier_key IS NOT NULL
)
SELECT identifier_key, CAST(kind AS integer) AS kind, consent, occurred_at
FROM ranked
WHERE recency = 1
