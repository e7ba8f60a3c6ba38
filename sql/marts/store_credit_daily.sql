-- One row per day, store, model, channel, campaign and currency: what a model credits of store revenue, and by level of
-- match the parts of it that lie on lines researched online and on what chance alone finds.
-- Net of returns, which count on their own day against the lines that were returned. Repeat buyers are those for whom
-- the own-basket placebo can be drawn; their lines are compared with chance where the clickstream covers the window.
-- Reservations are store revenue, but no research.
-- A purchase's parts are spread over its path in proportion to credit, by cumulative rounding along positions, so that
-- they sum to the cent. Chance carries the revenue of the items drawn, returns taken off, on the day of purchase; it is
-- summed in twelfths, which one to four draws share, so that no order of adding changes a digit.
-- key: day, store_id, model, channel, campaign, currency
WITH found AS (
  SELECT
    m.line_no,
    max(CASE WHEN m.comparison = 'research' AND m.level = 'category' THEN 1 ELSE 0 END) AS is_category,
    max(CASE WHEN m.comparison = 'research' AND m.level = 'product' THEN 1 ELSE 0 END) AS is_product,
    max(CASE WHEN m.comparison = 'research' AND m.level = 'sku' THEN 1 ELSE 0 END) AS is_sku,
    CAST(sum(CASE WHEN m.comparison = 'own_basket' AND m.level = 'category' THEN m.revenue_minor ELSE 0 END) AS bigint) AS category_drawn,
    CAST(sum(CASE WHEN m.comparison = 'own_basket' AND m.level = 'product' THEN m.revenue_minor ELSE 0 END) AS bigint) AS product_drawn,
    CAST(sum(CASE WHEN m.comparison = 'own_basket' AND m.level = 'sku' THEN m.revenue_minor ELSE 0 END) AS bigint) AS sku_drawn
  FROM ropo_matches m
  CROSS JOIN settings s
  WHERE m.comparison IN ('research', 'own_basket') AND m.level <> 'any' AND m.lag_seconds <= s.ropo_window_days * 86400
  GROUP BY 1
),
lines AS (
  SELECT
    l.conversion_id,
    l.line_id,
    l.sold_minor,
    CASE WHEN l.is_covered THEN 1 ELSE 0 END AS is_compared,
    coalesce(f.is_category, 0) AS is_category,
    coalesce(f.is_product, 0) AS is_product,
    coalesce(f.is_sku, 0) AS is_sku,
    coalesce(f.category_drawn * (12 / nullif(l.basket_draws, 0)), 0) AS category_chance,
    coalesce(f.product_drawn * (12 / nullif(l.basket_draws, 0)), 0) AS product_chance,
    coalesce(f.sku_drawn * (12 / nullif(l.basket_draws, 0)), 0) AS sku_chance
  FROM ropo_lines l
  CROSS JOIN settings s
  LEFT JOIN found f ON f.line_no = l.line_no
  WHERE l.is_credited AND l.purchase_class = 'store' AND l.basket_draws > 0
),
line_bookings AS (
  SELECT conversion_id AS booking_id, sold_minor AS booked_minor, 1 AS is_sale, lines.* FROM lines
  UNION ALL
  SELECT r.return_id, r.revenue_minor, 0, l.*
  FROM line_returns r
  JOIN lines l ON l.conversion_id = r.conversion_id AND l.line_id = r.line_id
),
booked AS (
  SELECT
    booking_id,
    max(is_compared) AS is_compared,
    CAST(sum(is_category * booked_minor) AS double) AS category_researched,
    CAST(sum(is_product * booked_minor) AS double) AS product_researched,
    CAST(sum(is_sku * booked_minor) AS double) AS sku_researched,
    CAST(sum(is_sale * category_chance) AS double) / 12e0 AS category_chance,
    CAST(sum(is_sale * product_chance) AS double) / 12e0 AS product_chance,
    CAST(sum(is_sale * sku_chance) AS double) / 12e0 AS sku_chance
  FROM line_bookings
  GROUP BY 1
),
along AS (
  SELECT
    c.booking_date AS day,
    c.store_id,
    c.model,
    c.channel,
    c.campaign,
    c.currency,
    CAST(c.revenue_minor AS double) AS revenue_minor,
    CAST(sum(c.revenue_minor) OVER (PARTITION BY c.booking_id, c.model ORDER BY c.position ROWS UNBOUNDED PRECEDING) AS double) AS so_far,
    CAST(sum(c.revenue_minor) OVER (PARTITION BY c.booking_id, c.model) AS double) AS booked_minor,
    b.category_researched,
    b.product_researched,
    b.sku_researched,
    b.category_chance,
    b.product_chance,
    b.sku_chance
  FROM credits c
  JOIN booked b ON b.booking_id = c.booking_id
  WHERE b.is_compared = 1 AND (b.category_researched <> 0e0 OR b.category_chance <> 0e0)
),
steps AS (
  SELECT *, so_far / booked_minor AS until_here, (so_far - revenue_minor) / booked_minor AS before_here
  FROM along
),
parts AS (
  SELECT
    c.booking_date AS day,
    c.store_id,
    c.model,
    c.channel,
    c.campaign,
    c.currency,
    CASE WHEN c.booking_kind = 'sale' AND b.is_compared = 1 THEN c.share_billionths ELSE 0 END AS compared_billionths,
    c.revenue_minor,
    CASE WHEN b.booking_id IS NULL THEN 0 ELSE c.revenue_minor END AS repeat_minor,
    CASE WHEN b.is_compared = 1 THEN c.revenue_minor ELSE 0 END AS compared_minor,
    0e0 AS category_researched,
    0e0 AS product_researched,
    0e0 AS sku_researched,
    0e0 AS category_chance,
    0e0 AS product_chance,
    0e0 AS sku_chance
  FROM credits c
  LEFT JOIN booked b ON b.booking_id = c.booking_id
  WHERE c.conversion_kind IN ('receipt', 'reserve_and_collect')
  UNION ALL
  SELECT
    day,
    store_id,
    model,
    channel,
    campaign,
    currency,
    0,
    0,
    0,
    0,
    round(until_here * category_researched) - round(before_here * category_researched),
    round(until_here * product_researched) - round(before_here * product_researched),
    round(until_here * sku_researched) - round(before_here * sku_researched),
    round(until_here * category_chance) - round(before_here * category_chance),
    round(until_here * product_chance) - round(before_here * product_chance),
    round(until_here * sku_chance) - round(before_here * sku_chance)
  FROM steps
)
SELECT
  day,
  store_id,
  model,
  channel,
  campaign,
  currency,
  CAST(sum(compared_billionths) AS bigint) AS compared_billionths,
  CAST(sum(revenue_minor) AS bigint) AS store_revenue_minor,
  CAST(sum(repeat_minor) AS bigint) AS repeat_revenue_minor,
  CAST(sum(compared_minor) AS bigint) AS compared_minor,
  CAST(sum(category_researched) AS bigint) AS researched_category_minor,
  CAST(sum(product_researched) AS bigint) AS researched_product_minor,
  CAST(sum(sku_researched) AS bigint) AS researched_sku_minor,
  CAST(sum(category_chance) AS bigint) AS chance_category_minor,
  CAST(sum(product_chance) AS bigint) AS chance_product_minor,
  CAST(sum(sku_chance) AS bigint) AS chance_sku_minor
FROM parts
GROUP BY 1, 2, 3, 4, 5, 6
