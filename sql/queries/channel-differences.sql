-- One row per model, currency and pair of channels: how far apart they are in revenue or in return on spend, with
-- bounds that hold for all pairs at once.
-- key: model, label, currency
WITH wanted AS (
  SELECT CAST(? AS date) AS from_day, CAST(? AS date) AS to_day, CAST(? AS varchar) AS model, CAST(? AS varchar) AS grouped_by
)
SELECT
  d.model,
  d.channel || ' - ' || d.other_channel AS label,
  d.currency,
  d.channel,
  d.other_channel,
  CASE WHEN d.measure = 'revenue' THEN CAST(round(d.difference) AS bigint) END AS revenue_difference_minor,
  CASE WHEN d.measure = 'revenue' THEN CAST(round(d.difference_low) AS bigint) END AS revenue_low_minor,
  CASE WHEN d.measure = 'revenue' THEN CAST(round(d.difference_high) AS bigint) END AS revenue_high_minor,
  CASE WHEN d.measure = 'roas' THEN d.difference END AS roas_difference,
  CASE WHEN d.measure = 'roas' THEN d.difference_low END AS roas_low,
  CASE WHEN d.measure = 'roas' THEN d.difference_high END AS roas_high,
  d.adjusted_p,
  d.verdict,
  d.config_hash,
  CAST(d.model_version AS varchar) AS model_version,
  CAST(d.random_seed AS varchar) AS random_seed,
  coalesce(p.known_buyers, 0) AS people,
  coalesce(o.known_buyers, 0) AS other_people
FROM channel_differences d
CROSS JOIN wanted w
LEFT JOIN channel_people p ON p.model = d.model AND p.channel = d.channel AND p.currency = d.currency
LEFT JOIN channel_people o ON o.model = d.model AND o.channel = d.other_channel AND o.currency = d.currency
WHERE (w.model IS NULL OR d.model = w.model) AND d.measure = w.grouped_by
ORDER BY d.model, d.adjusted_p, abs(d.difference) DESC, label, d.currency
