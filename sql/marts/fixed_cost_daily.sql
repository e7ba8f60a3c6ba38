-- One row per day, model, channel and currency: fixed cost that the shop states for the channel, a month's over its days,
-- so that they sum to the month's. From the first to the last day with a booking, spend, or data at all.
-- key: day, model, channel, currency
WITH span AS (
  SELECT min(d.day) AS first_day, max(d.day) AS last_day
  FROM (
    SELECT day FROM cost_bookings
    UNION ALL
    SELECT day FROM channel_daily WHERE spend_minor <> 0
    UNION ALL
    SELECT CAST(last_day AS date) FROM source_rhythms WHERE source = 'shop' AND last_day IS NOT NULL
  ) d
),
calendar AS (
  SELECT CAST(date_add('day', d.days_on, s.first_day) AS date) AS day
  FROM span s
  CROSS JOIN UNNEST(sequence(0, date_diff('day', s.first_day, s.last_day))) AS d(days_on)
  WHERE s.first_day IS NOT NULL
),
dated AS (
  SELECT
    day,
    day(day) AS day_no,
    day(date_add('day', -1, date_trunc('month', date_add('day', 31, date_trunc('month', day))))) AS month_days
  FROM calendar
)
SELECT
  d.day,
  m.model,
  r.channel,
  r.currency,
  CAST(sum(
    CAST(r.rate_millionths AS bigint) / 1000000 * d.day_no / d.month_days
      - CAST(r.rate_millionths AS bigint) / 1000000 * (d.day_no - 1) / d.month_days
  ) AS bigint) AS fixed_minor
FROM cost_rates r
CROSS JOIN dated d
JOIN seed_attribution_models m ON m.is_enabled
WHERE r.stage = 'fixed'
GROUP BY 1, 2, 3, 4
