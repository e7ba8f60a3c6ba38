-- One row per group, model and currency: what was credited and what was spent in the period.
-- key: model, label, currency
WITH wanted AS (
  SELECT CAST(? AS date) AS from_day, CAST(? AS date) AS to_day, CAST(? AS varchar) AS model, CAST(? AS varchar) AS grouped_by
)
SELECT
  d.model,
  CASE w.grouped_by
    WHEN 'channel' THEN d.channel
    WHEN 'source_medium' THEN d.source || ' / ' || d.medium
    WHEN 'campaign' THEN d.channel || ' / ' || d.campaign
    WHEN 'day' THEN date_format(CAST(d.day AS timestamp(6)), '%Y-%m-%d')
    WHEN 'week' THEN date_format(CAST(date_trunc('week', d.day) AS timestamp(6)), '%Y-%m-%d')
    WHEN 'month' THEN date_format(CAST(d.day AS timestamp(6)), '%Y-%m')
    ELSE 'all'
  END AS label,
  d.currency,
  CAST(sum(d.credit_billionths) AS bigint) AS credit_billionths,
  CAST(sum(d.sold_minor) AS bigint) AS sold_minor,
  CAST(sum(d.returned_minor) AS bigint) AS returned_minor,
  CAST(sum(d.revenue_minor) AS bigint) AS revenue_minor,
  CAST(sum(d.accrued_minor) AS bigint) AS accrued_minor,
  CAST(sum(d.store_revenue_minor) AS bigint) AS store_revenue_minor,
  CAST(sum(d.spend_minor) AS bigint) AS spend_minor,
  CAST(sum(d.clicks) AS bigint) AS clicks,
  CAST(sum(d.impressions) AS bigint) AS impressions
FROM channel_daily d
CROSS JOIN wanted w
WHERE (w.from_day IS NULL OR d.day >= w.from_day)
  AND (w.to_day IS NULL OR d.day <= w.to_day)
  AND (w.model IS NULL OR d.model = w.model)
GROUP BY 1, 2, 3
ORDER BY 1, 7 DESC, 2, 3
