-- One row per source of data, and one for the shop: how far its data reach and whether it still delivers.
-- key: label
WITH wanted AS (
  SELECT CAST(? AS date) AS from_day, CAST(? AS date) AS to_day, CAST(? AS varchar) AS model, CAST(? AS varchar) AS grouped_by
)
SELECT
  f.source AS label,
  f.records,
  f.silent_days,
  f.longest_gap_days,
  date_format(CAST(f.last_at AS timestamp(6)), '%Y-%m-%dT%H:%i:%sZ') AS last_at,
  date_format(CAST(f.complete_through AS timestamp(6)), '%Y-%m-%d') AS complete_through,
  f.status
FROM data_freshness f
CROSS JOIN wanted w
ORDER BY CASE f.source WHEN 'shop' THEN 0 ELSE 1 END, f.records DESC, f.source
