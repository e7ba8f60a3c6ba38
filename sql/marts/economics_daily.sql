-- One row per day, model, channel, kind of buyer and currency: revenue net of returns and every cost of it. What no model
-- credits is the channel (unattributed), so that the rows of a model come to all of the shop's revenue and cost. Costs go
-- to channels by the credit of their booking: exact sums of billionths and millionths of minor units, of which each day's
-- total is rounded once and split by largest remainder, so that what does not depend on the channel comes to the same for
-- every model. Revenue of a channel is that of channel_daily, closed periods included; what closing changed, and fixed
-- cost, are of nobody in particular.
-- key: day, model, channel, persona, currency
WITH clock AS (
  SELECT CAST(last_day AS date) AS today FROM source_rhythms WHERE source = 'shop' AND last_day IS NOT NULL
),
attributed AS (
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
totals AS (
  SELECT
    b.day,
    m.model,
    b.persona,
    b.conversion_kind,
    b.currency,
    CAST(count(CASE WHEN b.booking_kind = 'sale' THEN 1 END) * 1000000000 AS bigint) AS order_billionths,
    CAST(sum(b.order_lines) * 1000000000 AS bigint) AS line_billionths,
    CAST(count(CASE WHEN b.booking_kind = 'return' THEN 1 END) * 1000000000 AS bigint) AS return_billionths,
    CAST(count(CASE WHEN b.booking_kind = 'pick_up' THEN 1 END) * 1000000000 AS bigint) AS pick_up_billionths,
    CAST(count(CASE WHEN b.booking_kind = 'contact' THEN 1 END) * 1000000000 AS bigint) AS contact_billionths,
    CAST(sum(b.sold_minor) AS bigint) AS sold_minor,
    CAST(sum(b.returned_minor) AS bigint) AS returned_minor,
    sum(CAST(1000000000 AS decimal(38, 0)) * b.goods_minor) AS goods_exact,
    sum(CAST(1000000000 AS decimal(38, 0)) * b.estimated_minor) AS estimated_exact,
    sum(CAST(1000000000 AS decimal(38, 0)) * b.uncosted_minor) AS uncosted_exact
  FROM cost_bookings b
  CROSS JOIN models m
  GROUP BY 1, 2, 3, 4, 5
),
parts AS (
  SELECT * FROM attributed
  UNION ALL
  SELECT day, model, channel, persona, conversion_kind, currency, 0, 0, 0, 0, contact_billionths, 0, 0, 0, 0, 0
  FROM stated
  UNION ALL
  SELECT
    t.day, t.model, '(unattributed)', t.persona, t.conversion_kind, t.currency, t.order_billionths, t.line_billionths,
    t.return_billionths, t.pick_up_billionths, t.contact_billionths, t.sold_minor, t.returned_minor, t.goods_exact,
    t.estimated_exact, t.uncosted_exact
  FROM totals t
  UNION ALL
  SELECT
    day, model, '(unattributed)', persona, conversion_kind, currency, -order_billionths, -line_billionths,
    -return_billionths, -pick_up_billionths, -contact_billionths, -sold_minor, -returned_minor, -goods_exact,
    -estimated_exact, -uncosted_exact
  FROM attributed
  UNION ALL
  SELECT day, model, '(unattributed)', persona, conversion_kind, currency, 0, 0, 0, 0, -contact_billionths, 0, 0, 0, 0, 0
  FROM stated
),
cells AS (
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
),
rates AS (
  SELECT
    k.conversion_kind,
    k.channel,
    k.currency,
    r.stage,
    CAST(coalesce(sum(CASE WHEN r.what = 'per_order' THEN r.rate_millionths END), 0) AS bigint) AS per_order,
    CAST(coalesce(sum(CASE WHEN r.what = 'per_line' THEN r.rate_millionths END), 0) AS bigint) AS per_line,
    CAST(coalesce(sum(CASE WHEN r.what = 'per_return' THEN r.rate_millionths END), 0) AS bigint) AS per_return,
    CAST(coalesce(sum(CASE WHEN r.what = 'per_pick_up' THEN r.rate_millionths END), 0) AS bigint) AS per_pick_up,
    CAST(coalesce(sum(CASE WHEN r.what = 'per_contact' THEN r.rate_millionths END), 0) AS bigint) AS per_contact,
    CAST(coalesce(sum(CASE WHEN r.what = 'share_of_revenue' THEN r.rate_millionths END), 0) AS bigint) AS of_revenue,
    CAST(coalesce(sum(CASE WHEN r.what = 'share_of_returns' THEN r.rate_millionths END), 0) AS bigint) AS of_returns
  FROM (SELECT DISTINCT conversion_kind, channel, currency FROM cells) k
  JOIN cost_rates r
    ON r.stage IN ('variable', 'downstream')
    AND (r.conversion_kind = '' OR r.conversion_kind = k.conversion_kind)
    AND (r.channel = '' OR r.channel = k.channel)
    AND (r.currency = '' OR r.currency = k.currency)
  GROUP BY 1, 2, 3, 4
),
costed AS (
  SELECT
    c.day,
    c.model,
    c.channel,
    c.persona,
    c.currency,
    r.stage,
    CAST(r.per_order AS decimal(38, 0)) * c.order_billionths
      + CAST(r.per_line AS decimal(38, 0)) * c.line_billionths
      + CAST(r.per_return AS decimal(38, 0)) * c.return_billionths
      + CAST(r.per_pick_up AS decimal(38, 0)) * c.pick_up_billionths
      + CAST(r.per_contact AS decimal(38, 0)) * c.contact_billionths
      + CAST(r.of_revenue AS decimal(38, 0)) * 1000000000 * c.sold_minor
      - CAST(r.of_returns AS decimal(38, 0)) * 1000000000 * c.returned_minor AS exact,
    CAST(r.per_return AS decimal(38, 0)) * c.order_billionths * coalesce(d.returns_billionths, 0)
      + CAST(r.per_contact AS decimal(38, 0)) * c.order_billionths * coalesce(d.contacts_billionths, 0)
      + CAST(r.of_returns AS decimal(38, 0)) * 1000000000 * c.sold_minor * coalesce(d.returned_billionths, 0) AS exact_to_come
  FROM cells c
  JOIN rates r ON r.conversion_kind = c.conversion_kind AND r.channel = c.channel AND r.currency = c.currency
  CROSS JOIN clock k
  LEFT JOIN downstream_to_come d
    ON d.conversion_kind = c.conversion_kind
    AND d.currency = c.currency
    AND d.age_days = greatest(0, date_diff('day', c.day, k.today))
),
-- Parts side by side and not in a UNION: Athena computes a name anew wherever it is mentioned, and has a limit to that.
exact_costs AS (
  SELECT
    c.day,
    c.model,
    c.channel,
    c.persona,
    c.currency,
    CASE n.part_no WHEN 1 THEN 'goods' WHEN 2 THEN 'estimated' ELSE 'uncosted' END AS part,
    CASE n.part_no WHEN 1 THEN c.goods_exact WHEN 2 THEN c.estimated_exact ELSE c.uncosted_exact END AS exact,
    CAST(1000000000 AS decimal(38, 0)) AS minor_unit
  FROM cells c
  CROSS JOIN UNNEST(sequence(1, 3)) AS n(part_no)
  UNION ALL
  SELECT
    c.day,
    c.model,
    c.channel,
    c.persona,
    c.currency,
    CASE WHEN n.part_no = 1 THEN c.stage ELSE 'reserve' END,
    CASE WHEN n.part_no = 1 THEN c.exact ELSE c.exact_to_come END,
    CASE WHEN n.part_no = 1 THEN CAST('1000000000000000' AS decimal(38, 0)) ELSE CAST('1000000000000000000000000' AS decimal(38, 0)) END
  FROM costed c
  CROSS JOIN UNNEST(sequence(1, 2)) AS n(part_no)
  WHERE n.part_no = 1 OR c.stage = 'downstream'
),
summed AS (
  SELECT day, model, channel, persona, currency, part, minor_unit, sum(exact) AS exact
  FROM exact_costs
  WHERE exact <> 0
  GROUP BY 1, 2, 3, 4, 5, 6, 7
),
-- Whole minor units below, and what is left: remainders of both engines have the sign of the dividend.
floored AS (
  SELECT
    day, model, channel, persona, currency, part, exact, minor_unit,
    CAST(round(CAST(exact - exact % minor_unit AS double) / CAST(minor_unit AS double)) AS bigint)
      - CASE WHEN exact % minor_unit < 0 THEN 1 ELSE 0 END AS floor_minor,
    exact % minor_unit + CASE WHEN exact % minor_unit < 0 THEN minor_unit ELSE 0 END AS remainder
  FROM summed
),
ranked AS (
  SELECT
    day, model, channel, persona, currency, part, floor_minor,
    sum(remainder) OVER (PARTITION BY day, model, persona, currency, part) AS remainders,
    minor_unit,
    row_number() OVER (PARTITION BY day, model, persona, currency, part ORDER BY remainder DESC, channel) AS remainder_rank
  FROM floored
),
rounded AS (
  SELECT
    day, model, channel, persona, currency, part,
    floor_minor + CASE WHEN CAST(remainder_rank AS decimal(38, 0)) * minor_unit * 2 <= remainders * 2 + minor_unit THEN 1 ELSE 0 END AS cost_minor
  FROM ranked
),
reported AS (
  SELECT day, model, channel, currency, revenue_minor FROM channel_daily
  UNION ALL
  SELECT day, model, channel, currency, -revenue_minor FROM channel_figures
),
restated AS (
  SELECT day, model, channel, currency, CAST(sum(revenue_minor) AS bigint) AS revenue_minor
  FROM reported
  GROUP BY 1, 2, 3, 4
  HAVING sum(revenue_minor) <> 0
),
everything AS (
  SELECT
    c.day,
    c.model,
    c.channel,
    c.persona,
    c.currency,
    CASE WHEN n.part_no = 1 THEN 'sold' ELSE 'returned' END AS part,
    CASE WHEN n.part_no = 1 THEN c.sold_minor ELSE c.returned_minor END AS minor
  FROM cells c
  CROSS JOIN UNNEST(sequence(1, 2)) AS n(part_no)
  UNION ALL
  SELECT day, model, channel, persona, currency, part, cost_minor FROM rounded
  UNION ALL
  SELECT day, model, channel, persona, currency, 'media', spend_minor FROM media_cost_daily
  UNION ALL
  SELECT day, model, channel, '(of nobody in particular)', currency, 'restated', revenue_minor FROM restated
  UNION ALL
  SELECT day, model, channel, '(of nobody in particular)', currency, 'fixed', fixed_minor FROM fixed_cost_daily
)
SELECT
  day,
  model,
  channel,
  persona,
  currency,
  CAST(sum(CASE WHEN part IN ('sold', 'returned', 'restated') THEN minor ELSE 0 END) AS bigint) AS revenue_minor,
  CAST(sum(CASE WHEN part = 'sold' THEN minor ELSE 0 END) AS bigint) AS sold_minor,
  CAST(sum(CASE WHEN part = 'goods' THEN minor ELSE 0 END) AS bigint) AS goods_minor,
  CAST(sum(CASE WHEN part = 'estimated' THEN minor ELSE 0 END) AS bigint) AS estimated_minor,
  CAST(sum(CASE WHEN part = 'uncosted' THEN minor ELSE 0 END) AS bigint) AS uncosted_minor,
  CAST(sum(CASE WHEN part = 'variable' THEN minor ELSE 0 END) AS bigint) AS variable_minor,
  CAST(sum(CASE WHEN part = 'media' THEN minor ELSE 0 END) AS bigint) AS spend_minor,
  CAST(sum(CASE WHEN part = 'downstream' THEN minor ELSE 0 END) AS bigint) AS downstream_minor,
  CAST(sum(CASE WHEN part = 'reserve' THEN minor ELSE 0 END) AS bigint) AS reserve_minor,
  CAST(sum(CASE WHEN part = 'fixed' THEN minor ELSE 0 END) AS bigint) AS fixed_minor
FROM everything
WHERE minor <> 0
GROUP BY 1, 2, 3, 4, 5
ORDER BY model, day, channel, persona, currency
