-- One row per booking that has credit: a purchase with a path, or what was given back of one, numbered from 0.
-- key: booking_no
WITH bookings AS (
  SELECT conversion_id AS booking_id, conversion_id, day, revenue_minor
  FROM credited_purchases
  UNION ALL
  SELECT return_id, conversion_id, return_date, revenue_minor
  FROM returns
  WHERE revenue_minor < 0
)
SELECT
  CAST(row_number() OVER (ORDER BY b.booking_id) - 1 AS integer) AS booking_no,
  b.booking_id,
  b.conversion_id,
  b.day,
  p.day AS purchase_day,
  p.buyer_group_no,
  p.person_no,
  b.revenue_minor
FROM bookings b
JOIN credited_purchases p ON p.conversion_id = b.conversion_id
