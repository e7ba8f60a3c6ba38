-- One row per alert on the last whole day of the data, the grave ones first.
-- key: subject, label
WITH wanted AS (
  SELECT CAST(? AS date) AS from_day, CAST(? AS date) AS to_day, CAST(? AS varchar) AS model, CAST(? AS varchar) AS grouped_by
)
SELECT
  a.severity,
  a.subject,
  a.message AS label,
  a.currency,
  a.alert_amount,
  a.low_amount,
  a.high_amount,
  a.unit,
  a.since
FROM found_alerts a
CROSS JOIN wanted w
ORDER BY a.alert_no
