-- One row: the settings, typed.
-- key: reporting_zone
SELECT
  max(CASE WHEN name = 'reporting_zone' THEN value END) AS reporting_zone,
  max(CASE WHEN name = 'session_gap_minutes' THEN CAST(value AS bigint) END) AS session_gap_minutes,
  max(CASE WHEN name = 'match_unknown_consent' THEN CASE WHEN value = 'true' THEN 1 ELSE 0 END END) = 1 AS match_unknown_consent,
  max(CASE WHEN name = 'ropo_window_days' THEN CAST(value AS bigint) END) AS ropo_window_days,
  max(CASE WHEN name = 'null_path_gap_days' THEN CAST(value AS bigint) END) AS null_path_gap_days
FROM seed_settings
