-- One row: the settings, typed.
-- key: reporting_zone
SELECT
  max(CASE WHEN name = 'reporting_zone' THEN value END) AS reporting_zone,
  max(CASE WHEN name = 'session_gap_minutes' THEN CAST(value AS bigint) END) AS session_gap_minutes,
  max(CASE WHEN name = 'match_unknown_consent' THEN CASE WHEN value = 'true' THEN 1 ELSE 0 END END) = 1 AS match_unknown_consent,
  max(CASE WHEN name = 'stitching' THEN value END) AS stitching,
  max(CASE WHEN name = 'ropo_window_days' THEN CAST(value AS bigint) END) AS ropo_window_days,
  max(CASE WHEN name = 'ropo_shift_weeks' THEN CAST(value AS bigint) END) AS ropo_shift_weeks,
  max(CASE WHEN name = 'ropo_min_persons' THEN CAST(value AS bigint) END) AS ropo_min_persons,
  max(CASE WHEN name = 'loyalty_fraction' THEN CAST(value AS double) END) AS loyalty_fraction,
  max(CASE WHEN name = 'transaction_upload_fraction' THEN CAST(value AS double) END) AS transaction_upload_fraction,
  max(CASE WHEN name = 'visit_hours' THEN CAST(value AS bigint) END) AS visit_hours,
  max(CASE WHEN name = 'return_match_days' THEN CAST(value AS bigint) END) AS return_match_days,
  max(CASE WHEN name = 'null_path_gap_days' THEN CAST(value AS bigint) END) AS null_path_gap_days,
  max(CASE WHEN name = 'path_transform' THEN value END) AS path_transform,
  max(CASE WHEN name = 'random_seed' THEN CAST(value AS bigint) END) AS random_seed,
  max(CASE WHEN name = 'interval_replicates' THEN CAST(value AS bigint) END) AS interval_replicates,
  max(CASE WHEN name = 'interval_level' THEN CAST(value AS double) END) AS interval_level,
  max(CASE WHEN name = 'value_min_history_days' THEN CAST(value AS bigint) END) AS value_min_history_days,
  max(CASE WHEN name = 'value_min_repeat_persons' THEN CAST(value AS bigint) END) AS value_min_repeat_persons,
  max(CASE WHEN name = 'value_holdout_share' THEN CAST(value AS double) END) AS value_holdout_share,
  max(CASE WHEN name = 'value_yearly_discount' THEN CAST(value AS double) END) AS value_yearly_discount
FROM seed_settings
