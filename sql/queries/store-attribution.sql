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
numbered AS (
  SELECT v.conversion_id, t.person_no
  FROM conversions v
  JOIN touched_persons t ON t.person_id = v.person_id
),
buyers AS (
  SELECT
    c.model,
    CASE w.grouped_by
      WHEN 'channel' THEN c.channel
      WHEN 'campaign' THEN c.channel || ' / ' || c.campaign
      WHEN 'store' THEN coalesce(s.store_name, c.store_id)
      WHEN 'region' THEN coalesce(s.region, '(not set)')
      WHEN 'day' THEN date_format(CAST(c.booking_date AS timestamp(6)), '%Y-%m-%d')
      WHEN 'week' THEN date_format(CAST(date_trunc('week', c.booking_date) AS timestamp(6)), '%Y-%m-%d')
      WHEN 'month' THEN date_format(CAST(c.booking_date AS timestamp(6)), '%Y-%m')
      ELSE 'all'
    END AS label,
    c.currency,
    count(DISTINCT n.person_no) AS people
  FROM credits c
  JOIN numbered n ON n.conversion_id = c.conversion_id
  CROSS JOIN wanted w
  LEFT JOIN stores s ON s.store_id = c.store_id
  WHERE c.share_billionths > 0
    AND (w.from_day IS NULL OR c.booking_date >= w.from_day)
    AND (w.to_day IS NULL OR c.booking_date <= w.to_day)
    AND (w.model IS NULL OR c.model = w.model)
    AND (w.grouped_by NOT IN ('store', 'region') OR c.conversion_kind IN ('receipt', 'reserve_and_collect'))
  GROUP BY 1, 2, 3
),
grouped AS (
  SELECT
    p.model,
    CASE w.grouped_by
      WHEN 'channel' THEN p.channel
      WHEN 'campaign' THEN p.channel || ' / ' || p.campaign
      WHEN 'store' THEN coalesce(s.store_name, p.store_id)
      WHEN 'region' THEN coalesce(s.region, '(not set)')
      WHEN 'day' THEN date_format(CAST(p.day AS timestamp(6)), '%Y-%m-%d')
      WHEN 'week' THEN date_format(CAST(date_trunc('week', p.day) AS timestamp(6)), '%Y-%m-%d')
      WHEN 'month' THEN date_format(CAST(p.day AS timestamp(6)), '%Y-%m')
      ELSE 'all'
    END AS label,
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
  LEFT JOIN stores s ON s.store_id = p.store_id
  WHERE (w.from_day IS NULL OR p.day >= w.from_day)
    AND (w.to_day IS NULL OR p.day <= w.to_day)
    AND (w.model IS NULL OR p.model = w.model)
    AND (w.grouped_by NOT IN ('store', 'region') OR p.store_id IS NOT NULL)
  GROUP BY 1, 2, 3
)
SELECT g.*, coalesce(b.people, 0) AS people
FROM grouped g
LEFT JOIN buyers b ON b.model = g.model AND b.label = g.label AND b.currency = g.currency
ORDER BY g.model, g.store_minor DESC, g.label, g.currency
