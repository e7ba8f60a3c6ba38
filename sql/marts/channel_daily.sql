-- One row per day, model, channel, campaign and currency: what was credited and what was spent, as it is reported: closed
-- days as they were closed, later changes of them on the first open day. Sums are additive within one model; credited
-- revenue is net of returns, which count on the day of the return, and in `accrued_minor` on the day of their purchase.
-- key: day, model, channel, source, medium, campaign, currency
SELECT
  day,
  model,
  channel,
  source,
  medium,
  campaign,
  currency,
  CAST(sum(CASE WHEN measure = 'credited_purchases' THEN amount ELSE 0 END) AS bigint) AS credit_billionths,
  CAST(sum(CASE WHEN measure = 'credited_sold' THEN amount ELSE 0 END) AS bigint) AS sold_minor,
  CAST(sum(CASE WHEN measure = 'credited_returned' THEN amount ELSE 0 END) AS bigint) AS returned_minor,
  CAST(sum(CASE WHEN measure = 'credited_in_store' THEN amount ELSE 0 END) AS bigint) AS store_revenue_minor,
  CAST(sum(CASE WHEN measure IN ('credited_sold', 'credited_returned') THEN amount ELSE 0 END) AS bigint) AS revenue_minor,
  CAST(sum(CASE WHEN measure = 'credited_by_purchase_date' THEN amount ELSE 0 END) AS bigint) AS accrued_minor,
  CAST(sum(CASE WHEN measure = 'spend' THEN amount ELSE 0 END) AS bigint) AS spend_minor,
  CAST(sum(CASE WHEN measure = 'clicks' THEN amount ELSE 0 END) AS bigint) AS clicks,
  CAST(sum(CASE WHEN measure = 'impressions' THEN amount ELSE 0 END) AS bigint) AS impressions
FROM ledger
WHERE model IS NOT NULL
GROUP BY 1, 2, 3, 4, 5, 6, 7
