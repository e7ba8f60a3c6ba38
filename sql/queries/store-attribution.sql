-- One row per group, model and currency: what a model credits of online and of store revenue, what of the latter lies
-- on researched lines and what chance alone finds, and the spend. Spend and online revenue belong to no store.
-- key: model, label, currency
WITH wanted AS (
  SELECT
    CAST(? AS date) AS from_day,
    CAST(? AS date) AS to_day,
    CAST(? AS varchar) AS model,
    CAST(? AS varchar) AS grouped_by,
    CAST(? AS varchar) AS level
),
days AS (
  SELECT
    d.day,
    CASE w.grouped_by WHEN 'day' THEN d.day_label WHEN 'week' THEN d.week_label WHEN 'month' THEN d.month_label END AS day_label
  FROM credit_days d
  JOIN wanted w ON (w.from_day IS NULL OR d.day >= w.from_day) AND (w.to_day IS NULL OR d.day <= w.to_day)
),
origins AS (
  SELECT
    o.origin_no,
    o.channel,
    o.campaign,
    CASE w.grouped_by WHEN 'channel' THEN o.channel WHEN 'campaign' THEN o.channel || ' / ' || o.campaign END AS origin_label
  FROM credit_origins o
  CROSS JOIN wanted w
),
sellers AS (
  SELECT
    g.buyer_group_no,
    g.store_id,
    g.currency,
    g.is_in_store,
    CASE w.grouped_by WHEN 'store' THEN g.store_name WHEN 'region' THEN g.region END AS store_label
  FROM buyer_groups g
  CROSS JOIN wanted w
),
models AS (
  SELECT m.* FROM credit_models m JOIN wanted w ON w.model IS NULL OR m.model = w.model
),
parts AS (
  SELECT
    day,
    model,
    channel,
    campaign,
    CAST(NULL AS varchar) AS store_id,
    currency,
    revenue_minor - store_revenue_minor AS online_minor,
    spend_minor,
    CAST(0 AS bigint) AS compared_billionths,
    CAST(0 AS bigint) AS store_minor,
    CAST(0 AS bigint) AS repeat_minor,
    CAST(0 AS bigint) AS compared_minor,
    CAST(0 AS bigint) AS researched_minor,
    CAST(0 AS bigint) AS chance_minor
  FROM channel_daily
  UNION ALL
  SELECT
    d.day,
    d.model,
    d.channel,
    d.campaign,
    d.store_id,
    d.currency,
    0,
    0,
    d.compared_billionths,
    d.store_revenue_minor,
    d.repeat_revenue_minor,
    d.compared_minor,
    CASE w.level WHEN 'sku' THEN d.researched_sku_minor WHEN 'product' THEN d.researched_product_minor ELSE d.researched_category_minor END,
    CASE w.level WHEN 'sku' THEN d.chance_sku_minor WHEN 'product' THEN d.chance_product_minor ELSE d.chance_category_minor END
  FROM store_credit_daily d
  CROSS JOIN wanted w
),
grouped AS (
  SELECT
    p.model,
    coalesce(o.origin_label, s.store_label, t.day_label, 'all') AS label,
    p.currency,
    CAST(CASE WHEN max(w.grouped_by) IN ('store', 'region') THEN NULL ELSE sum(p.online_minor) END AS bigint) AS online_minor,
    CAST(CASE WHEN max(w.grouped_by) IN ('store', 'region') THEN NULL ELSE sum(p.spend_minor) END AS bigint) AS spend_minor,
    CAST(sum(p.store_minor) AS bigint) AS store_minor,
    CAST(sum(p.repeat_minor) AS bigint) AS repeat_minor,
    CAST(sum(p.compared_billionths) AS bigint) AS compared_billionths,
    CAST(sum(p.compared_minor) AS bigint) AS compared_minor,
    CAST(sum(p.researched_minor) AS bigint) AS researched_minor,
    CAST(sum(p.chance_minor) AS bigint) AS chance_minor,
    max(settings.ropo_min_persons) AS min_persons
  FROM parts p
  CROSS JOIN wanted w
  CROSS JOIN settings
  JOIN models m ON m.model = p.model
  JOIN days t ON t.day = p.day
  JOIN (SELECT DISTINCT channel, campaign, origin_label FROM origins) o ON o.channel = p.channel AND o.campaign = p.campaign
  LEFT JOIN (SELECT DISTINCT store_id, store_label FROM sellers) s ON s.store_id = p.store_id
  WHERE w.grouped_by NOT IN ('store', 'region') OR p.store_id IS NOT NULL
  GROUP BY 1, 2, 3
),
persons AS (
  SELECT
    coalesce(o.origin_label, s.store_label, t.day_label, 'all') AS label,
    s.currency,
    p.person_no,
    p.model_set,
    bitwise_or_agg(p.model_bits) AS model_bits
  FROM credit_people p
  CROSS JOIN wanted w
  JOIN days t ON t.day = p.day
  JOIN origins o ON o.origin_no = p.origin_no
  JOIN sellers s ON s.buyer_group_no = p.buyer_group_no
  WHERE w.grouped_by NOT IN ('store', 'region') OR s.is_in_store
  GROUP BY 1, 2, 3, 4
),
buyers AS (
  SELECT m.model, p.label, p.currency, count(*) AS people
  FROM persons p
  JOIN models m ON m.model_set = p.model_set AND bitwise_and(p.model_bits, m.model_bit) <> 0
  GROUP BY 1, 2, 3
)
SELECT g.*, coalesce(b.people, 0) AS people
FROM grouped g
LEFT JOIN buyers b ON b.model = g.model AND b.label = g.label AND b.currency = g.currency
ORDER BY g.model, g.store_minor DESC, g.label, g.currency
