-- One row per rate of the shop's cost table, per stage without one, and per rate of returns and contacts that the reserve
-- rests on: its value, in major units of its currency or as a share, and where it comes from.
-- key: stage, label, currency
WITH wanted AS (
  SELECT CAST(? AS date) AS from_day, CAST(? AS date) AS to_day, CAST(? AS varchar) AS model, CAST(? AS varchar) AS grouped_by
),
stages AS (
  SELECT s.stage, s.stage_no, count(r.rate) AS rates
  FROM (VALUES ('cost_of_goods', 1), ('variable', 2), ('downstream', 3), ('fixed', 4)) s(stage, stage_no)
  LEFT JOIN cost_rates r ON r.stage = s.stage
  GROUP BY 1, 2
),
coming AS (
  SELECT conversion_kind, currency, 'returns of one purchase' AS item, returns_billionths AS billionths
  FROM downstream_to_come
  WHERE age_days = -1
  UNION ALL
  SELECT conversion_kind, currency, 'revenue given back', returned_billionths FROM downstream_to_come WHERE age_days = -1
  UNION ALL
  SELECT conversion_kind, currency, 'contacts of one purchase', contacts_billionths FROM downstream_to_come WHERE age_days = -1
),
everything AS (
  SELECT
    st.stage_no,
    r.stage,
    r.rate AS label,
    r.what,
    coalesce(r.conversion_kind, 'all') AS conversion_kind,
    coalesce(r.channel, 'all') AS channel,
    coalesce(r.category, 'all') AS category,
    r.currency,
    CASE WHEN r.currency IS NULL THEN r.amount ELSE c.rate_millionths / 1e6 END AS rate_value,
    CASE WHEN r.currency IS NULL THEN 'share' ELSE 'money' END AS unit,
    coalesce(r.note || ' ', '') || '(cost_rates.csv, row ' || r.rate || ')' AS note
  FROM seed_cost_rates r
  JOIN cost_rates c ON c.rate = r.rate
  JOIN stages st ON st.stage = r.stage
  UNION ALL
  SELECT
    stage_no, stage, '(no rate stated)', CAST(NULL AS varchar), 'all', 'all', 'all', CAST(NULL AS varchar), CAST(NULL AS double), 'text',
    CASE stage
      WHEN 'cost_of_goods' THEN 'Goods without a unit cost count as costing nothing'
      ELSE 'Counted as nothing: add rows to cost_rates.csv'
    END
  FROM stages
  WHERE rates = 0
  UNION ALL
  SELECT
    1, 'cost_of_goods', 'unit cost of products', 'per_line', 'all', 'all', 'all', currency,
    CAST(costed_minor AS double) / nullif(sold_minor, 0), 'share',
    'Share of what was sold whose cost is the unit cost of its product, the latest one'
  FROM priced_goods
  UNION ALL
  SELECT
    5, 'reserve', item || ' (' || conversion_kind || ')', 'expected', conversion_kind, 'all', 'all', currency, billionths / 1e9, 'ratio',
    'From past purchases of this kind, by the days since the purchase'
  FROM coming
  WHERE billionths > 0
)
SELECT stage, what, conversion_kind, channel, category, label, currency, rate_value, unit, note
FROM everything e
CROSS JOIN wanted w
ORDER BY e.stage_no, e.label, e.currency
