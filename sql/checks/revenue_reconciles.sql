-- One row per model and currency whose revenue does not add up. A build with any does not publish.
-- key: model, currency
SELECT
  model,
  currency,
  CAST(sum(CASE WHEN bucket = 'received' THEN revenue_minor ELSE 0 END) AS bigint) AS received_minor,
  CAST(sum(CASE WHEN bucket = 'received' THEN 0 ELSE revenue_minor END) AS bigint) AS accounted_minor
FROM reconciliation
GROUP BY 1, 2
HAVING sum(CASE WHEN bucket = 'received' THEN revenue_minor ELSE -revenue_minor END) <> 0
