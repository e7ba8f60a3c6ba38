-- One row per group: people counted at the doors and receipts of the period; the ratio is made of days with counts.
-- key: label
WITH wanted AS (
  SELECT CAST(? AS date) AS from_day, CAST(? AS date) AS to_day, CAST(? AS varchar) AS model, CAST(? AS varchar) AS grouped_by
)
SELECT
  CASE w.grouped_by
    WHEN 'store' THEN coalesce(s.store_name, d.store_id)
    WHEN 'region' THEN coalesce(s.region, '(not set)')
    WHEN 'day' THEN date_format(CAST(d.day AS timestamp(6)), '%Y-%m-%d')
    WHEN 'week' THEN date_format(CAST(date_trunc('week', d.day) AS timestamp(6)), '%Y-%m-%d')
    WHEN 'month' THEN date_format(CAST(d.day AS timestamp(6)), '%Y-%m')
    ELSE 'all'
  END AS label,
  CAST(sum(d.entries) AS bigint) AS entries,
  CAST(sum(d.modelled_entries) AS bigint) AS modelled_entries,
  CAST(sum(d.receipts) AS bigint) AS receipts,
  CAST(sum(CASE WHEN d.is_compared THEN 1 ELSE 0 END) AS bigint) AS compared_days,
  CAST(sum(CASE WHEN d.is_compared THEN 0 ELSE 1 END) AS bigint) AS left_out_days,
  CAST(sum(CASE WHEN d.is_compared THEN d.entries ELSE 0 END) AS bigint) AS compared_entries,
  CAST(sum(CASE WHEN d.is_compared THEN 100 * d.receipts ELSE 0 END) AS bigint) AS compared_receipts_hundredfold
FROM store_footfall_daily d
CROSS JOIN wanted w
LEFT JOIN stores s ON s.store_id = d.store_id
WHERE (w.from_day IS NULL OR d.day >= w.from_day)
  AND (w.to_day IS NULL OR d.day <= w.to_day)
GROUP BY 1
ORDER BY 2 DESC, 1
