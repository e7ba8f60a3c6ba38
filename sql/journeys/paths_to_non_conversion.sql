-- One row per journey that led to no purchase: touchpoints of one person that stand on no path, without a longer
-- break than `null_path_gap_days`; its last 50 touchpoints. `is_open` says that it may still convert.
-- key: journey_id
WITH used AS (
  SELECT DISTINCT touch_id FROM path_steps
),
unused AS (
  SELECT t.person_id, t.touch_id, t.touched_at, t.channel, c.channel_campaign_no
  FROM touchpoints t
  JOIN channel_campaigns c ON c.channel = t.channel AND c.campaign = t.campaign
  LEFT JOIN used u ON u.touch_id = t.touch_id
  WHERE t.person_id IS NOT NULL AND u.touch_id IS NULL
),
neighbours AS (
  SELECT
    person_id,
    touch_id,
    touched_at,
    channel,
    channel_campaign_no,
    row_number() OVER along AS touch_no,
    lag(touched_at) OVER along AS touched_before,
    lead(touched_at) OVER along AS touched_after
  FROM unused
  WINDOW along AS (PARTITION BY person_id ORDER BY touched_at, touch_id)
),
ends AS (
  SELECT
    n.*,
    CASE WHEN date_diff('millisecond', n.touched_before, n.touched_at) <= s.null_path_gap_days * 86400000 THEN 0 ELSE 1 END AS starts_journey,
    CASE WHEN date_diff('millisecond', n.touched_at, n.touched_after) <= s.null_path_gap_days * 86400000 THEN NULL ELSE n.touch_no END AS last_touch_no
  FROM neighbours n
  CROSS JOIN settings s
),
steps AS (
  SELECT
    person_id,
    touched_at,
    channel,
    channel_campaign_no,
    sum(starts_journey) OVER (PARTITION BY person_id ORDER BY touch_no ROWS UNBOUNDED PRECEDING) AS journey_no,
    min(last_touch_no) OVER (PARTITION BY person_id ORDER BY touch_no ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) - touch_no + 1 AS steps_from_end
  FROM ends
),
horizon AS (
  SELECT max(last_touched_at) AS observed_until FROM channel_campaigns
)
SELECT
  s.person_id || '-' || CAST(s.journey_no AS varchar) AS journey_id,
  s.person_id,
  min(s.touched_at) AS started_at,
  max(s.touched_at) AS ended_at,
  count(*) AS path_length,
  regexp_replace(array_join(array_sort(array_agg(lpad(CAST(51 - s.steps_from_end AS varchar), 4, '0') || '|' || s.channel)), ' > '), '[0-9]{4}\|', '') AS channel_path,
  regexp_replace(array_join(array_sort(array_agg(lpad(CAST(51 - s.steps_from_end AS varchar), 4, '0') || '|' || CAST(s.channel_campaign_no AS varchar))), ' '), '[0-9]{4}\|', '') AS numbered_path,
  date_diff('day', max(s.touched_at), max(h.observed_until)) < max(settings.null_path_gap_days) AS is_open
FROM steps s
CROSS JOIN horizon h
CROSS JOIN settings
WHERE s.steps_from_end <= 50
GROUP BY s.person_id, s.journey_no
