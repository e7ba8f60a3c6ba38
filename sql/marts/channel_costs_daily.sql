-- One row per day, model, channel, kind of buyer, currency and part of cost: the cost in whole minor units. Costs go to
-- channels by the credit of their booking: exact sums of billionths and millionths of minor units, of which each day's
-- total is rounded once and split by largest remainder, so that what does not depend on the channel comes to the same for
-- every model. What of a cost nobody knows yet, returns and contacts to come, is the part `reserve`.
-- key: day, model, channel, persona, currency, cost_part
WITH clock AS (
  SELECT CAST(last_day AS date) AS today FROM source_rhythms WHERE source = 'shop' AND last_day IS NOT NULL
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
  FROM (SELECT DISTINCT conversion_kind, channel, currency FROM cost_drivers_daily) k
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
  FROM cost_drivers_daily c
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
    CASE n.part_no WHEN 1 THEN 'goods' WHEN 2 THEN 'estimated' ELSE 'uncosted' END AS cost_part,
    CAST(CASE n.part_no WHEN 1 THEN c.goods_minor WHEN 2 THEN c.estimated_minor ELSE c.uncosted_minor END AS decimal(38, 0)) * 1000000000
      + CASE n.part_no WHEN 1 THEN c.goods_billionths WHEN 2 THEN c.estimated_billionths ELSE c.uncosted_billionths END AS exact,
    CAST(1000000000 AS decimal(38, 0)) AS minor_unit
  FROM cost_drivers_daily c
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
  SELECT day, model, channel, persona, currency, cost_part, minor_unit, sum(exact) AS exact
  FROM exact_costs
  WHERE exact <> 0
  GROUP BY 1, 2, 3, 4, 5, 6, 7
),
-- Whole minor units below, and what is left: remainders of both engines have the sign of the dividend.
floored AS (
  SELECT
    day, model, channel, persona, currency, cost_part, exact, minor_unit,
    CAST(round(CAST(exact - exact % minor_unit AS double) / CAST(minor_unit AS double)) AS bigint)
      - CASE WHEN exact % minor_unit < 0 THEN 1 ELSE 0 END AS floor_minor,
    exact % minor_unit + CASE WHEN exact % minor_unit < 0 THEN minor_unit ELSE 0 END AS remainder
  FROM summed
),
ranked AS (
  SELECT
    day, model, channel, persona, currency, cost_part, floor_minor,
    sum(remainder) OVER (PARTITION BY day, model, persona, currency, cost_part) AS remainders,
    minor_unit,
    row_number() OVER (PARTITION BY day, model, persona, currency, cost_part ORDER BY remainder DESC, channel) AS remainder_rank
  FROM floored
)
SELECT
  day,
  model,
  channel,
  persona,
  currency,
  cost_part,
  floor_minor + CASE WHEN CAST(remainder_rank AS decimal(38, 0)) * minor_unit * 2 <= remainders * 2 + minor_unit THEN 1 ELSE 0 END AS part_minor
FROM ranked
