-- One row per model, day, booking with credit and kind of touchpoint that has some of it: `credits` in numbers, for
-- breakdowns. Returns take revenue off on their own day, and off `accrued_minor` on the day of their purchase, which is
-- a row of its own. Of the revenue the part whose cost is known, and that cost, in proportion to credit.
-- key: model_no, day, booking_no, origin_no
WITH priced AS (
  SELECT booking_no, CAST(sum(costed_minor) AS bigint) AS costed_minor, CAST(sum(known_cost_minor) AS bigint) AS known_cost_minor
  FROM booking_goods
  GROUP BY 1
),
bookings AS (
  SELECT
    b.booking_no,
    b.booking_id,
    b.day,
    b.purchase_day,
    b.buyer_group_no,
    b.person_no,
    b.revenue_minor,
    CASE WHEN b.revenue_minor > 0 THEN 1 ELSE 0 END AS is_sale,
    CAST(p.costed_minor AS double) AS costed_minor,
    CAST(p.known_cost_minor AS double) AS known_cost_minor
  FROM credit_bookings b
  JOIN priced p ON p.booking_no = b.booking_no
),
booked AS (
  SELECT
    m.model_no,
    b.booking_no,
    t.origin_no,
    CAST(sum(b.is_sale * c.share_billionths) AS bigint) AS credit_billionths,
    CAST(sum(c.revenue_minor) AS bigint) AS minor
  FROM credits c
  JOIN credit_models m ON m.model = c.model
  JOIN bookings b ON b.booking_id = c.booking_id
  JOIN credited_touches t ON t.touch_id = c.touch_id
  GROUP BY 1, 2, 3
),
-- The days that a booking has rows on: its own, and of a return that of its purchase.
days AS (
  SELECT booking_no, day, 1 AS is_own FROM credit_bookings
  UNION ALL
  SELECT booking_no, purchase_day, 0 FROM credit_bookings WHERE day <> purchase_day
),
parts AS (
  SELECT
    r.model_no,
    d.day,
    r.booking_no,
    r.origin_no,
    b.buyer_group_no,
    b.person_no,
    d.is_own * r.credit_billionths AS credit_billionths,
    d.is_own * b.is_sale * r.minor AS sold_minor,
    d.is_own * (1 - b.is_sale) * r.minor AS returned_minor,
    CASE WHEN d.day = b.purchase_day THEN r.minor ELSE 0 END AS accrued_minor,
    CASE WHEN d.is_own = 1 THEN CAST(round(r.minor * (b.costed_minor / b.revenue_minor)) AS bigint) ELSE 0 END AS costed_minor,
    CASE WHEN d.is_own = 1 THEN CAST(round(r.minor * (b.known_cost_minor / b.revenue_minor)) AS bigint) ELSE 0 END AS known_cost_minor
  FROM booked r
  JOIN bookings b ON b.booking_no = r.booking_no
  JOIN days d ON d.booking_no = r.booking_no
)
SELECT *
FROM parts
ORDER BY model_no, day, booking_no, origin_no
