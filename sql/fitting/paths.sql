-- One row per distinct path, in the order of its number.
-- key: path_no
SELECT
  path_no,
  numbered_path,
  CAST(total_conversions AS double) AS conversions,
  CAST(total_null AS double) AS nulls
FROM model_paths
ORDER BY path_no
