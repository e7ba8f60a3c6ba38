-- One row per model, channel and currency: credited revenue of all time, its share and return on spend, with intervals.
-- key: model, label, currency
WITH wanted AS (
  SELECT CAST(? AS date) AS from_day, CAST(? AS date) AS to_day, CAST(? AS varchar) AS model, CAST(? AS varchar) AS grouped_by
)
SELECT
  i.model,
  i.channel AS label,
  i.currency,
  CAST(i.net_minor AS bigint) AS revenue_minor,
  CAST(i.net_low_minor AS bigint) AS revenue_low_minor,
  CAST(i.net_high_minor AS bigint) AS revenue_high_minor,
  i.revenue_share,
  i.share_low,
  i.share_high,
  i.roas,
  i.roas_low,
  i.roas_high,
  CASE WHEN i.is_refitted = 1 THEN 'yes' ELSE 'no, weights kept' END AS refitted,
  -- As a decimal: each engine writes a double its own way.
  regexp_replace(CAST(CAST(i.interval_level AS decimal(18, 9)) AS varchar), '0+$', '') AS interval_level,
  CAST(i.replicates AS varchar) AS replicates,
  i.config_hash,
  CAST(i.model_version AS varchar) AS model_version,
  CAST(i.random_seed AS varchar) AS random_seed,
  coalesce(p.known_buyers, 0) AS people
FROM channel_intervals i
CROSS JOIN wanted w
LEFT JOIN channel_people p ON p.model = i.model AND p.channel = i.channel AND p.currency = i.currency
WHERE w.model IS NULL OR i.model = w.model
ORDER BY 1, 4 DESC, 2, 3
