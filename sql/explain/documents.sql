-- One row per order or receipt that a number may mean: its whole key, its receipt or order number, or, as a last
-- resort, the web order that a receipt names. Times are local to the store, or in the reporting zone where there is none.
-- key: document_id
WITH wanted AS (
  SELECT CAST(? AS varchar) AS id, CAST(? AS varchar) AS store_id
),
documents AS (
  SELECT
    l.document_id,
    min(l.document_kind) AS document_kind,
    min(CASE WHEN l.treatment NOT IN ('superseded_version', 'reported_by_event_too') THEN l.order_id END) AS order_id,
    min(l.receipt_id) AS receipt_id,
    min(CASE WHEN l.treatment NOT IN ('superseded_version', 'reported_by_event_too') THEN l.tender END) AS tender,
    min(CASE
      WHEN l.document_id = w.id THEN 1
      WHEN l.receipt_id = w.id OR (l.document_kind = 'order' AND l.order_id = w.id) THEN 2
      ELSE 3
    END) AS meant_by
  FROM sale_lines l
  CROSS JOIN wanted w
  WHERE l.document_kind IN ('order', 'receipt') AND (l.document_id = w.id OR l.receipt_id = w.id OR l.order_id = w.id)
  GROUP BY 1
)
SELECT
  d.document_id,
  d.document_kind,
  d.order_id,
  d.receipt_id,
  d.tender,
  d.meant_by,
  p.store_id,
  s.store_name,
  s.region,
  coalesce(s.time_zone, settings.reporting_zone) AS time_zone,
  date_format(p.occurred_at, '%Y-%m-%dT%H:%i:%sZ') AS occurred_at,
  date_format(at_timezone(with_timezone(p.occurred_at, 'UTC'), coalesce(s.time_zone, settings.reporting_zone)), '%Y-%m-%d %H:%i:%s') AS local_at,
  p.currency,
  p.person_id,
  p.identified_by,
  p.evidence_strength,
  e.meaning AS evidence_meaning,
  p.consent,
  p.is_consent_denied,
  p.is_withdrawn,
  p.is_erased,
  p.key_kinds,
  c.conversion_kind,
  c.revenue_minor,
  k.lookback_days,
  k.lookback_steps,
  settings.ropo_window_days AS window_days,
  settings.ropo_shift_weeks AS shift_weeks
FROM documents d
JOIN sale_persons p ON p.document_id = d.document_id
CROSS JOIN wanted w
CROSS JOIN settings
LEFT JOIN stores s ON s.store_id = p.store_id
LEFT JOIN conversions c ON c.conversion_id = d.document_id
LEFT JOIN seed_conversion_kinds k ON k.conversion_kind = c.conversion_kind
LEFT JOIN seed_identifier_evidence e ON e.identified_by = p.identified_by
WHERE w.store_id IS NULL OR p.store_id = w.store_id
ORDER BY d.meant_by, p.occurred_at, d.document_id
