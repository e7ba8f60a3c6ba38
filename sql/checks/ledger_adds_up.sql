-- One row per measure, model and currency whose reported sum is not what is known over all time, with what was known
-- through rows that retention took away.
-- key: measure, model, currency
WITH reported AS (
  SELECT measure, coalesce(model, '') AS model, currency, CAST(sum(amount) AS bigint) AS amount
  FROM ledger
  WHERE measure IN ('sold', 'returned_by_purchase_date', 'returned_by_return_date', 'orphaned', 'credited_sold', 'credited_returned')
  GROUP BY 1, 2, 3
  UNION ALL
  SELECT 'credited', model, currency, CAST(sum(amount) AS bigint)
  FROM ledger
  WHERE measure = 'credited_by_purchase_date'
  GROUP BY 1, 2, 3
),
known_parts AS (
  SELECT 'sold' AS measure, '' AS model, currency, CAST(sum(revenue_minor) AS bigint) AS amount FROM conversions GROUP BY 1, 2, 3
  UNION ALL
  SELECT 'returned_by_purchase_date', '', currency, CAST(sum(revenue_minor) AS bigint) FROM returns GROUP BY 1, 2, 3
  UNION ALL
  SELECT 'returned_by_return_date', '', currency, CAST(sum(revenue_minor) AS bigint) FROM returns GROUP BY 1, 2, 3
  UNION ALL
  SELECT 'orphaned', '', currency, CAST(sum(excess_minor) AS bigint) FROM returns GROUP BY 1, 2, 3
  UNION ALL
  SELECT CASE booking_kind WHEN 'sale' THEN 'credited_sold' ELSE 'credited_returned' END, model, currency, CAST(sum(revenue_minor) AS bigint)
  FROM credits
  GROUP BY 1, 2, 3
  UNION ALL
  SELECT 'credited', model, currency, CAST(sum(revenue_minor) AS bigint) FROM credits GROUP BY 1, 2, 3
  UNION ALL
  SELECT CASE r.measure WHEN 'credited_by_purchase_date' THEN 'credited' ELSE r.measure END, r.model, r.currency, CAST(sum(r.amount) AS bigint)
  FROM raw_closings r
  JOIN seed_attribution_models m ON m.model = r.model AND m.is_enabled
  WHERE r.entry = 'retained' AND r.measure IN ('credited_sold', 'credited_returned', 'credited_by_purchase_date')
  GROUP BY 1, 2, 3
),
known AS (
  SELECT measure, model, currency, CAST(sum(amount) AS bigint) AS amount FROM known_parts GROUP BY 1, 2, 3
)
SELECT
  coalesce(r.measure, k.measure) AS measure,
  coalesce(r.model, k.model) AS model,
  coalesce(r.currency, k.currency) AS currency,
  coalesce(r.amount, 0) AS reported,
  coalesce(k.amount, 0) AS known
FROM reported r
FULL OUTER JOIN known k ON k.measure = r.measure AND k.model = r.model AND k.currency = r.currency
WHERE coalesce(r.amount, 0) <> coalesce(k.amount, 0)
