-- One row per day with credit or spend: which of the two, and the week (by its Monday), month and quarter that it is in.
-- key: day
WITH booked AS (
  SELECT day, CASE WHEN credit_billionths > 0 THEN 1 ELSE 0 END AS has_sale, CASE WHEN spend_minor <> 0 THEN 1 ELSE 0 END AS has_spend
  FROM channel_daily
  UNION ALL
  SELECT day, 0, 0 FROM credit_bookings
  UNION ALL
  SELECT purchase_day, 0, 0 FROM credit_bookings
),
days AS (
  SELECT day, max(has_sale) = 1 AS has_sale, max(has_spend) = 1 AS has_spend
  FROM booked
  GROUP BY 1
)
SELECT
  day,
  has_sale,
  has_spend,
  date_format(CAST(day AS timestamp(6)), '%Y-%m-%d') AS day_label,
  date_format(CAST(date_trunc('week', day) AS timestamp(6)), '%Y-%m-%d') AS week_label,
  date_format(CAST(day AS timestamp(6)), '%Y-%m') AS month_label,
  date_format(CAST(day AS timestamp(6)), '%Y') || '-Q' || CAST(quarter(day) AS varchar) AS quarter_label
FROM days
