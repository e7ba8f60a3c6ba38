-- One row per person and channel: days under the effect of the channel's touchpoints, in full strength, while
-- observed; and as channel -1 the days since the person's first touchpoint. In millionths, so that sums are exact.
-- The last second that was seen counts whole, so that nobody was watched for no time.
-- key: person_no, channel_no
WITH wanted AS (
  SELECT CAST(? AS double) AS half_life_days
),
horizon AS (
  SELECT greatest(max(t.touched_at), (SELECT max(converted_at) FROM conversions)) AS observed_until FROM touchpoints t
),
reach AS (
  SELECT max(lookback_days) AS lookback_days FROM seed_conversion_kinds
),
effects AS (
  SELECT
    t.person_id,
    t.channel,
    CAST(round(1e6 * w.half_life_days / ln(2e0) * (1e0 - power(2e0, -least(CAST(r.lookback_days AS double), (date_diff('second', t.touched_at, h.observed_until) + 1) / 86400e0) / w.half_life_days))) AS bigint) AS exposure
  FROM touchpoints t
  CROSS JOIN wanted w
  CROSS JOIN horizon h
  CROSS JOIN reach r
  WHERE t.person_id IS NOT NULL
)
SELECT p.person_no, n.channel_no, CAST(sum(e.exposure) AS double) AS exposure
FROM effects e
JOIN touched_persons p ON p.person_id = e.person_id
JOIN channels n ON n.channel = e.channel
GROUP BY 1, 2
UNION ALL
SELECT p.person_no, CAST(-1 AS integer), CAST(round(1e6 * (date_diff('second', p.first_touched_at, h.observed_until) + 1) / 86400e0) AS double)
FROM touched_persons p
CROSS JOIN horizon h
ORDER BY 1, 2
