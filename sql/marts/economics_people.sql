-- One row per model, channel, kind of buyer, currency and span of time (a day, a week, a month, or all): how many known
-- people have a purchase, return, pick-up or contact in it that the model credits to the channel. The channel (all
-- channels) has everybody, (unattributed) those of purchases that no model credits; both are alike for every model. What
-- economics of channels are shown or withheld by: a period has no fewer people than any span inside it. Days and weeks of
-- fewer than five are left out: they would allow nothing. Models are bits of a number until people are counted.
-- key: model, channel, persona, currency, span, first_day
WITH spans AS (
  SELECT d.day, v.span, CASE v.span
    WHEN 'day' THEN d.day
    WHEN 'week' THEN CAST(date_trunc('week', d.day) AS date)
    WHEN 'month' THEN CAST(date_trunc('month', d.day) AS date)
    ELSE CAST('1970-01-01' AS date)
  END AS first_day
  FROM (SELECT DISTINCT day FROM cost_bookings) d
  CROSS JOIN (VALUES ('day'), ('week'), ('month'), ('all')) v(span)
),
numbered AS (
  SELECT
    b.credit_booking_id,
    b.stated_channel,
    b.day,
    dense_rank() OVER (ORDER BY b.persona, b.currency) AS group_no,
    b.persona,
    b.currency,
    dense_rank() OVER (ORDER BY b.person_id) AS person_no
  FROM cost_bookings b
  WHERE b.person_id IS NOT NULL
),
kinds AS (
  SELECT DISTINCT group_no, persona, currency FROM numbered
),
credited AS (
  SELECT k.booking_id, o.channel, p.model_set, bitwise_or_agg(p.model_bits) AS model_bits
  FROM credit_people p
  JOIN credit_bookings k ON k.booking_no = p.booking_no
  JOIN credit_origins o ON o.origin_no = p.origin_no
  GROUP BY 1, 2, 3
),
with_credit AS (
  SELECT DISTINCT booking_id FROM credited
),
sets AS (
  SELECT model_set, CAST(sum(model_bit) AS bigint) AS all_bits FROM credit_models GROUP BY 1
),
channel_numbers AS (
  SELECT CAST(row_number() OVER (ORDER BY channel) AS integer) AS channel_no, channel
  FROM (
    SELECT channel FROM credit_origins
    UNION
    SELECT stated_channel FROM cost_bookings WHERE stated_channel IS NOT NULL
    UNION
    SELECT v.channel FROM (VALUES ('(all channels)'), ('(unattributed)')) v(channel)
  ) c
),
bought AS (
  SELECT c.channel, c.model_set, c.model_bits, n.group_no, n.day, n.person_no
  FROM numbered n
  JOIN credited c ON c.booking_id = n.credit_booking_id
  UNION ALL
  SELECT n.stated_channel, s.model_set, s.all_bits, n.group_no, n.day, n.person_no
  FROM numbered n
  CROSS JOIN sets s
  WHERE n.stated_channel IS NOT NULL
  UNION ALL
  SELECT '(all channels)', -1, 0, group_no, day, person_no FROM numbered
  UNION ALL
  SELECT '(unattributed)', -1, 0, n.group_no, n.day, n.person_no
  FROM numbered n
  LEFT JOIN with_credit w ON w.booking_id = n.credit_booking_id
  WHERE w.booking_id IS NULL AND n.stated_channel IS NULL
),
daily AS (
  SELECT n.channel_no, b.group_no, b.day, b.person_no, b.model_set, bitwise_or_agg(b.model_bits) AS model_bits
  FROM bought b
  JOIN channel_numbers n ON n.channel = b.channel
  GROUP BY 1, 2, 3, 4, 5
),
persons AS (
  SELECT d.channel_no, d.group_no, s.span, s.first_day, d.person_no, d.model_set, bitwise_or_agg(d.model_bits) AS model_bits
  FROM daily d
  JOIN spans s ON s.day = d.day
  GROUP BY 1, 2, 3, 4, 5, 6
),
models AS (
  SELECT m.model, c.model_no, c.model_set, c.model_bit
  FROM seed_attribution_models m
  JOIN credit_models c ON c.model = m.model
  WHERE m.is_enabled
),
-- A model is in one set, so that a person stands in one row of it.
credited_by AS (
  SELECT m.model_no, p.channel_no, p.group_no, p.span, p.first_day, count(*) AS known_buyers
  FROM persons p
  JOIN models m ON m.model_set = p.model_set AND bitwise_and(p.model_bits, m.model_bit) <> 0
  GROUP BY 1, 2, 3, 4, 5
),
of_every_model AS (
  SELECT channel_no, group_no, span, first_day, count(*) AS known_buyers
  FROM persons
  WHERE model_set = -1
  GROUP BY 1, 2, 3, 4
),
counted AS (
  SELECT m.model, c.channel_no, c.group_no, c.span, c.first_day, c.known_buyers
  FROM credited_by c
  JOIN models m ON m.model_no = c.model_no
  UNION ALL
  SELECT m.model, e.channel_no, e.group_no, e.span, e.first_day, e.known_buyers
  FROM of_every_model e
  CROSS JOIN models m
)
SELECT
  c.model,
  n.channel,
  k.persona,
  k.currency,
  c.span,
  c.first_day,
  CAST(
    CASE c.span
      WHEN 'week' THEN date_add('day', 6, c.first_day)
      WHEN 'month' THEN date_add('day', -1, date_trunc('month', date_add('day', 31, c.first_day)))
      ELSE c.first_day
    END AS date
  ) AS last_span_day,
  c.known_buyers
FROM counted c
JOIN kinds k ON k.group_no = c.group_no
JOIN channel_numbers n ON n.channel_no = c.channel_no
WHERE c.known_buyers >= 5 OR c.span IN ('month', 'all')
ORDER BY c.model, n.channel, k.persona, k.currency, c.span, c.first_day
