-- One row per day, model, channel, kind of buyer, kind of purchase and currency: what costs go by, as far as the model
-- credits it to the channel: orders, lines, returns, pick-ups and contacts, revenue, and cost of goods. What no model
-- credits is the channel (unattributed), so that the rows of a model come to all bookings. Cost of goods is exact: whole
-- minor units, and billionths of one beyond them.
-- key: day, model, channel, persona, conversion_kind, currency
WITH attributed AS (
  SELECT
    b.day,
    c.model,
    c.channel,
    b.persona,
    b.conversion_kind,
    b.currency,
    CAST(sum(CASE WHEN b.booking_kind = 'sale' THEN c.share_billionths ELSE 0 END) AS bigint) AS order_billionths,
    CAST(sum(c.share_billionths * b.order_lines) AS bigint) AS line_billionths,
    CAST(sum(CASE WHEN b.booking_kind = 'return' THEN c.share_billionths ELSE 0 END) AS bigint) AS return_billionths,
    CAST(sum(CASE WHEN b.booking_kind = 'pick_up' THEN c.share_billionths ELSE 0 END) AS bigint) AS pick_up_billionths,
    CAST(sum(CASE WHEN b.booking_kind = 'contact' THEN c.share_billionths ELSE 0 END) AS bigint) AS contact_billionths,
    CAST(sum(CASE WHEN b.booking_kind = 'sale' THEN c.revenue_minor ELSE 0 END) AS bigint) AS sold_minor,
    CAST(sum(CASE WHEN b.booking_kind = 'return' AND b.booking_id = c.booking_id THEN c.revenue_minor ELSE 0 END) AS bigint) AS returned_minor,
    sum(CAST(c.share_billionths AS decimal(38, 0)) * b.goods_minor) AS goods_exact,
    sum(CAST(c.share_billionths AS decimal(38, 0)) * b.estimated_minor) AS estimated_exact,
    sum(CAST(c.share_billionths AS decimal(38, 0)) * b.uncosted_minor) AS uncosted_exact
  FROM cost_bookings b
  JOIN credits c ON c.booking_id = b.credit_booking_id
  GROUP BY 1, 2, 3, 4, 5, 6
),
models AS (
  SELECT model FROM seed_attribution_models WHERE is_enabled
),
stated AS (
  SELECT
    b.day,
    m.model,
    b.stated_channel AS channel,
    b.persona,
    b.conversion_kind,
    b.currency,
    CAST(count(*) * 1000000000 AS bigint) AS contact_billionths
  FROM cost_bookings b
  CROSS JOIN models m
  WHERE b.stated_channel IS NOT NULL
  GROUP BY 1, 2, 3, 4, 5, 6
),
of_channels AS (
  SELECT * FROM attributed
  UNION ALL
  SELECT day, model, channel, persona, conversion_kind, currency, 0, 0, 0, 0, contact_billionths, 0, 0, 0, 0, 0
  FROM stated
),
totals AS (
  SELECT
    day,
    persona,
    conversion_kind,
    currency,
    CAST(count(CASE WHEN booking_kind = 'sale' THEN 1 END) * 1000000000 AS bigint) AS order_billionths,
    CAST(sum(order_lines) * 1000000000 AS bigint) AS line_billionths,
    CAST(count(CASE WHEN booking_kind = 'return' THEN 1 END) * 1000000000 AS bigint) AS return_billionths,
    CAST(count(CASE WHEN booking_kind = 'pick_up' THEN 1 END) * 1000000000 AS bigint) AS pick_up_billionths,
    CAST(count(CASE WHEN booking_kind = 'contact' THEN 1 END) * 1000000000 AS bigint) AS contact_billionths,
    CAST(sum(sold_minor) AS bigint) AS sold_minor,
    CAST(sum(returned_minor) AS bigint) AS returned_minor,
    sum(CAST(1000000000 AS decimal(38, 0)) * goods_minor) AS goods_exact,
    sum(CAST(1000000000 AS decimal(38, 0)) * estimated_minor) AS estimated_exact,
    sum(CAST(1000000000 AS decimal(38, 0)) * uncosted_minor) AS uncosted_exact
  FROM cost_bookings
  GROUP BY 1, 2, 3, 4
),
-- What a channel has is taken off (unattributed), side by side: a name that is mentioned twice is read twice on Athena.
parts AS (
  SELECT
    c.day,
    c.model,
    CASE WHEN v.sign = 1 THEN c.channel ELSE '(unattributed)' END AS channel,
    c.persona,
    c.conversion_kind,
    c.currency,
    v.sign * c.order_billionths AS order_billionths,
    v.sign * c.line_billionths AS line_billionths,
    v.sign * c.return_billionths AS return_billionths,
    v.sign * c.pick_up_billionths AS pick_up_billionths,
    v.sign * c.contact_billionths AS contact_billionths,
    v.sign * c.sold_minor AS sold_minor,
    v.sign * c.returned_minor AS returned_minor,
    v.sign * c.goods_exact AS goods_exact,
    v.sign * c.estimated_exact AS estimated_exact,
    v.sign * c.uncosted_exact AS uncosted_exact
  FROM of_channels c
  CROSS JOIN (VALUES (1), (-1)) AS v(sign)
  UNION ALL
  SELECT
    t.day, m.model, '(unattributed)', t.persona, t.conversion_kind, t.currency, t.order_billionths, t.line_billionths,
    t.return_billionths, t.pick_up_billionths, t.contact_billionths, t.sold_minor, t.returned_minor, t.goods_exact,
    t.estimated_exact, t.uncosted_exact
  FROM totals t
  CROSS JOIN models m
),
summed AS (
  SELECT
    day,
    model,
    channel,
    persona,
    conversion_kind,
    currency,
    CAST(sum(order_billionths) AS bigint) AS order_billionths,
    CAST(sum(line_billionths) AS bigint) AS line_billionths,
    CAST(sum(return_billionths) AS bigint) AS return_billionths,
    CAST(sum(pick_up_billionths) AS bigint) AS pick_up_billionths,
    CAST(sum(contact_billionths) AS bigint) AS contact_billionths,
    CAST(sum(sold_minor) AS bigint) AS sold_minor,
    CAST(sum(returned_minor) AS bigint) AS returned_minor,
    sum(goods_exact) AS goods_exact,
    sum(estimated_exact) AS estimated_exact,
    sum(uncosted_exact) AS uncosted_exact
  FROM parts
  GROUP BY 1, 2, 3, 4, 5, 6
)
SELECT
  day,
  model,
  channel,
  persona,
  conversion_kind,
  currency,
  order_billionths,
  line_billionths,
  return_billionths,
  pick_up_billionths,
  contact_billionths,
  sold_minor,
  returned_minor,
  CAST(round(CAST(goods_exact - goods_exact % 1000000000 AS double) / 1e9) AS bigint) AS goods_minor,
  CAST(goods_exact % 1000000000 AS bigint) AS goods_billionths,
  CAST(round(CAST(estimated_exact - estimated_exact % 1000000000 AS double) / 1e9) AS bigint) AS estimated_minor,
  CAST(estimated_exact % 1000000000 AS bigint) AS estimated_billionths,
  CAST(round(CAST(uncosted_exact - uncosted_exact % 1000000000 AS double) / 1e9) AS bigint) AS uncosted_minor,
  CAST(uncosted_exact % 1000000000 AS bigint) AS uncosted_billionths
FROM summed
