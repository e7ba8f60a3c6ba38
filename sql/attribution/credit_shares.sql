-- One row per purchase, rule model and touchpoint that gets credit: its share in billionths, which sum to a billion.
-- Decay is counted from the last touchpoint of the path, so that no age can make all weights vanish.
-- Weights are whole numbers (four decimals of the seed count), so that shares are exact; the last billionths go to the largest remainders.
-- key: conversion_id, model, touch_id
WITH placed AS (
  SELECT
    s.conversion_id,
    s.touch_id,
    s.position,
    m.model,
    m.basis,
    CAST(round(m.first_weight * 10000) AS bigint) AS first_weight,
    CAST(round(m.middle_weight * 10000) AS bigint) AS middle_weight,
    CAST(round(m.last_weight * 10000) AS bigint) AS last_weight,
    CASE WHEN m.skips_direct AND s.path_length_not_direct > 0 THEN s.position_not_direct ELSE s.position END AS place,
    CASE WHEN m.skips_direct AND s.path_length_not_direct > 0 THEN s.path_length_not_direct ELSE s.path_length END AS places,
    CASE WHEN m.skips_direct AND s.path_length_not_direct > 0 AND s.is_not_direct = 0 THEN 1 ELSE 0 END AS is_skipped,
    date_diff('second', s.touched_at, s.converted_at) / (m.half_life_days * 86400e0) AS half_lives
  FROM path_steps s
  CROSS JOIN seed_attribution_models m
  WHERE m.is_enabled
),
aged AS (
  SELECT
    *,
    min(CASE WHEN is_skipped = 0 THEN half_lives END) OVER (PARTITION BY conversion_id, model) AS least_half_lives
  FROM placed
),
weighted AS (
  SELECT
    conversion_id,
    model,
    touch_id,
    position,
    CASE
      WHEN is_skipped = 1 THEN 0
      WHEN basis = 'decay' THEN CAST(round(1e9 * power(2e0, least_half_lives - half_lives)) AS bigint)
      WHEN basis = 'even' OR places = 1 OR (places = 2 AND first_weight + last_weight = 0) THEN 1
      WHEN places = 2 THEN CASE WHEN place = 1 THEN first_weight ELSE last_weight END
      WHEN place = 1 THEN first_weight * (places - 2)
      WHEN place = places THEN last_weight * (places - 2)
      ELSE middle_weight
    END AS weight
  FROM aged
),
divided AS (
  SELECT
    *,
    CAST(sum(weight) OVER (PARTITION BY conversion_id, model) AS bigint) AS total_weight
  FROM weighted
  WHERE weight > 0
),
floored AS (
  SELECT
    *,
    weight * 1000000000 / total_weight AS floor_share,
    weight * 1000000000 % total_weight AS remainder
  FROM divided
),
ranked AS (
  SELECT
    *,
    1000000000 - CAST(sum(floor_share) OVER (PARTITION BY conversion_id, model) AS bigint) AS left_over,
    row_number() OVER (PARTITION BY conversion_id, model ORDER BY remainder DESC, position) AS remainder_rank
  FROM floored
)
SELECT
  conversion_id,
  model,
  touch_id,
  floor_share + CASE WHEN remainder_rank <= left_over THEN 1 ELSE 0 END AS share_billionths
FROM ranked
