-- One row per figure of the fits behind customer value.
-- key: label, currency
WITH wanted AS (
  SELECT CAST(? AS date) AS from_day, CAST(? AS date) AS to_day, CAST(? AS varchar) AS model, CAST(? AS varchar) AS grouped_by
)
SELECT f.parameter AS label, f.currency, f.unit, f.value, f.value_low, f.value_high, f.note
FROM customer_value_fit f
CROSS JOIN wanted w
ORDER BY f.line
