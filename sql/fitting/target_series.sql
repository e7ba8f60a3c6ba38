-- One row per target and day with something of its sum, in order of time; days since 1970.
-- key: target, day_no
SELECT
  t.target,
  CAST(date_diff('day', CAST('1970-01-01' AS date), d.day) AS integer) AS day_no,
  CAST(d.amount AS double) AS amount
FROM seed_targets t
JOIN series_daily d
  ON d.kpi = t.kpi
  AND d.measure = t.measure
  AND d.model = coalesce(t.model, '')
  AND d.channel = coalesce(t.channel, '')
  AND d.store_id = coalesce(t.store_id, '')
  AND d.currency = coalesce(t.currency, '')
ORDER BY t.target, d.day
