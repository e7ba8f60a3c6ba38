-- One row per measure, model, cause, group and currency: changes of closed figures that were booked in the period.
-- key: measure, model, cause, label, currency
WITH wanted AS (
  SELECT CAST(? AS date) AS from_day, CAST(? AS date) AS to_day, CAST(? AS varchar) AS model, CAST(? AS varchar) AS grouped_by
)
SELECT
  r.measure,
  r.model,
  r.cause,
  CASE w.grouped_by
    WHEN 'booking' THEN coalesce(r.booking_id, '(credit)')
    WHEN 'channel' THEN coalesce(r.channel, '(bookings)')
    WHEN 'store' THEN coalesce(s.store_name, r.store_id, CASE WHEN r.booking_id IS NULL THEN '(credit)' ELSE '(online)' END)
    WHEN 'booked_on' THEN date_format(CAST(r.booked_on AS timestamp(6)), '%Y-%m-%d')
    WHEN 'closing' THEN date_format(CAST(r.closed_through AS timestamp(6)), '%Y-%m-%d')
    ELSE 'all'
  END AS label,
  r.currency,
  count(*) AS restatements,
  CAST(sum(r.amount) AS bigint) AS amount_minor
FROM restatements r
CROSS JOIN wanted w
LEFT JOIN stores s ON s.store_id = r.store_id
WHERE (w.from_day IS NULL OR r.booked_on >= w.from_day)
  AND (w.to_day IS NULL OR r.booked_on <= w.to_day)
GROUP BY 1, 2, 3, 4, 5
ORDER BY 1, 2, 3, 4, 5
