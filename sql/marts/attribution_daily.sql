-- One row per day, model, channel with source, medium and campaign, and currency: the figures of `channel_daily`, as they
-- are reported, in numbers, beside the margin as known now: credited revenue of goods whose cost is known, and that cost.
-- key: model_no, day, origin_no, currency
WITH kept_origins AS (
  SELECT k.origin_no AS kept_no, k.channel, k.source, k.medium, k.campaign FROM credit_origins k WHERE k.origin_no < 0
),
figures AS (
  SELECT
    m.model_no, d.day, o.kept_no, d.currency, d.credit_billionths, d.sold_minor, d.returned_minor, d.accrued_minor, d.store_revenue_minor, d.spend_minor,
    CAST(0 AS bigint) AS costed_minor,
    CAST(0 AS bigint) AS known_cost_minor
  FROM channel_daily d
  JOIN credit_models m ON m.model = d.model
  JOIN kept_origins o ON o.channel = d.channel AND o.source = d.source AND o.medium = d.medium AND o.campaign = d.campaign
  UNION ALL
  SELECT
    p.model_no, p.day, k.kept_no, g.currency, 0, 0, 0, 0, 0, 0,
    CAST(sum(p.costed_minor) AS bigint),
    CAST(sum(p.known_cost_minor) AS bigint)
  FROM credit_parts p
  JOIN credit_origins o ON o.origin_no = p.origin_no
  JOIN kept_origins k ON k.channel = o.channel AND k.source = o.source AND k.medium = o.medium AND k.campaign = o.campaign
  JOIN buyer_groups g ON g.buyer_group_no = p.buyer_group_no
  GROUP BY 1, 2, 3, 4
)
SELECT
  model_no,
  day,
  kept_no AS origin_no,
  currency,
  CAST(sum(credit_billionths) AS bigint) AS credit_billionths,
  CAST(sum(sold_minor) AS bigint) AS sold_minor,
  CAST(sum(returned_minor) AS bigint) AS returned_minor,
  CAST(sum(accrued_minor) AS bigint) AS accrued_minor,
  CAST(sum(store_revenue_minor) AS bigint) AS store_revenue_minor,
  CAST(sum(spend_minor) AS bigint) AS spend_minor,
  CAST(sum(costed_minor) AS bigint) AS costed_minor,
  CAST(sum(known_cost_minor) AS bigint) AS known_cost_minor
FROM figures
GROUP BY 1, 2, 3, 4
ORDER BY 1, 2, 3, 4
