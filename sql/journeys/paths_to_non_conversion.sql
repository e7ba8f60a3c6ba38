-- One row per journey that led to no purchase: touchpoints of one person that stand on no path, without a longer
-- break than `null_path_gap_days`; its last 50 touchpoints. `is_open` says that it may still convert.
-- key: journey_id
WITH used AS (
  SELECT DISTINCT touch_id FROM path_steps
),
unused AS (
  SELECT t.person_id, t.touch_id, t.touched_at, t.channel
  FROM touchpoints t
  LEFT JOIN used u ON u.touch_id = t.touch_id
  WHERE t.person_id IS NOT NULL AND u.touch_id IS NULL
),
gaps AS (
  SELECT
    u.*,
    CASE
      WHEN date_diff('millisecond', lag(touched_at) OVER (PARTITION BY person_id ORDER BY touched_at, touch_id), touched_at)
        <= settings.null_path_gap_days * 86400000
      THEN 0
      ELSE 1
    END AS starts_journey
  FROM unused u
  CROSS JOIN settings
),
numbered AS (
  SELECT
    *,
    sum(starts_journey) OVER (PARTITION BY person_id ORDER BY touched_at, touch_id ROWS UNBOUNDED PRECEDING) AS journey_no
  FROM gaps
),
steps AS (
  SELECT
    *,
    row_number() OVER (PARTITION BY person_id, journey_no ORDER BY touched_at DESC, touch_id DESC) AS steps_from_end
  FROM numbered
),
horizon AS (
  SELECT max(touched_at) AS observed_until FROM touchpoints
)
SELECT
  s.person_id || '-' || CAST(s.journey_no AS varchar) AS journey_id,
  s.person_id,
  min(s.touched_at) AS started_at,
  max(s.touched_at) AS ended_at,
  count(*) AS path_length,
  regexp_replace(array_join(array_sort(array_agg(lpad(CAST(51 - s.steps_from_end AS varchar), 4, '0') || '|' || s.channel)), ' > '), '[0-9]{4}\|', '') AS channel_path,
  date_diff('day', max(s.touched_at), max(h.observed_until)) < max(settings.null_path_gap_days) AS is_open
FROM steps s
CROSS JOIN horizon h
CROSS JOIN settings
WHERE s.steps_from_end <= 50
GROUP BY s.person_id, s.journey_no
