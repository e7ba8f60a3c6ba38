-- One row per day, model, channel, kind of buyer and currency: revenue net of returns and every cost of it. What no model
-- credits is the channel (unattributed), so that the rows of a model come to all of the shop's revenue and cost. Revenue of
-- a channel is that of channel_daily, closed periods included; what closing changed, and fixed cost, are of nobody in
-- particular.
-- key: day, model, channel, persona, currency
WITH reported AS (
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
  FROM cost_drivers_daily c
  CROSS JOIN UNNEST(sequence(1, 2)) AS n(part_no)
  UNION ALL
  SELECT day, model, channel, persona, currency, cost_part, part_minor FROM channel_costs_daily
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
