-- One row per booking with credit and product in it: what it came to, of that the part whose cost is known, and that
-- cost; each also as the sum up to and with this product, beside what the whole booking came to, so that any credit of the booking can be split over its
-- products by cumulative rounding and sums exactly. A return gives back the cost of its lines in proportion.
-- key: booking_no, product_no
WITH lines AS (
  SELECT
    l.line_id,
    l.conversion_id,
    coalesce(p.product_id, l.sku, '(not set)') AS product_id,
    coalesce(l.category, '(not set)') AS category,
    l.sold_minor,
    CASE WHEN p.currency = l.currency THEN CAST(round(l.quantity * p.unit_cost_minor) AS bigint) END AS line_cost_minor
  FROM sold_lines l
  LEFT JOIN products p ON p.sku = l.sku
),
moved AS (
  SELECT conversion_id AS booking_id, product_id, category, sold_minor AS amount_minor, line_cost_minor
  FROM lines
  UNION ALL
  SELECT
    r.return_id,
    l.product_id,
    l.category,
    r.revenue_minor,
    CAST(round(CAST(l.line_cost_minor AS double) * r.revenue_minor / nullif(l.sold_minor, 0)) AS bigint)
  FROM line_returns r
  JOIN lines l ON l.line_id = r.line_id
),
numbered AS (
  SELECT
    b.booking_no,
    CAST(dense_rank() OVER (ORDER BY m.product_id, m.category) - 1 AS integer) AS product_no,
    m.product_id,
    m.category,
    m.amount_minor,
    m.line_cost_minor
  FROM moved m
  JOIN credit_bookings b ON b.booking_id = m.booking_id
),
goods AS (
  SELECT
    booking_no,
    product_no,
    product_id,
    category,
    CAST(sum(amount_minor) AS bigint) AS product_minor,
    CAST(sum(CASE WHEN line_cost_minor IS NULL THEN 0 ELSE amount_minor END) AS bigint) AS costed_minor,
    CAST(coalesce(sum(line_cost_minor), 0) AS bigint) AS known_cost_minor
  FROM numbered
  GROUP BY 1, 2, 3, 4
)
SELECT
  *,
  CAST(sum(product_minor) OVER (PARTITION BY booking_no) AS bigint) AS booking_minor,
  CAST(sum(product_minor) OVER along AS bigint) AS product_to_minor,
  CAST(sum(costed_minor) OVER along AS bigint) AS costed_to_minor,
  CAST(sum(known_cost_minor) OVER along AS bigint) AS known_cost_to_minor
FROM goods
WINDOW along AS (PARTITION BY booking_no ORDER BY product_no ROWS UNBOUNDED PRECEDING)
