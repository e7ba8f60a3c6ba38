-- One row per model, channel, kind of buyer, currency and span of time (a day, a week, a month, or all): how many known
-- people have a purchase, return, pick-up or contact in it that the model credits to the channel. The channel (all
-- channels) has everybody, (unattributed) those of purchases that no model credits; both are alike for every model. What
-- economics of channels are shown or withheld by: a period has no fewer people than any span inside it. Days and weeks of
-- fewer than five are left out: they would allow nothing.
-- key: model, channel, persona, currency, span, first_day
WITH models AS (
  SELECT model FROM seed_attribution_models WHERE is_enabled
),
numbered AS (
  SELECT
    b.credit_booking_id,
    b.stated_channel,
    b.day,
    b.currency,
    b.persona,
    dense_rank() OVER (ORDER BY b.person_id) AS person_no
  FROM cost_bookings b
  WHERE b.person_id IS NOT NULL
),
credited AS (
  SELECT DISTINCT r.model, r.channel, n.persona, n.currency, n.day, n.person_no
  FROM credits r
  JOIN numbered n ON n.credit_booking_id = r.booking_id
  WHERE r.share_billionths > 0
),
with_credit AS (
  SELECT DISTINCT booking_id FROM credits
),
everybody AS (
  SELECT DISTINCT CASE v.channel WHEN '(all channels)' THEN v.channel ELSE coalesce(n.stated_channel, v.channel) END AS channel, n.persona, n.currency, n.day, n.person_no
  FROM numbered n
  LEFT JOIN with_credit w ON w.booking_id = n.credit_booking_id
  CROSS JOIN (VALUES ('(all channels)'), ('(unattributed)')) v(channel)
  WHERE v.channel = '(all channels)' OR w.booking_id IS NULL
),
bought AS (
  SELECT model, channel, persona, currency, day, person_no FROM credited
  UNION
  SELECT m.model, e.channel, e.persona, e.currency, e.day, e.person_no
  FROM everybody e
  CROSS JOIN models m
),
spans AS (
  SELECT model, channel, persona, currency, 'day' AS span, day AS first_day, person_no FROM bought
  UNION
  SELECT model, channel, persona, currency, 'week', CAST(date_trunc('week', day) AS date), person_no FROM bought
  UNION
  SELECT model, channel, persona, currency, 'month', CAST(date_trunc('month', day) AS date), person_no FROM bought
  UNION
  SELECT model, channel, persona, currency, 'all', CAST('1970-01-01' AS date), person_no FROM bought
)
SELECT
  model,
  channel,
  persona,
  currency,
  span,
  first_day,
  CAST(
    CASE span
      WHEN 'week' THEN date_add('day', 6, first_day)
      WHEN 'month' THEN date_add('day', -1, date_trunc('month', date_add('day', 31, first_day)))
      ELSE first_day
    END AS date
  ) AS last_span_day,
  count(*) AS known_buyers
FROM spans
GROUP BY 1, 2, 3, 4, 5, 6, 7
HAVING count(*) >= 5 OR span IN ('month', 'all')
ORDER BY model, channel, persona, currency, span, first_day
