-- One row per purchase whose money was taken at a till, with its person, its consent, and what returns have left of it.
-- Times are text: of the store's zone, and UTC.
-- key: conversion_id
WITH wanted AS (
  SELECT CAST(? AS date) AS from_day, CAST(? AS date) AS to_day
),
taken_back AS (
  SELECT conversion_id, CAST(sum(revenue_minor) AS bigint) AS returned_minor
  FROM returns
  WHERE conversion_id IS NOT NULL
  GROUP BY 1
)
SELECT
  c.conversion_id,
  c.store_id,
  c.person_id,
  p.consent,
  c.is_consent_denied,
  date_format(c.converted_at, '%Y-%m-%d %H:%i:%s') AS utc_at,
  date_format(at_timezone(with_timezone(c.converted_at, 'UTC'), coalesce(s.time_zone, settings.reporting_zone)), '%Y-%m-%d %H:%i:%s') AS local_at,
  c.revenue_minor + coalesce(t.returned_minor, 0) AS net_minor,
  c.currency
FROM conversions c
JOIN sale_persons p ON p.document_id = c.conversion_id
CROSS JOIN wanted w
CROSS JOIN settings
LEFT JOIN stores s ON s.store_id = c.store_id
LEFT JOIN taken_back t ON t.conversion_id = c.conversion_id
WHERE c.receipt_id IS NOT NULL
  AND (w.from_day IS NULL OR c.conversion_date >= w.from_day)
  AND (w.to_day IS NULL OR c.conversion_date <= w.to_day)
ORDER BY c.converted_at, c.conversion_id
