-- One row per day, model, channel, campaign and currency: what was credited and what was spent. Sums are additive
-- within one model; credited revenue is net of returns, which count on the day of the return.
-- key: day, model, channel, source, medium, campaign, currency
WITH credited AS (
  SELECT
    booking_date AS day,
    model,
    channel,
    source,
    medium,
    campaign,
    currency,
    CAST(sum(CASE WHEN booking_kind = 'sale' THEN share_billionths ELSE 0 END) AS bigint) AS credit_billionths,
    CAST(sum(CASE WHEN booking_kind = 'sale' THEN revenue_minor ELSE 0 END) AS bigint) AS sold_minor,
    CAST(sum(CASE WHEN booking_kind = 'return' THEN revenue_minor ELSE 0 END) AS bigint) AS returned_minor,
    CAST(sum(CASE WHEN conversion_kind IN ('receipt', 'reserve_and_collect') THEN revenue_minor ELSE 0 END) AS bigint) AS store_revenue_minor,
    CAST(sum(revenue_minor) AS bigint) AS revenue_minor
  FROM credits
  GROUP BY 1, 2, 3, 4, 5, 6, 7
),
spent AS (
  SELECT
    s.spend_date AS day,
    m.model,
    coalesce(s.channel, t.channel) AS channel,
    t.source,
    t.medium,
    t.campaign,
    s.currency,
    CAST(sum(s.cost_minor) AS bigint) AS spend_minor,
    CAST(sum(s.clicks) AS bigint) AS clicks,
    CAST(sum(s.impressions) AS bigint) AS impressions
  FROM spend_days s
  JOIN traffic_sources t ON t.traffic = s.traffic
  CROSS JOIN seed_attribution_models m
  WHERE m.is_enabled
  GROUP BY 1, 2, 3, 4, 5, 6, 7
)
SELECT
  coalesce(c.day, s.day) AS day,
  coalesce(c.model, s.model) AS model,
  coalesce(c.channel, s.channel) AS channel,
  coalesce(c.source, s.source) AS source,
  coalesce(c.medium, s.medium) AS medium,
  coalesce(c.campaign, s.campaign) AS campaign,
  coalesce(c.currency, s.currency) AS currency,
  coalesce(c.credit_billionths, 0) AS credit_billionths,
  coalesce(c.sold_minor, 0) AS sold_minor,
  coalesce(c.returned_minor, 0) AS returned_minor,
  coalesce(c.store_revenue_minor, 0) AS store_revenue_minor,
  coalesce(c.revenue_minor, 0) AS revenue_minor,
  coalesce(s.spend_minor, 0) AS spend_minor,
  coalesce(s.clicks, 0) AS clicks,
  coalesce(s.impressions, 0) AS impressions
FROM credited c
FULL OUTER JOIN spent s
  ON s.day = c.day
  AND s.model = c.model
  AND s.channel = c.channel
  AND s.source = c.source
  AND s.medium = c.medium
  AND s.campaign = c.campaign
  AND s.currency = c.currency
