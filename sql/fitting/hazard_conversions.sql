-- One row per purchase of a person with an earlier touchpoint, and channel on its path: the channel's touchpoints
-- counted by how much of their effect is left after so many half-lives, in billionths. No channel where the path is empty.
-- key: conversion_id, channel
WITH wanted AS (
  SELECT CAST(? AS double) AS half_life_days
),
returned AS (
  SELECT conversion_id, sum(revenue_minor) AS returned_minor
  FROM returns
  WHERE conversion_id IS NOT NULL
  GROUP BY 1
),
left_over AS (
  SELECT
    s.conversion_id,
    s.channel,
    CAST(sum(greatest(CAST(round(1e9 * power(2e0, -date_diff('second', s.touched_at, s.converted_at) / (86400e0 * w.half_life_days))) AS bigint), 1)) AS bigint) AS kernel_billionths
  FROM path_steps s
  CROSS JOIN wanted w
  GROUP BY 1, 2
)
SELECT
  t.person_no,
  CAST(coalesce(n.channel_no, -1) AS integer) AS channel_no,
  CAST(coalesce(l.kernel_billionths, 0) AS double) / 1e9 AS kernel,
  CAST(dense_rank() OVER (ORDER BY c.conversion_id) - 1 AS integer) AS conversion_no,
  y.currency_no,
  CAST(c.revenue_minor + coalesce(r.returned_minor, 0) AS double) AS net_minor
FROM conversions c
JOIN currencies y ON y.currency = c.currency
LEFT JOIN returned r ON r.conversion_id = c.conversion_id
JOIN touched_persons t ON t.person_id = c.person_id AND t.first_touched_at <= c.converted_at
LEFT JOIN left_over l ON l.conversion_id = c.conversion_id
LEFT JOIN channels n ON n.channel = l.channel
ORDER BY c.conversion_id, n.channel_no
