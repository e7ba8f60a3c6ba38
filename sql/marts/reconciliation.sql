-- One row per model, currency and place where revenue went: received = attributed + unattributed + excluded.
-- What an erasure made nobody's is unattributed as `erased`.
-- `received` is summed from the raw rows, everything else from what the build made of them.
-- key: model, currency, bucket, reason
WITH models AS (
  SELECT model FROM seed_attribution_models WHERE is_enabled
),
whole_refunds AS (
  SELECT r.currency, CAST(sum(r.revenue_minor + r.excess_minor) AS bigint) AS revenue_minor
  FROM returns r
  JOIN (SELECT DISTINCT document_id FROM sale_lines WHERE is_whole_refund AND treatment = 'return') w ON w.document_id = r.document_id
  GROUP BY 1
),
received AS (
  SELECT
    s.currency,
    CAST(sum(coalesce(s.amount_minor, 0) + coalesce(s.tax_minor, 0)) AS bigint) AS revenue_minor,
    count(DISTINCT s.document_id) AS documents
  FROM raw_sales s
  GROUP BY 1
),
with_paths AS (
  SELECT DISTINCT conversion_id FROM path_steps
),
settled AS (
  SELECT
    c.conversion_id,
    c.currency,
    c.revenue_minor,
    CASE
      WHEN p.conversion_id IS NOT NULL THEN 'attributed'
      WHEN d.is_erased THEN 'erased'
      WHEN c.is_consent_denied THEN 'no_consent'
      WHEN c.person_id IS NULL THEN 'unidentified'
      ELSE 'no_touch_in_window'
    END AS reason
  FROM conversions c
  JOIN sale_persons d ON d.document_id = c.conversion_id
  LEFT JOIN with_paths p ON p.conversion_id = c.conversion_id
),
everything AS (
  SELECT currency, 'received' AS bucket, 'stated' AS reason, revenue_minor, documents FROM received
  UNION ALL
  SELECT currency, 'received', 'whole_refunds', revenue_minor, CAST(0 AS bigint) FROM whole_refunds
  UNION ALL
  SELECT currency, 'excluded', treatment, amount_minor + tax_minor, CAST(1 AS bigint)
  FROM sale_lines
  WHERE treatment NOT IN ('sale', 'return')
  UNION ALL
  SELECT currency, 'excluded', 'tax', tax_minor, CAST(1 AS bigint)
  FROM sale_lines
  WHERE tax_minor <> 0 AND treatment IN ('sale', 'return')
  UNION ALL
  SELECT l.currency, 'excluded', 'nothing_sold', l.amount_minor, CAST(1 AS bigint)
  FROM sale_lines l
  LEFT JOIN conversions c ON c.conversion_id = l.document_id
  WHERE l.treatment = 'sale' AND c.conversion_id IS NULL
  UNION ALL
  SELECT currency, 'unattributed', reason, revenue_minor, CAST(1 AS bigint)
  FROM settled
  WHERE reason <> 'attributed'
  UNION ALL
  SELECT r.currency, 'unattributed', s.reason, r.revenue_minor, CAST(1 AS bigint)
  FROM returns r
  JOIN settled s ON s.conversion_id = r.conversion_id
  WHERE s.reason <> 'attributed' AND r.revenue_minor <> 0
  UNION ALL
  SELECT currency, 'unattributed', 'return_without_purchase', excess_minor, CAST(1 AS bigint)
  FROM returns
  WHERE excess_minor <> 0 AND conversion_id IS NULL
  UNION ALL
  SELECT currency, 'unattributed', 'return_beyond_purchase', excess_minor, CAST(1 AS bigint)
  FROM returns
  WHERE excess_minor <> 0 AND conversion_id IS NOT NULL
)
SELECT
  m.model,
  e.currency,
  e.bucket,
  e.reason,
  CAST(sum(e.revenue_minor) AS bigint) AS revenue_minor,
  CAST(sum(e.documents) AS bigint) AS records
FROM everything e
CROSS JOIN models m
GROUP BY 1, 2, 3, 4
UNION ALL
SELECT
  model,
  currency,
  'attributed',
  booking_kind,
  CAST(sum(revenue_minor) AS bigint),
  count(DISTINCT booking_id)
FROM credits
GROUP BY 1, 2, 3, 4
