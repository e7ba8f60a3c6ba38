-- One row per purchase or return and model whose credit is not its revenue, or whose shares are not one.
-- key: booking_id, model
WITH bookings AS (
  SELECT conversion_id AS booking_id, revenue_minor FROM conversions
  UNION ALL
  SELECT return_id, revenue_minor FROM returns WHERE revenue_minor < 0
)
SELECT
  c.booking_id,
  c.model,
  CAST(sum(c.revenue_minor) AS bigint) AS credited_minor,
  min(b.revenue_minor) AS booked_minor,
  CAST(sum(c.share_billionths) AS bigint) AS share_billionths
FROM credits c
LEFT JOIN bookings b ON b.booking_id = c.booking_id
GROUP BY 1, 2
HAVING min(b.booking_id) IS NULL OR sum(c.revenue_minor) <> min(b.revenue_minor) OR sum(c.share_billionths) <> 1000000000
