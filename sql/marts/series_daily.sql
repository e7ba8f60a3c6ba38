-- One row per day and sum that targets and alerts look at: a KPI and measure of the whole shop, and of the models, channels
-- and stores that a target is set for. Empty texts are the whole shop, and figures without a model or currency. Revenue of
-- ropo is store revenue on lines whose category the buyer had viewed online, before chance is taken out.
-- key: day, kpi, measure, model, channel, store_id, currency
WITH wanted AS (
  SELECT DISTINCT coalesce(model, '') AS model, coalesce(channel, '') AS channel, coalesce(store_id, '') AS store_id
  FROM seed_targets
),
wanted_stores AS (
  SELECT DISTINCT store_id FROM wanted WHERE store_id <> ''
),
wanted_channels AS (
  SELECT DISTINCT channel FROM wanted WHERE channel <> ''
),
wanted_models AS (
  SELECT DISTINCT model FROM wanted WHERE model <> ''
),
one_model AS (
  SELECT min(model) AS model FROM seed_attribution_models WHERE is_enabled
),
bought AS (
  SELECT conversion_date AS day, coalesce(store_id, '') AS store_id, currency, count(*) AS purchases, CAST(sum(revenue_minor) AS bigint) AS sold_minor
  FROM conversions
  GROUP BY 1, 2, 3
),
researched AS (
  SELECT s.day, s.store_id, s.currency, CAST(sum(s.researched_category_minor) AS bigint) AS researched_minor
  FROM store_credit_daily s
  JOIN one_model m ON m.model = s.model
  GROUP BY 1, 2, 3
),
figures AS (
  SELECT day, 'purchases' AS kpi, 'purchases' AS measure, '' AS model, '' AS channel, '' AS store_id, '' AS currency, purchases AS amount
  FROM bought
  UNION ALL
  SELECT b.day, 'purchases', 'purchases', '', '', b.store_id, '', b.purchases
  FROM bought b
  JOIN wanted_stores w ON w.store_id = b.store_id
  UNION ALL
  SELECT day, 'purchases', 'sold', '', '', '', currency, sold_minor FROM bought
  UNION ALL
  SELECT b.day, 'purchases', 'sold', '', '', b.store_id, b.currency, b.sold_minor
  FROM bought b
  JOIN wanted_stores w ON w.store_id = b.store_id
  UNION ALL
  SELECT d.day, 'attribution', 'revenue', d.model, '', '', d.currency, d.revenue_minor
  FROM channel_daily d
  JOIN wanted_models m ON m.model = d.model
  UNION ALL
  SELECT d.day, 'attribution', 'revenue', d.model, d.channel, '', d.currency, d.revenue_minor
  FROM channel_daily d
  JOIN wanted_models m ON m.model = d.model
  JOIN wanted_channels c ON c.channel = d.channel
  UNION ALL
  SELECT d.day, 'attribution', 'spend', '', '', '', d.currency, d.spend_minor
  FROM channel_daily d
  JOIN one_model m ON m.model = d.model
  UNION ALL
  SELECT d.day, 'attribution', 'spend', '', d.channel, '', d.currency, d.spend_minor
  FROM channel_daily d
  JOIN one_model m ON m.model = d.model
  JOIN wanted_channels c ON c.channel = d.channel
  UNION ALL
  SELECT day, 'ropo', 'revenue', '', '', '', currency, researched_minor FROM researched
  UNION ALL
  SELECT r.day, 'ropo', 'revenue', '', '', r.store_id, r.currency, r.researched_minor
  FROM researched r
  JOIN wanted_stores w ON w.store_id = r.store_id
  UNION ALL
  SELECT first_purchase_date, 'customers', 'new_customers', '', '', '', '', 1 FROM person_segments
)
SELECT day, kpi, measure, model, channel, store_id, currency, CAST(sum(amount) AS bigint) AS amount
FROM figures
GROUP BY 1, 2, 3, 4, 5, 6, 7
HAVING sum(amount) <> 0
