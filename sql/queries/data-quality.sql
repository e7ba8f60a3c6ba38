-- One row per measure of the data: records in the period.
-- key: label
WITH wanted AS (
  SELECT CAST(? AS date) AS from_day, CAST(? AS date) AS to_day, CAST(? AS varchar) AS model, CAST(? AS varchar) AS grouped_by
)
SELECT
  CASE w.grouped_by
    WHEN 'day' THEN date_format(CAST(d.day AS timestamp(6)), '%Y-%m-%d') || ' ' || d.measure
    WHEN 'month' THEN date_format(CAST(d.day AS timestamp(6)), '%Y-%m') || ' ' || d.measure
    ELSE d.measure
  END AS label,
  CAST(sum(d.records) AS bigint) AS records
FROM data_quality_daily d
CROSS JOIN wanted w
WHERE (w.from_day IS NULL OR d.day >= w.from_day)
  AND (w.to_day IS NULL OR d.day <= w.to_day)
GROUP BY 1
ORDER BY 1
