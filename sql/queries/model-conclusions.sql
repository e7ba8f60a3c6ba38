-- One row per currency and conclusion: what all models say, what depends on the model, what none can tell.
-- key: currency, kind, channel, other_channel
WITH wanted AS (
  SELECT CAST(? AS date) AS from_day, CAST(? AS date) AS to_day, CAST(? AS varchar) AS model, CAST(? AS varchar) AS grouped_by
),
buyers AS (
  SELECT channel, currency, min(known_buyers) AS people FROM channel_people GROUP BY 1, 2
)
SELECT
  c.kind,
  c.statement AS label,
  c.currency,
  c.channel,
  c.other_channel,
  c.models,
  c.config_hash,
  CAST(c.model_version AS varchar) AS model_version,
  CAST(c.random_seed AS varchar) AS random_seed,
  coalesce(p.people, 0) AS people,
  coalesce(o.people, 0) AS other_people
FROM model_conclusions c
CROSS JOIN wanted w
LEFT JOIN buyers p ON p.channel = c.channel AND p.currency = c.currency
LEFT JOIN buyers o ON o.channel = c.other_channel AND o.currency = c.currency
ORDER BY
  c.currency,
  CASE c.kind
    WHEN 'most_revenue' THEN 1
    WHEN 'earns_its_spend' THEN 2
    WHEN 'below_its_spend' THEN 3
    WHEN 'depends_on_model' THEN 4
    WHEN 'never_distinguishable' THEN 5
    ELSE 6
  END,
  c.channel,
  c.other_channel
