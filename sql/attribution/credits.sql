-- One row per booking, model and touchpoint that gets credit. A booking is a purchase (`sale`) or what was given
-- back of one (`return`, negative): a return takes back credit by the purchase's own split. Revenue is split into
-- whole minor units that sum to the booking exactly. Several returns, each rounded for itself, could take a unit more
-- from a touchpoint than it was given: what goes beyond is taken from those that have some left, so that no credit
-- falls below zero and a purchase that came back whole leaves none.
-- key: booking_id, model, touch_id
WITH numbered AS (
  SELECT DISTINCT conversion_id, conversion_no FROM path_steps
),
given_back AS (
  SELECT DISTINCT conversion_id FROM returns WHERE revenue_minor < 0
),
bookings AS (
  SELECT
    row_number() OVER (ORDER BY b.booking_kind, b.booking_id) AS booking_no,
    n.conversion_no,
    g.conversion_id IS NOT NULL AS is_given_back,
    b.booking_kind = 'return' AS is_return,
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
  LEFT JOIN given_back g ON g.conversion_id = b.conversion_id
),
models AS (
  SELECT model, config_hash, CAST(row_number() OVER (ORDER BY model) AS integer) AS model_no
  FROM fitted_models
),
split AS (
  SELECT
    b.booking_no,
    b.is_return,
    b.is_given_back,
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
    is_return,
    is_given_back,
    model_no,
    position,
    share_billionths,
    floor_minor,
    booking_minor - CAST(sum(floor_minor) OVER (PARTITION BY booking_no, model_no ORDER BY remainder DESC, position ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS bigint) AS left_over,
    row_number() OVER (PARTITION BY booking_no, model_no ORDER BY remainder DESC, position) AS remainder_rank
  FROM split
),
rounded AS (
  SELECT
    booking_no,
    is_return,
    is_given_back,
    model_no,
    position,
    share_billionths,
    floor_minor + CASE WHEN remainder_rank <= left_over THEN 1 ELSE 0 END AS minor
  FROM ranked
),
wanted AS (
  SELECT
    r.*,
    b.conversion_no,
    b.booked_at,
    b.booking_id,
    max(CASE WHEN r.is_return THEN 0 ELSE r.minor END) OVER touchpoint AS sale_minor,
    CAST(sum(CASE WHEN r.is_return THEN r.minor ELSE 0 END) OVER touchpoint AS bigint) AS wanted_in_all,
    CAST(sum(CASE WHEN r.is_return THEN r.minor ELSE 0 END) OVER (touchpoint ORDER BY r.is_return, b.booked_at, b.booking_id ROWS UNBOUNDED PRECEDING) AS bigint) AS wanted_so_far
  FROM rounded r
  JOIN bookings b ON b.booking_no = r.booking_no
  WHERE r.is_given_back
  WINDOW touchpoint AS (PARTITION BY b.conversion_no, r.model_no, r.position)
),
capped AS (
  SELECT
    *,
    least(wanted_so_far, sale_minor) - least(wanted_so_far - minor, sale_minor) AS capped_minor,
    sale_minor - least(wanted_in_all, sale_minor) AS room_minor
  FROM wanted
  WHERE is_return
),
short AS (
  SELECT
    *,
    CAST(sum(minor - capped_minor) OVER (PARTITION BY booking_no, model_no) AS bigint) AS short_minor,
    CAST(sum(minor - capped_minor) OVER (PARTITION BY conversion_no, model_no ORDER BY booked_at, booking_id) AS bigint) AS short_to,
    CAST(sum(room_minor) OVER (PARTITION BY booking_no, model_no ORDER BY position ROWS UNBOUNDED PRECEDING) AS bigint) AS room_to
  FROM capped
),
settled AS (
  SELECT booking_no, model_no, position, share_billionths, minor AS revenue_minor
  FROM rounded
  WHERE NOT is_return
  UNION ALL
  SELECT
    booking_no,
    model_no,
    position,
    share_billionths,
    -(capped_minor + greatest(0, least(short_to, room_to) - greatest(short_to - short_minor, room_to - room_minor)))
  FROM short
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
  r.revenue_minor,
  c.currency,
  c.store_id,
  p.touched_at,
  c.converted_at,
  b.booked_at,
  b.booking_date,
  m.config_hash
FROM settled r
JOIN bookings b ON b.booking_no = r.booking_no
JOIN models m ON m.model_no = r.model_no
JOIN path_steps p ON p.conversion_no = b.conversion_no AND p.position = r.position
JOIN conversions c ON c.conversion_id = b.conversion_id
