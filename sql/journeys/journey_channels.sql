-- One row per journey that ended and channel on it: whether the channel stood alone, began it, ended it, or stood between.
-- A channel may both begin and end a journey; `is_between` is neither.
-- key: journey_id, channel
WITH channels AS (
  SELECT
    journey_id,
    channel,
    max(CASE WHEN step = 1 THEN 1 ELSE 0 END) AS begins,
    max(CASE WHEN next_channel IS NULL THEN 1 ELSE 0 END) AS ends,
    max(CASE WHEN step = 1 AND next_channel IS NULL THEN 1 ELSE 0 END) AS is_only
  FROM journey_steps
  GROUP BY 1, 2
)
SELECT
  c.journey_id,
  c.channel,
  e.person_id,
  e.ended_on,
  e.currency,
  e.purchases,
  e.sold_minor,
  c.is_only = 1 AS is_only,
  c.begins = 1 AND c.is_only = 0 AS is_first,
  c.ends = 1 AND c.is_only = 0 AS is_last,
  c.begins = 0 AND c.ends = 0 AS is_between
FROM channels c
JOIN journey_ends e ON e.journey_id = c.journey_id
