-- One row per day, model, channel with source, medium and campaign, and currency of which the figures reported are not
-- what is known now: by how much they are more. Breakdowns that no closing keeps have these as a row of their own, so that
-- they come to what is reported. Empty while no period is closed.
-- key: model_no, day, origin_no, currency
WITH closed AS (
  SELECT DISTINCT m.model, m.model_no
  FROM raw_closings r
  JOIN credit_models m ON m.model = r.model
),
figures AS (
  SELECT
    c.model_no, d.day, d.channel, d.source, d.medium, d.campaign, d.currency,
    d.credit_billionths, d.sold_minor, d.returned_minor, d.accrued_minor, d.store_revenue_minor
  FROM channel_daily d
  JOIN closed c ON c.model = d.model
  UNION ALL
  SELECT
    c.model_no, f.day, f.channel, f.source, f.medium, f.campaign, f.currency,
    -f.credit_billionths, -f.sold_minor, -f.returned_minor, -f.accrued_minor, -f.store_revenue_minor
  FROM channel_figures f
  JOIN closed c ON c.model = f.model
),
differences AS (
  SELECT
    model_no,
    day,
    channel,
    source,
    medium,
    campaign,
    currency,
    CAST(sum(credit_billionths) AS bigint) AS credit_billionths,
    CAST(sum(sold_minor) AS bigint) AS sold_minor,
    CAST(sum(returned_minor) AS bigint) AS returned_minor,
    CAST(sum(accrued_minor) AS bigint) AS accrued_minor,
    CAST(sum(store_revenue_minor) AS bigint) AS store_revenue_minor
  FROM figures
  GROUP BY 1, 2, 3, 4, 5, 6, 7
)
SELECT
  d.model_no,
  d.day,
  o.origin_no,
  d.currency,
  d.credit_billionths,
  d.sold_minor,
  d.returned_minor,
  d.accrued_minor,
  d.store_revenue_minor
FROM differences d
JOIN credit_origins o
  ON o.origin_no < 0 AND o.channel = d.channel AND o.source = d.source AND o.medium = d.medium AND o.campaign = d.campaign
WHERE d.credit_billionths <> 0 OR d.sold_minor <> 0 OR d.returned_minor <> 0 OR d.accrued_minor <> 0 OR d.store_revenue_minor <> 0
