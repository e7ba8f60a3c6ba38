-- One row per booking, model and touchpoint that gets credit. A booking is a purchase (`sale`) or what was given
-- back of one (`return`, negative): a return takes back credit by the purchase's own split. Revenue is split into
-- whole minor units that sum to the booking exactly.
-- key: booking_id, model, touch_id
WITH numbered AS (
  SELECT DISTINCT conversion_id, conversion_no FROM path_steps
),
bookings AS (
  SELECT
    row_number() OVER (ORDER BY b.booking_kind, b.booking_id) AS booking_no,
    n.conversion_no,
    b.*
  FROM (
    SELECT conversion_id AS booking_id, 'sale' AS booking_kind, conversion_id, converted_at AS booked_at, conversion_date AS booking_date, revenue_minor
    FROM conversions
    UNION ALL
    SELECT return_id, 'return', conversion_id, returned_at, return_date, revenue_minor
    FROM returns
    WHERE revenue_minor < 0
  ) b
  JOIN numbered n ON n.conversion_id = b.conversion_id
),
models AS (
  SELECT model, config_hash, CAST(row_number() OVER (ORDER BY model) AS integer) AS model_no
  FROM fitted_models
),
split AS (
  SELECT
    b.booking_no,
    m.model_no,
    s.position,
    s.share_billionths,
    abs(b.revenue_minor) AS booking_minor,
    abs(b.revenue_minor) / 1000000000 * s.share_billionths
      + abs(b.revenue_minor) % 1000000000 * s.share_billionths / 1000000000 AS floor_minor,
    abs(b.revenue_minor) % 1000000000 * s.share_billionths % 1000000000 AS remainder
  FROM bookings b
  JOIN credit_shares s ON s.conversion_no = b.conversion_no
  JOIN models m ON m.model = s.model
),
ranked AS (
  SELECT
    booking_no,
    model_no,
    position,
    share_billionths,
    floor_minor,
    booking_minor - CAST(sum(floor_minor) OVER (PARTITION BY booking_no, model_no ORDER BY remainder DESC, position ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS bigint) AS left_over,
    row_number() OVER (PARTITION BY booking_no, model_no ORDER BY remainder DESC, position) AS remainder_rank
  FROM split
)
SELECT
  b.booking_id,
  b.booking_kind,
  b.conversion_id,
  c.conversion_kind,
  m.model,
  p.touch_id,
  p.channel,
  p.source,
  p.medium,
  p.campaign,
  p.position,
  p.path_length,
  r.share_billionths,
  CAST(r.share_billionths AS double) / 1e9 AS share,
  CASE WHEN b.booking_kind = 'return' THEN -1 ELSE 1 END * (r.floor_minor + CASE WHEN r.remainder_rank <= r.left_over THEN 1 ELSE 0 END) AS revenue_minor,
  c.currency,
  c.store_id,
  p.touched_at,
  c.converted_at,
  b.booked_at,
  b.booking_date,
  m.config_hash
FROM ranked r
JOIN bookings b ON b.booking_no = r.booking_no
JOIN models m ON m.model_no = r.model_no
JOIN path_steps p ON p.conversion_no = b.conversion_no AND p.position = r.position
JOIN conversions c ON c.conversion_id = b.conversion_id
