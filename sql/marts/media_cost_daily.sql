-- One row per day, model, channel, kind of buyer and currency: media cost of the channel as channel_daily reports it, over
-- kinds of buyers by what the model credits the channel of their purchases in that month. In a month in which nobody
-- bought it is of nobody in particular. Parts are rounded along the kinds of buyers, so that they sum to the day's cost.
-- key: day, model, channel, persona, currency
WITH spent AS (
  SELECT day, model, channel, currency, CAST(sum(spend_minor) AS bigint) AS spend_minor
  FROM channel_daily
  GROUP BY 1, 2, 3, 4
  HAVING sum(spend_minor) <> 0
),
buyers AS (
  SELECT
    date_trunc('month', b.day) AS month_start,
    c.model,
    c.channel,
    b.currency,
    b.persona,
    CAST(sum(c.share_billionths) AS decimal(38, 0)) AS weight
  FROM cost_bookings b
  JOIN credits c ON c.booking_id = b.credit_booking_id
  WHERE b.booking_kind = 'sale'
  GROUP BY 1, 2, 3, 4, 5
  HAVING sum(c.share_billionths) > 0
),
weighed AS (
  SELECT
    b.*,
    sum(weight) OVER (PARTITION BY month_start, model, channel, currency) AS weights,
    sum(weight) OVER (PARTITION BY month_start, model, channel, currency ORDER BY persona ROWS UNBOUNDED PRECEDING) AS weight_to
  FROM buyers b
)
SELECT
  s.day,
  s.model,
  s.channel,
  coalesce(b.persona, '(of nobody in particular)') AS persona,
  s.currency,
  CASE
    WHEN b.persona IS NULL THEN s.spend_minor
    ELSE CAST(round(CAST(s.spend_minor * b.weight_to - s.spend_minor * b.weight_to % b.weights AS double) / CAST(b.weights AS double)) AS bigint)
      - CAST(round(CAST(s.spend_minor * (b.weight_to - b.weight) - s.spend_minor * (b.weight_to - b.weight) % b.weights AS double) / CAST(b.weights AS double)) AS bigint)
  END AS spend_minor
FROM spent s
LEFT JOIN weighed b
  ON b.month_start = date_trunc('month', s.day)
  AND b.model = s.model
  AND b.channel = s.channel
  AND b.currency = s.currency
