-- One row per group, model and currency: what was credited and what was spent in the period.
-- key: model, label, currency
WITH wanted AS (
  SELECT CAST(? AS date) AS from_day, CAST(? AS date) AS to_day, CAST(? AS varchar) AS model, CAST(? AS varchar) AS grouped_by
),
credited AS (
  SELECT
    c.model,
    CASE w.grouped_by
      WHEN 'source_medium' THEN c.source || ' / ' || c.medium
      WHEN 'campaign' THEN c.channel || ' / ' || c.campaign
      WHEN 'day' THEN date_format(CAST(c.booking_date AS timestamp(6)), '%Y-%m-%d')
    END AS label,
    c.currency,
    c.conversion_id
  FROM credits c
  CROSS JOIN wanted w
  WHERE w.grouped_by IN ('source_medium', 'campaign', 'day')
    AND c.share_billionths > 0
    AND (w.from_day IS NULL OR c.booking_date >= w.from_day)
    AND (w.to_day IS NULL OR c.booking_date <= w.to_day)
    AND (w.model IS NULL OR c.model = w.model)
),
buyers AS (
  SELECT k.model, k.label, k.currency, count(DISTINCT c.person_id) AS people
  FROM (SELECT DISTINCT model, label, currency, conversion_id FROM credited) k
  JOIN conversions c ON c.conversion_id = k.conversion_id
  GROUP BY 1, 2, 3
),
grouped AS (
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
)
SELECT g.*, coalesce(b.people, 0) AS people
FROM grouped g
LEFT JOIN buyers b ON b.model = g.model AND b.label = g.label AND b.currency = g.currency
ORDER BY g.model, g.revenue_minor DESC, g.label, g.currency
