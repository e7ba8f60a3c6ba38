-- One row per purchase, rule model and touchpoint that gets credit: its share in billionths, which sum to a billion.
-- Decay is counted from the last touchpoint of the path, so that no age can make all weights vanish.
-- Weights are whole numbers (four decimals of the seed count), so that shares are exact; the last billionths go to the largest remainders.
-- But for decay, shares depend on the length of the path and the place alone: they are worked out once per length.
-- key: conversion_id, model, touch_id
WITH models AS (
  SELECT
    model,
    basis,
    skips_direct,
    half_life_days,
    CAST(round(first_weight * 10000) AS bigint) AS first_weight,
    CAST(round(middle_weight * 10000) AS bigint) AS middle_weight,
    CAST(round(last_weight * 10000) AS bigint) AS last_weight
  FROM seed_attribution_models
  WHERE is_enabled
),
lengths AS (
  SELECT path_length AS places FROM path_steps
  UNION
  SELECT path_length_not_direct FROM path_steps
),
aged AS (
  SELECT
    s.conversion_id,
    m.model,
    s.path_length AS places,
    s.position AS place,
    date_diff('second', s.touched_at, s.converted_at) / (m.half_life_days * 86400e0) AS half_lives
  FROM path_steps s
  CROSS JOIN models m
  WHERE m.basis = 'decay' AND NOT (m.skips_direct AND s.path_length_not_direct > 0 AND s.is_not_direct = 0)
),
weighted AS (
  SELECT
    CAST(NULL AS varchar) AS conversion_id,
    m.model,
    l.places,
    s.place,
    CASE
      WHEN m.basis = 'even' OR l.places = 1 OR (l.places = 2 AND m.first_weight + m.last_weight = 0) THEN 1
      WHEN l.places = 2 THEN CASE WHEN s.place = 1 THEN m.first_weight ELSE m.last_weight END
      WHEN s.place = 1 THEN m.first_weight * (l.places - 2)
      WHEN s.place = l.places THEN m.last_weight * (l.places - 2)
      ELSE m.middle_weight
    END AS weight
  FROM (SELECT * FROM lengths WHERE places > 0) l
  CROSS JOIN UNNEST(sequence(1, l.places)) AS s(place)
  CROSS JOIN models m
  WHERE m.basis <> 'decay'
  UNION ALL
  SELECT
    conversion_id,
    model,
    places,
    place,
    CAST(round(1e9 * power(2e0, min(half_lives) OVER (PARTITION BY conversion_id, model) - half_lives)) AS bigint)
  FROM aged
),
divided AS (
  SELECT
    *,
    CAST(sum(weight) OVER (PARTITION BY conversion_id, model, places) AS bigint) AS total_weight
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
    1000000000 - CAST(sum(floor_share) OVER (PARTITION BY conversion_id, model, places) AS bigint) AS left_over,
    row_number() OVER (PARTITION BY conversion_id, model, places ORDER BY remainder DESC, place) AS remainder_rank
  FROM floored
),
shares AS (
  SELECT conversion_id, model, places, place, floor_share + CASE WHEN remainder_rank <= left_over THEN 1 ELSE 0 END AS share_billionths
  FROM ranked
),
steps AS (
  SELECT
    s.conversion_id,
    s.touch_id,
    s.position,
    m.model,
    CASE WHEN m.skips_direct AND s.path_length_not_direct > 0 THEN s.position_not_direct ELSE s.position END AS place,
    CASE WHEN m.skips_direct AND s.path_length_not_direct > 0 THEN s.path_length_not_direct ELSE s.path_length END AS places
  FROM path_steps s
  CROSS JOIN models m
  WHERE m.basis <> 'decay' AND NOT (m.skips_direct AND s.path_length_not_direct > 0 AND s.is_not_direct = 0)
)
SELECT s.conversion_id, s.model, s.touch_id, s.position, h.share_billionths
FROM steps s
JOIN (SELECT * FROM shares WHERE conversion_id IS NULL) h ON h.model = s.model AND h.places = s.places AND h.place = s.place
UNION ALL
SELECT h.conversion_id, h.model, s.touch_id, s.position, h.share_billionths
FROM (SELECT * FROM shares WHERE conversion_id IS NOT NULL) h
JOIN path_steps s ON s.conversion_id = h.conversion_id AND s.position = h.place
