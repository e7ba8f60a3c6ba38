-- One row per attribution model: how its figures come about and what they depend on.
-- key: model
WITH wanted AS (
  SELECT CAST(? AS date) AS from_day, CAST(? AS date) AS to_day, CAST(? AS varchar) AS model, CAST(? AS varchar) AS grouped_by
)
SELECT
  m.model,
  m.level AS label,
  m.method,
  CAST(m.fitted_conversions AS bigint) AS fitted_conversions,
  CAST(m.fitted_nulls AS bigint) AS fitted_nulls,
  m.iterations,
  CASE WHEN m.method = 'rule' THEN '' WHEN m.is_converged = 1 THEN 'yes' ELSE 'no' END AS converged,
  CASE WHEN m.basis = 'additive_hazard' THEN m.baseline_share END AS baseline_share,
  m.config_hash,
  CAST(m.model_version AS varchar) AS model_version,
  CAST(m.random_seed AS varchar) AS random_seed,
  m.settings
FROM fitted_models m
CROSS JOIN wanted w
WHERE w.model IS NULL OR m.model = w.model
ORDER BY 1
