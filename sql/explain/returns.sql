-- One row per return that a document is part of: as the purchase that something is taken from, or as what gives back.
-- key: return_id
WITH wanted AS (
  SELECT CAST(? AS varchar) AS document_id
)
SELECT
  r.return_id,
  r.document_id,
  r.conversion_id,
  r.conversion_id = w.document_id AS is_of_purchase,
  r.store_id,
  s.store_name,
  date_format(at_timezone(with_timezone(r.returned_at, 'UTC'), coalesce(s.time_zone, settings.reporting_zone)), '%Y-%m-%d %H:%i:%s') AS local_at,
  coalesce(s.time_zone, settings.reporting_zone) AS time_zone,
  r.currency,
  r.revenue_minor,
  r.excess_minor
FROM returns r
CROSS JOIN wanted w
CROSS JOIN settings
LEFT JOIN stores s ON s.store_id = r.store_id
WHERE r.conversion_id = w.document_id OR r.document_id = w.document_id
ORDER BY r.returned_at, r.return_id
