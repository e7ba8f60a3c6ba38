-- One row per purchase, model and touchpoint that gets credit: its share in billionths, which sum to a billion.
-- Rules give weights by place, decay by time before the last touchpoint (so that no age can make all weights vanish).
-- A data-driven model gives each channel, or channel and campaign, the weight that it was fitted; a channel's part is
-- spread evenly over its touchpoints, or by decay where the model has a half-life.
-- Weights are whole numbers, so that sums do not depend on their order; the last billionths go to the largest remainders.
-- Shares of rules by place depend on the length of the path alone: they are worked out once per length, under its
-- negative in place of a purchase's number.
-- key: conversion_no, model, position
WITH models AS (
  SELECT
    model,
    basis,
    level,
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
by_place AS (
  SELECT
    m.model,
    -l.places AS conversion_no,
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
  WHERE m.basis IN ('ends', 'even')
),
touch_weights AS (
  SELECT
    m.model,
    s.conversion_no,
    s.position AS place,
    power(2e0, -s.seconds_before_last / (m.half_life_days * 86400e0)) AS touch_weight
  FROM path_steps s
  CROSS JOIN models m
  WHERE m.basis = 'decay' AND NOT (m.skips_direct AND s.path_length_not_direct > 0 AND s.is_not_direct = 0)
  UNION ALL
  SELECT
    f.model,
    s.conversion_no,
    s.position,
    f.group_weight * CASE
      WHEN m.basis = 'additive_hazard' THEN power(2e0, -s.seconds_before_last / (m.half_life_days * 86400e0))
      WHEN m.level = 'campaign' THEN 1e0 / s.campaign_touches
      ELSE 1e0 / s.channel_touches
    END
  FROM path_steps s
  JOIN fitted_weights f ON f.channel_campaign_no = s.channel_campaign_no
  JOIN models m ON m.model = f.model
  WHERE m.basis = 'additive_hazard' OR s.is_modelled = 1
),
by_touch AS (
  SELECT
    model,
    conversion_no,
    place,
    coalesce(1e15 * touch_weight / nullif(max(touch_weight) OVER (PARTITION BY conversion_no, model), 0e0), 1e0) AS weight
  FROM touch_weights
),
weighted AS (
  SELECT model, conversion_no, place, weight FROM by_place WHERE weight > 0
  UNION ALL
  SELECT model, conversion_no, place, CASE WHEN weight > 1e0 THEN CAST(round(weight) AS bigint) ELSE 1 END FROM by_touch
),
divided AS (
  SELECT
    model,
    conversion_no,
    place,
    1e9 * CAST(weight AS double) / CAST(CAST(sum(weight) OVER (PARTITION BY conversion_no, model) AS bigint) AS double) AS exact_share
  FROM weighted
),
floored AS (
  SELECT
    model,
    conversion_no,
    place,
    CAST(floor(exact_share) AS bigint) AS floor_share,
    exact_share - floor(exact_share) AS remainder
  FROM divided
),
ranked AS (
  SELECT
    *,
    1000000000 - CAST(sum(floor_share) OVER (PARTITION BY conversion_no, model ORDER BY remainder DESC, place ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS bigint) AS left_over,
    row_number() OVER (PARTITION BY conversion_no, model ORDER BY remainder DESC, place) AS remainder_rank
  FROM floored
),
shares AS (
  SELECT conversion_no, model, place, floor_share + CASE WHEN remainder_rank <= left_over THEN 1 ELSE 0 END AS share_billionths
  FROM ranked
),
steps AS (
  SELECT
    s.conversion_no,
    s.position,
    m.model,
    CASE WHEN m.skips_direct AND s.path_length_not_direct > 0 THEN s.position_not_direct ELSE s.position END AS place,
    CASE WHEN m.skips_direct AND s.path_length_not_direct > 0 THEN s.path_length_not_direct ELSE s.path_length END AS places
  FROM path_steps s
  CROSS JOIN models m
  WHERE m.basis IN ('ends', 'even') AND NOT (m.skips_direct AND s.path_length_not_direct > 0 AND s.is_not_direct = 0)
)
SELECT s.conversion_no, s.model, s.position, h.share_billionths
FROM steps s
JOIN shares h ON h.model = s.model AND h.conversion_no = -s.places AND h.place = s.place
WHERE h.share_billionths > 0
UNION ALL
SELECT conversion_no, model, place, share_billionths
FROM shares
WHERE conversion_no > 0 AND share_billionths > 0
