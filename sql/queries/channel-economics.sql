-- One row per group, model and currency: revenue net of returns and every cost of it in the period, whether the shop has
-- stated rates for them, and how many known people are behind it: at least those of the largest month, week or day inside.
-- key: model, label, currency
WITH wanted AS (
  SELECT
    CAST(? AS date) AS from_day,
    CAST(? AS date) AS to_day,
    CAST(? AS varchar) AS model,
    CAST(? AS varchar) AS grouped_by,
    CAST(? AS varchar) AS channel,
    CAST(? AS varchar) AS persona
),
stated AS (
  SELECT
    count(CASE WHEN stage = 'variable' THEN 1 END) AS variable_rates,
    count(CASE WHEN stage = 'downstream' THEN 1 END) AS downstream_rates,
    count(CASE WHEN stage = 'fixed' THEN 1 END) AS fixed_rates
  FROM cost_rates
),
models AS (
  SELECT m.model FROM seed_attribution_models m JOIN wanted w ON m.is_enabled AND (w.model IS NULL OR m.model = w.model)
),
summed AS (
  SELECT
    e.model,
    CASE w.grouped_by WHEN 'channel' THEN e.channel WHEN 'persona' THEN e.persona END AS name,
    CASE w.grouped_by WHEN 'month' THEN date_trunc('month', e.day) END AS month_start,
    e.currency,
    CAST(sum(e.revenue_minor) AS bigint) AS revenue_minor,
    CAST(sum(e.sold_minor) AS bigint) AS sold_minor,
    CAST(sum(e.goods_minor) AS bigint) AS goods_minor,
    CAST(sum(e.estimated_minor) AS bigint) AS estimated_minor,
    CAST(sum(e.uncosted_minor) AS bigint) AS uncosted_minor,
    CAST(sum(e.variable_minor) AS bigint) AS variable_minor,
    CAST(sum(e.spend_minor) AS bigint) AS spend_minor,
    CAST(sum(e.downstream_minor) AS bigint) AS downstream_minor,
    CAST(sum(e.reserve_minor) AS bigint) AS reserve_minor,
    CAST(sum(e.fixed_minor) AS bigint) AS fixed_minor,
    -- Credit always stands on somebody: also that which was kept when its persons went.
    CAST(max(
      CASE
        WHEN e.persona NOT IN ('(unidentified)', '(of nobody in particular)') THEN 1
        WHEN e.channel <> '(unattributed)' AND (e.revenue_minor <> 0 OR e.sold_minor <> 0) THEN 1
        ELSE 0
      END
    ) AS bigint) AS has_people
  FROM economics_daily e
  JOIN models m ON m.model = e.model
  CROSS JOIN wanted w
  WHERE (w.from_day IS NULL OR e.day >= w.from_day)
    AND (w.to_day IS NULL OR e.day <= w.to_day)
    AND (w.channel IS NULL OR e.channel = w.channel)
    AND (w.persona IS NULL OR e.persona = w.persona)
  GROUP BY 1, 2, 3, 4
),
-- A kind of buyer has its own people, so that those of a channel add up over them; those of channels do not.
spans AS (
  SELECT
    p.model,
    CASE w.grouped_by WHEN 'channel' THEN p.channel WHEN 'persona' THEN p.persona END AS name,
    CASE w.grouped_by WHEN 'month' THEN date_trunc('month', p.first_day) END AS month_start,
    p.currency,
    p.span,
    p.first_day,
    CAST(sum(p.known_buyers) AS bigint) AS people
  FROM economics_people p
  JOIN models m ON m.model = p.model
  CROSS JOIN wanted w
  WHERE (w.persona IS NULL OR p.persona = w.persona)
    AND p.channel = coalesce(w.channel, CASE w.grouped_by WHEN 'channel' THEN p.channel ELSE '(all channels)' END)
    AND (p.span <> 'all' OR (w.from_day IS NULL AND w.to_day IS NULL AND w.grouped_by <> 'month'))
    AND (p.span = 'all' OR w.from_day IS NULL OR p.first_day >= w.from_day)
    AND (p.span = 'all' OR w.to_day IS NULL OR p.last_span_day <= w.to_day)
    AND (p.span <> 'week' OR w.grouped_by <> 'month' OR date_trunc('month', p.first_day) = date_trunc('month', p.last_span_day))
  GROUP BY 1, 2, 3, 4, 5, 6
),
behind AS (
  SELECT model, coalesce(name, '') AS name, coalesce(month_start, CAST('1970-01-01' AS date)) AS month_start, currency, max(people) AS people
  FROM spans
  GROUP BY 1, 2, 3, 4
),
groups AS (
  SELECT
    s.*,
    coalesce(s.name, date_format(CAST(s.month_start AS timestamp(6)), '%Y-%m'), 'all') AS label,
    b.people AS people_of_spans
  FROM summed s
  LEFT JOIN behind b
    ON b.model = s.model
    AND b.name = coalesce(s.name, '')
    AND b.month_start = coalesce(s.month_start, CAST('1970-01-01' AS date))
    AND b.currency = s.currency
)
SELECT
  g.model,
  g.label,
  g.currency,
  g.revenue_minor,
  g.sold_minor,
  g.goods_minor,
  g.estimated_minor,
  g.uncosted_minor,
  g.variable_minor,
  g.spend_minor,
  g.downstream_minor,
  g.reserve_minor,
  g.fixed_minor,
  s.variable_rates,
  s.downstream_rates,
  s.fixed_rates,
  coalesce(g.people_of_spans, g.has_people) AS people
FROM groups g
CROSS JOIN stated s
ORDER BY g.model, CASE WHEN g.label LIKE '(%' THEN 1 ELSE 0 END, g.revenue_minor DESC, g.label, g.currency
