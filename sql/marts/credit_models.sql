-- One row per attribution model, numbered by name from 0, with its place in the sets of models that credit a touchpoint:
-- sixty models have a bit each in one whole number, the next sixty in the next.
-- key: model_no
WITH numbered AS (
  SELECT CAST(row_number() OVER (ORDER BY model) - 1 AS integer) AS model_no, model
  FROM fitted_models
)
SELECT
  model_no,
  model,
  CAST(model_no / 60 AS integer) AS model_set,
  CAST(power(2e0, model_no % 60) AS bigint) AS model_bit
FROM numbered
