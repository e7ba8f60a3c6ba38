-- One row per target of the shop: what has come of it, what should have by now, and how its quarter is expected to end.
-- key: quarter, label, currency
WITH wanted AS (
  SELECT
    CAST(? AS date) AS from_day,
    CAST(? AS date) AS to_day,
    CAST(? AS varchar) AS model,
    CAST(? AS varchar) AS grouped_by,
    CAST(? AS varchar) AS quarter
)
SELECT
  t.quarter,
  t.title AS label,
  t.currency,
  t.unit,
  t.target_amount,
  t.actual_amount,
  t.pace_amount,
  t.linear_pace_amount,
  t.forecast_amount,
  t.forecast_low_amount,
  t.forecast_high_amount,
  t.status,
  t.note
FROM target_progress t
CROSS JOIN wanted w
WHERE w.quarter IS NULL OR t.quarter = w.quarter
ORDER BY t.quarter, t.title, t.currency
