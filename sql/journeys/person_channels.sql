-- One row per person with purchases: by which channel they came first, and how many they use.
-- `first_channel` is the channel of the person's first touchpoint, unless they had bought before it: then, or without any,
-- it is "(no touchpoint)". A channel is used where the person came by it, clicked, called or brought its coupon; what was only
-- shown or sent to them does not count, nor that a message was opened, which programs do too. The stores they bought in count as one more.
-- key: person_id
WITH buyers AS (
  SELECT person_id, first_purchase_at, receipts FROM customers
),
by_channel AS (
  SELECT
    t.person_id,
    t.channel,
    min(t.touched_at) AS first_touched_at,
    max(CASE WHEN t.touch_type IN ('impression', 'email_open', 'sms', 'push', 'direct_mail', 'store_leaflet') THEN 0 ELSE 1 END) AS is_used
  FROM touchpoints t
  JOIN buyers b ON b.person_id = t.person_id
  GROUP BY 1, 2
),
ordered AS (
  SELECT *, row_number() OVER (PARTITION BY person_id ORDER BY first_touched_at, channel) AS place
  FROM by_channel
),
touched AS (
  SELECT
    person_id,
    max(CASE WHEN place = 1 THEN channel END) AS channel,
    max(CASE WHEN place = 1 THEN first_touched_at END) AS first_touched_at,
    CAST(sum(is_used) AS bigint) AS used
  FROM ordered
  GROUP BY 1
)
SELECT
  b.person_id,
  CASE WHEN t.first_touched_at <= b.first_purchase_at THEN t.channel ELSE '(no touchpoint)' END AS first_channel,
  coalesce(t.used, 0) + CASE WHEN b.receipts > 0 THEN 1 ELSE 0 END AS channels_used
FROM buyers b
LEFT JOIN touched t ON t.person_id = b.person_id
