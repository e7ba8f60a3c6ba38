-- One row per purchase: an order or receipt that sold merchandise. Returns are apart, in `returns`.
-- key: conversion_id
WITH sold AS (
  SELECT
    document_id,
    min(document_kind) AS document_kind,
    min(fulfilment) AS fulfilment,
    min(order_id) AS order_id,
    min(receipt_id) AS receipt_id,
    CAST(sum(amount_minor) AS bigint) AS revenue_minor,
    count(*) AS lines
  FROM sale_lines
  WHERE treatment = 'sale'
  GROUP BY 1
)
SELECT
  s.document_id AS conversion_id,
  CASE
    WHEN s.document_kind = 'order' AND s.fulfilment = 'ship' THEN 'order'
    WHEN s.fulfilment IN ('click_and_collect', 'reserve_and_collect') THEN s.fulfilment
    ELSE s.document_kind
  END AS conversion_kind,
  p.occurred_at AS converted_at,
  CAST(at_timezone(with_timezone(p.occurred_at, 'UTC'), coalesce(store.time_zone, settings.reporting_zone)) AS date) AS conversion_date,
  p.store_id,
  p.person_id,
  p.identified_by,
  p.evidence_strength,
  p.is_consent_denied,
  s.order_id,
  s.receipt_id,
  s.lines,
  s.revenue_minor,
  p.currency
FROM sold s
JOIN sale_persons p ON p.document_id = s.document_id
CROSS JOIN settings
LEFT JOIN stores store ON store.store_id = p.store_id
WHERE s.revenue_minor > 0
