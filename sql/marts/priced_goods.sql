-- One row per currency: what was sold, and the part of it whose cost of goods is the unit cost of its product.
-- key: currency
SELECT
  currency,
  CAST(sum(sold_minor) AS bigint) AS sold_minor,
  CAST(sum(sold_minor - estimated_minor - uncosted_minor) AS bigint) AS costed_minor
FROM cost_bookings
WHERE booking_kind = 'sale'
GROUP BY 1
