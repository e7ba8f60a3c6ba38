-- One row per day, model, channel, campaign and currency: what was credited and what was spent, as all that is known
-- now says. `accrued_minor` has returns on the day of their purchase, `revenue_minor` on their own.
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
    CAST(sum(CASE WHEN conversion_kind IN ('receipt', 'reserve_and_collect') THEN revenue_minor ELSE 0 END) AS bigint) AS store_revenue_minor
  FROM credits
  GROUP BY 1, 2, 3, 4, 5, 6, 7
),
accrued AS (
  SELECT
    c.conversion_date AS day,
    r.model,
    r.channel,
    r.source,
    r.medium,
    r.campaign,
    r.currency,
    CAST(sum(r.revenue_minor) AS bigint) AS returned_minor
  FROM credits r
  JOIN conversions c ON c.conversion_id = r.conversion_id
  WHERE r.booking_kind = 'return'
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
),
everything AS (
  SELECT
    day,
    model,
    channel,
    source,
    medium,
    campaign,
    currency,
    credit_billionths,
    sold_minor,
    returned_minor,
    store_revenue_minor,
    sold_minor AS accrued_minor,
    CAST(0 AS bigint) AS spend_minor,
    CAST(0 AS bigint) AS clicks,
    CAST(0 AS bigint) AS impressions
  FROM credited
  UNION ALL
  SELECT day, model, channel, source, medium, campaign, currency, 0, 0, 0, 0, returned_minor, 0, 0, 0
  FROM accrued
  UNION ALL
  SELECT day, model, channel, source, medium, campaign, currency, 0, 0, 0, 0, 0, spend_minor, clicks, impressions
  FROM spent
)
SELECT
  day,
  model,
  channel,
  source,
  medium,
  campaign,
  currency,
  CAST(sum(credit_billionths) AS bigint) AS credit_billionths,
  CAST(sum(sold_minor) AS bigint) AS sold_minor,
  CAST(sum(returned_minor) AS bigint) AS returned_minor,
  CAST(sum(store_revenue_minor) AS bigint) AS store_revenue_minor,
  CAST(sum(sold_minor + returned_minor) AS bigint) AS revenue_minor,
  CAST(sum(accrued_minor) AS bigint) AS accrued_minor,
  CAST(coalesce(sum(spend_minor), 0) AS bigint) AS spend_minor,
  CAST(coalesce(sum(clicks), 0) AS bigint) AS clicks,
  CAST(coalesce(sum(impressions), 0) AS bigint) AS impressions
FROM everything
GROUP BY 1, 2, 3, 4, 5, 6, 7
