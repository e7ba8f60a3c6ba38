-- One row per channel and currency: its share of credited revenue in the model that gives it least and in the one that
-- gives it most, and its rank among the channels.
-- key: label, currency
WITH wanted AS (
  SELECT CAST(? AS date) AS from_day, CAST(? AS date) AS to_day, CAST(? AS varchar) AS model, CAST(? AS varchar) AS grouped_by
),
ranked AS (
  SELECT
    channel,
    currency,
    model,
    revenue_share,
    config_hash,
    model_version,
    random_seed,
    row_number() OVER (PARTITION BY model, currency ORDER BY net_minor DESC, channel) AS channel_rank,
    row_number() OVER (PARTITION BY channel, currency ORDER BY revenue_share, model) AS from_least,
    row_number() OVER (PARTITION BY channel, currency ORDER BY revenue_share DESC, model) AS from_most
  FROM channel_intervals
  WHERE revenue_share IS NOT NULL
),
buyers AS (
  SELECT channel, currency, min(known_buyers) AS people FROM channel_people GROUP BY 1, 2
)
SELECT
  r.channel AS label,
  r.currency,
  count(*) AS models,
  min(r.revenue_share) AS share_least,
  max(CASE WHEN r.from_least = 1 THEN r.model END) AS least_in,
  max(r.revenue_share) AS share_most,
  max(CASE WHEN r.from_most = 1 THEN r.model END) AS most_in,
  max(r.revenue_share) - min(r.revenue_share) AS spread,
  min(r.channel_rank) AS best_rank,
  max(r.channel_rank) AS worst_rank,
  array_join(array_sort(array_agg(r.config_hash)), ' ') AS config_hash,
  CAST(max(r.model_version) AS varchar) AS model_version,
  CAST(max(r.random_seed) AS varchar) AS random_seed,
  coalesce(max(p.people), 0) AS people
FROM ranked r
CROSS JOIN wanted w
LEFT JOIN buyers p ON p.channel = r.channel AND p.currency = r.currency
GROUP BY 1, 2
ORDER BY 6 DESC, 1, 2
