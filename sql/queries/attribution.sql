-- One row per group, model and currency: what was credited and what was spent in the period, and how many people are
-- behind it. What the ledger keeps (by channel, source and medium, campaign and time) is as it was closed. Other groups
-- are of what is known now, and what closed figures differ by is a row of its own, so that all groupings come to the
-- same; margins are always of what is known now. Spend is known by what the ledger keeps alone. Persons are numbers
-- here. Of figures that were kept when their persons went the purchases stand for people: at least one.
-- key: model, label, currency
WITH wanted AS (
  SELECT
    CAST(? AS date) AS from_day,
    CAST(? AS date) AS to_day,
    CAST(? AS varchar) AS model,
    CAST(? AS varchar) AS grouped_by,
    CAST(? AS varchar) AS channel,
    CAST(? AS varchar) AS campaign,
    CAST(? AS varchar) AS store,
    CAST(? AS varchar) AS region,
    CAST(? AS varchar) AS category,
    CAST(? AS varchar) AS device,
    CAST(? AS varchar) AS persona,
    CAST(? AS varchar) AS customer_type
),
asked AS (
  SELECT
    *,
    grouped_by IN ('store', 'region', 'category', 'product', 'device', 'persona', 'customer_type') AS is_broken_down,
    coalesce(store, region, category, device, persona, customer_type) IS NOT NULL AS is_narrowed,
    grouped_by IN ('category', 'product') OR category IS NOT NULL AS is_of_goods,
    grouped_by = 'channel' AND coalesce(campaign, store, region, category, device, persona, customer_type) IS NULL AND from_day IS NULL AND to_day IS NULL AS is_whole
  FROM wanted
),
models AS (
  SELECT m.* FROM credit_models m JOIN wanted w ON w.model IS NULL OR m.model = w.model
),
days AS (
  SELECT
    d.day,
    d.has_sale,
    CASE w.grouped_by WHEN 'day' THEN d.day_label WHEN 'week' THEN d.week_label WHEN 'month' THEN d.month_label WHEN 'quarter' THEN d.quarter_label END AS day_label
  FROM credit_days d
  JOIN wanted w ON (w.from_day IS NULL OR d.day >= w.from_day) AND (w.to_day IS NULL OR d.day <= w.to_day)
),
origins AS (
  SELECT
    o.origin_no,
    CASE w.grouped_by WHEN 'channel' THEN o.channel WHEN 'source_medium' THEN o.source || ' / ' || o.medium WHEN 'campaign' THEN o.channel || ' / ' || o.campaign WHEN 'device' THEN o.device END AS origin_label
  FROM credit_origins o
  JOIN wanted w
    ON (w.channel IS NULL OR o.channel = w.channel)
    AND (w.campaign IS NULL OR o.campaign = w.campaign OR o.channel || ' / ' || o.campaign = w.campaign)
    AND (w.device IS NULL OR o.device = w.device)
),
buyers AS (
  SELECT
    g.buyer_group_no,
    g.currency,
    CASE WHEN g.is_in_store THEN 1 ELSE 0 END AS is_in_store,
    CASE w.grouped_by WHEN 'store' THEN g.store_name WHEN 'region' THEN g.region WHEN 'persona' THEN g.persona WHEN 'customer_type' THEN g.customer_type END AS buyer_label
  FROM buyer_groups g
  JOIN wanted w
    ON (w.store IS NULL OR g.store_id = w.store OR g.store_name = w.store)
    AND (w.region IS NULL OR g.region = w.region)
    AND (w.persona IS NULL OR g.persona = w.persona)
    AND (w.customer_type IS NULL OR g.customer_type = w.customer_type)
),
goods AS (
  SELECT
    b.booking_no,
    CAST(b.product_to_minor AS double) / b.booking_minor AS amount_to,
    CAST(b.product_to_minor - b.product_minor AS double) / b.booking_minor AS amount_before,
    CAST(b.costed_to_minor AS double) / b.booking_minor AS costed_to,
    CAST(b.costed_to_minor - b.costed_minor AS double) / b.booking_minor AS costed_before,
    CAST(b.known_cost_to_minor AS double) / b.booking_minor AS cost_to,
    CAST(b.known_cost_to_minor - b.known_cost_minor AS double) / b.booking_minor AS cost_before,
    CASE a.grouped_by WHEN 'category' THEN p.category WHEN 'product' THEN p.product_title END AS goods_label
  FROM booking_goods b
  JOIN credited_products p ON p.product_no = b.product_no
  JOIN asked a ON a.is_of_goods AND (a.category IS NULL OR p.category = a.category)
),
figures AS (
  SELECT
    d.model_no, coalesce(o.origin_label, t.day_label, 'all') AS label, d.currency, d.credit_billionths, d.sold_minor, d.returned_minor, d.accrued_minor,
    d.store_revenue_minor, d.costed_minor, d.known_cost_minor, d.spend_minor
  FROM attribution_daily d
  JOIN asked a ON NOT a.is_narrowed AND NOT a.is_broken_down
  JOIN days t ON t.day = d.day
  JOIN origins o ON o.origin_no = d.origin_no
  JOIN models m ON m.model_no = d.model_no
  UNION ALL
  SELECT
    d.model_no, '(adjusted after closing)', d.currency, d.credit_billionths, d.sold_minor, d.returned_minor, d.accrued_minor,
    d.store_revenue_minor, 0, 0, 0
  FROM closing_adjustments d
  JOIN asked a ON NOT a.is_narrowed AND a.is_broken_down
  JOIN days t ON t.day = d.day
  JOIN origins o ON o.origin_no = d.origin_no
  UNION ALL
  SELECT
    p.model_no, coalesce(o.origin_label, b.buyer_label, t.day_label, 'all'), b.currency, p.credit_billionths, p.sold_minor, p.returned_minor, p.accrued_minor,
    b.is_in_store * (p.sold_minor + p.returned_minor), p.costed_minor, p.known_cost_minor, 0
  FROM credit_parts p
  JOIN asked a ON (a.is_broken_down OR a.is_narrowed) AND NOT a.is_of_goods
  JOIN models m ON m.model_no = p.model_no
  JOIN days t ON t.day = p.day
  JOIN origins o ON o.origin_no = p.origin_no
  JOIN buyers b ON b.buyer_group_no = p.buyer_group_no
  UNION ALL
  SELECT
    p.model_no,
    coalesce(o.origin_label, b.buyer_label, g.goods_label, t.day_label, 'all'),
    b.currency,
    CAST(round(p.credit_billionths * g.amount_to) - round(p.credit_billionths * g.amount_before) AS bigint),
    CAST(round(p.sold_minor * g.amount_to) - round(p.sold_minor * g.amount_before) AS bigint),
    CAST(round(p.returned_minor * g.amount_to) - round(p.returned_minor * g.amount_before) AS bigint),
    CAST(round(p.accrued_minor * g.amount_to) - round(p.accrued_minor * g.amount_before) AS bigint),
    CAST(b.is_in_store * (round(p.sold_minor * g.amount_to) - round(p.sold_minor * g.amount_before) + round(p.returned_minor * g.amount_to) - round(p.returned_minor * g.amount_before)) AS bigint),
    CAST(round((p.sold_minor + p.returned_minor) * g.costed_to) - round((p.sold_minor + p.returned_minor) * g.costed_before) AS bigint),
    CAST(round((p.sold_minor + p.returned_minor) * g.cost_to) - round((p.sold_minor + p.returned_minor) * g.cost_before) AS bigint),
    0
  FROM credit_parts p
  JOIN goods g ON g.booking_no = p.booking_no
  JOIN models m ON m.model_no = p.model_no
  JOIN days t ON t.day = p.day
  JOIN origins o ON o.origin_no = p.origin_no
  JOIN buyers b ON b.buyer_group_no = p.buyer_group_no
),
grouped AS (
  SELECT
    m.model,
    f.model_no,
    f.label,
    f.currency,
    CAST(sum(f.credit_billionths) AS bigint) AS credit_billionths,
    CAST(sum(f.sold_minor) AS bigint) AS sold_minor,
    CAST(sum(f.returned_minor) AS bigint) AS returned_minor,
    CAST(sum(f.sold_minor + f.returned_minor) AS bigint) AS revenue_minor,
    CAST(sum(f.accrued_minor) AS bigint) AS accrued_minor,
    CAST(sum(f.store_revenue_minor) AS bigint) AS store_revenue_minor,
    CAST(sum(f.costed_minor) AS bigint) AS costed_minor,
    CAST(sum(f.known_cost_minor) AS bigint) AS known_cost_minor,
    CAST(sum(f.spend_minor) AS bigint) AS spend_minor
  FROM figures f
  JOIN models m ON m.model_no = f.model_no
  GROUP BY 1, 2, 3, 4
),
persons AS (
  SELECT
    coalesce(o.origin_label, b.buyer_label, g.goods_label, t.day_label, 'all') AS label,
    b.currency,
    p.person_no,
    p.model_set,
    bitwise_or_agg(p.model_bits) AS model_bits
  FROM credit_people p
  JOIN asked a ON NOT a.is_whole
  JOIN days t ON t.day = p.day
  JOIN origins o ON o.origin_no = p.origin_no
  JOIN buyers b ON b.buyer_group_no = p.buyer_group_no
  LEFT JOIN goods g ON g.booking_no = p.booking_no
  WHERE NOT a.is_of_goods OR g.booking_no IS NOT NULL
  GROUP BY 1, 2, 3, 4
),
people AS (
  SELECT m.model, p.label, p.currency, count(*) AS people
  FROM persons p
  JOIN models m ON m.model_set = p.model_set AND bitwise_and(p.model_bits, m.model_bit) <> 0
  GROUP BY 1, 2, 3
  UNION ALL
  SELECT c.model, c.channel, c.currency, c.known_buyers
  FROM channel_people c
  JOIN asked a ON a.is_whole
),
-- From when to when sales were credited in the period, or in its days of one label, beside when any spend is known.
covered AS (
  SELECT
    t.day_label,
    max(s.spend_from) AS spend_from,
    max(s.spend_to) AS spend_to,
    CASE
      WHEN date_diff('day', CAST(min(CASE WHEN t.has_sale THEN t.day END) AS timestamp(6)), CAST(max(s.spend_from) AS timestamp(6))) > 7 THEN 1
      WHEN date_diff('day', CAST(max(s.spend_to) AS timestamp(6)), CAST(max(CASE WHEN t.has_sale THEN t.day END) AS timestamp(6))) > 7 THEN 1
      ELSE 0
    END AS is_uncovered
  FROM days t
  CROSS JOIN (
    SELECT min(CASE WHEN has_spend THEN day END) AS spend_from, max(CASE WHEN has_spend THEN day END) AS spend_to FROM credit_days
  ) s
  GROUP BY 1
),
compared AS (
  SELECT
    *,
    CASE WHEN spend_minor <> 0 THEN 1 ELSE 0 END AS has_spend,
    CASE WHEN credit_billionths <> 0 OR sold_minor <> 0 OR returned_minor <> 0 THEN 1 ELSE 0 END AS has_revenue,
    max(CASE WHEN spend_minor <> 0 THEN 1 ELSE 0 END) OVER alike AS any_spend,
    max(CASE WHEN credit_billionths <> 0 OR sold_minor <> 0 OR returned_minor <> 0 THEN 1 ELSE 0 END) OVER alike AS any_revenue
  FROM grouped
  WINDOW alike AS (PARTITION BY model_no, label)
),
aligned AS (
  SELECT *, any_spend * any_revenue * max(abs(has_spend - has_revenue)) OVER (PARTITION BY model_no, label) AS is_other_currency
  FROM compared
)
SELECT
  g.model,
  g.label,
  g.currency,
  g.credit_billionths,
  g.sold_minor,
  g.returned_minor,
  g.revenue_minor,
  g.accrued_minor,
  g.store_revenue_minor,
  g.costed_minor,
  g.known_cost_minor,
  CASE WHEN NOT a.is_broken_down AND NOT a.is_narrowed THEN g.spend_minor END AS spend_minor,
  CASE
    WHEN a.is_broken_down THEN 'spend is not known by ' || replace(a.grouped_by, '_', ' ')
    WHEN a.is_narrowed THEN 'spend is not known for a part of what a channel brought'
    WHEN c.spend_from IS NULL THEN 'no spend is known'
  END AS spend_unknown,
  'spend is known from ' || date_format(CAST(c.spend_from AS timestamp(6)), '%Y-%m-%d') || ' to ' || date_format(CAST(c.spend_to AS timestamp(6)), '%Y-%m-%d') || ' only' AS spend_span,
  c.is_uncovered,
  g.is_other_currency,
  CASE WHEN a.is_whole THEN 1 ELSE 0 END AS is_whole,
  CAST(i.net_low_minor AS bigint) AS revenue_low_minor,
  CAST(i.net_high_minor AS bigint) AS revenue_high_minor,
  i.roas_low,
  i.roas_high,
  CASE
    WHEN p.people IS NOT NULL THEN p.people
    WHEN g.credit_billionths = 0 AND g.sold_minor = 0 AND g.returned_minor = 0 AND g.accrued_minor = 0 AND g.store_revenue_minor = 0 THEN 0
    ELSE greatest(1, abs(g.credit_billionths) / 1000000000)
  END AS people
FROM aligned g
CROSS JOIN asked a
JOIN covered c ON c.day_label IS NULL OR c.day_label = g.label
LEFT JOIN people p ON p.model = g.model AND p.label = g.label AND p.currency = g.currency
LEFT JOIN channel_intervals i
  ON a.is_whole AND i.model = g.model AND i.channel = g.label AND i.currency = g.currency AND i.net_minor = g.revenue_minor
ORDER BY g.model, g.revenue_minor DESC, g.label, g.currency
