-- One row per thing that a question can be asked about: a channel, store, region, category, device, persona or currency
-- that the figures have, and the first and last day with any of them.
-- key: subject, value
WITH days AS (
  SELECT min(day) AS first_day, max(day) AS last_day FROM (
    SELECT conversion_date AS day FROM conversions
    UNION ALL
    SELECT session_date FROM sessions
    UNION ALL
    SELECT spend_date FROM spend_days
  ) d
)
SELECT DISTINCT 'channel' AS subject, channel AS value, channel AS title FROM channel_daily
UNION ALL
SELECT 'store', store_id, coalesce(store_name, store_id) FROM stores
UNION ALL
SELECT DISTINCT 'region', region, region FROM stores WHERE region IS NOT NULL
UNION ALL
SELECT DISTINCT 'category', category, category FROM sold_lines WHERE category IS NOT NULL
UNION ALL
SELECT DISTINCT 'device', device, device FROM sessions WHERE device IS NOT NULL
UNION ALL
SELECT DISTINCT 'persona', persona, persona FROM customers
UNION ALL
SELECT 'currency', currency, currency FROM identified_purchases
UNION ALL
SELECT 'day', 'first', date_format(CAST(first_day AS timestamp(6)), '%Y-%m-%d') FROM days WHERE first_day IS NOT NULL
UNION ALL
SELECT 'day', 'last', date_format(CAST(last_day AS timestamp(6)), '%Y-%m-%d') FROM days WHERE last_day IS NOT NULL
