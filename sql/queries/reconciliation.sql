-- One row per model, currency and place where the revenue of all time went.
-- key: model, currency, bucket, label
WITH wanted AS (
  SELECT CAST(? AS date) AS from_day, CAST(? AS date) AS to_day, CAST(? AS varchar) AS model, CAST(? AS varchar) AS grouped_by
)
SELECT
  r.model,
  r.currency,
  r.bucket,
  r.reason AS label,
  r.revenue_minor,
  r.records
FROM reconciliation r
CROSS JOIN wanted w
WHERE w.model IS NULL OR r.model = w.model
ORDER BY 1, 2, CASE r.bucket WHEN 'received' THEN 1 WHEN 'attributed' THEN 2 WHEN 'unattributed' THEN 3 ELSE 4 END, 4
