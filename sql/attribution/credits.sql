-- One row per booking, model and touchpoint that gets credit. A booking is a purchase (`sale`) or what was given
-- back of one (`return`, negative): a return takes back credit by the purchase's own split. Revenue is split into
-- whole minor units that sum to the booking exactly.
-- key: booking_id, model, touch_id
WITH bookings AS (
  SELECT conversion_id AS booking_id, 'sale' AS booking_kind, conversion_id, converted_at AS booked_at, conversion_date AS booking_date, revenue_minor
  FROM conversions
  UNION ALL
  SELECT return_id, 'return', conversion_id, returned_at, return_date, revenue_minor
  FROM returns
  WHERE revenue_minor < 0
),
split AS (
  SELECT
    b.booking_id,
    b.booking_kind,
    b.booked_at,
    b.booking_date,
    b.conversion_id,
    b.revenue_minor AS booking_minor,
    s.model,
    s.touch_id,
    s.position,
    s.share_billionths,
    abs(b.revenue_minor) / 1000000000 * s.share_billionths
      + abs(b.revenue_minor) % 1000000000 * s.share_billionths / 1000000000 AS floor_minor,
    abs(b.revenue_minor) % 1000000000 * s.share_billionths % 1000000000 AS remainder
  FROM bookings b
  JOIN credit_shares s ON s.conversion_id = b.conversion_id
),
ranked AS (
  SELECT
    *,
    abs(booking_minor) - CAST(sum(floor_minor) OVER (PARTITION BY booking_id, model ORDER BY remainder DESC, position ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS bigint) AS left_over,
    row_number() OVER (PARTITION BY booking_id, model ORDER BY remainder DESC, position) AS remainder_rank
  FROM split
)
SELECT
  r.booking_id,
  r.booking_kind,
  r.conversion_id,
  c.conversion_kind,
  r.model,
  r.touch_id,
  p.channel,
  p.source,
  p.medium,
  p.campaign,
  p.position,
  p.path_length,
  r.share_billionths,
  CAST(r.share_billionths AS double) / 1e9 AS share,
  CASE WHEN r.booking_minor < 0 THEN -1 ELSE 1 END * (r.floor_minor + CASE WHEN r.remainder_rank <= r.left_over THEN 1 ELSE 0 END) AS revenue_minor,
  c.currency,
  c.store_id,
  p.touched_at,
  c.converted_at,
  r.booked_at,
  r.booking_date,
  m.config_hash
FROM ranked r
JOIN path_steps p ON p.conversion_id = r.conversion_id AND p.position = r.position
JOIN conversions c ON c.conversion_id = r.conversion_id
JOIN fitted_models m ON m.model = r.model
