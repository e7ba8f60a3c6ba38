-- One row per purchase and touchpoint of its path: the person's last touchpoints before it, at most `lookback_steps`
-- of them and none older than `lookback_days`. Touchpoints are counted off (buyer_timelines) and looked
-- up by number, so that an identifier shared by thousands cannot multiply rows.
-- key: conversion_id, position
WITH purchases AS (
  SELECT
    m.person_id,
    m.mark_id AS conversion_id,
    m.marked_at AS converted_at,
    k.lookback_days,
    m.touch_no AS last_touch_no,
    greatest(
      m.touch_no - k.lookback_steps,
      CASE WHEN k.reuses_touches THEN 0 ELSE coalesce(lag(m.touch_no) OVER (PARTITION BY m.person_id ORDER BY m.marked_at, m.mark_id), 0) END
    ) + 1 AS first_touch_no
  FROM buyer_timelines m
  JOIN conversions c ON c.conversion_id = m.mark_id
  JOIN seed_conversion_kinds k ON k.conversion_kind = c.conversion_kind
  WHERE m.is_conversion
),
wanted AS (
  SELECT p.person_id, p.conversion_id, p.converted_at, p.lookback_days, s.touch_no
  FROM (SELECT * FROM purchases WHERE first_touch_no <= last_touch_no) p
  CROSS JOIN UNNEST(sequence(p.first_touch_no, p.last_touch_no)) AS s(touch_no)
),
found AS (
  SELECT w.conversion_id, w.converted_at, m.mark_id AS touch_id, m.marked_at AS touched_at, w.touch_no
  FROM wanted w
  JOIN buyer_timelines m ON m.person_id = w.person_id AND m.touch_no = w.touch_no AND NOT m.is_conversion
  WHERE date_diff('millisecond', m.marked_at, w.converted_at) <= w.lookback_days * 86400000
),
described AS (
  SELECT
    f.*,
    t.channel,
    t.source,
    t.medium,
    t.campaign,
    c.channel_campaign_no,
    CASE WHEN t.channel = 'Direct' THEN 0 ELSE 1 END AS is_not_direct
  FROM found f
  JOIN touchpoints t ON t.touch_id = f.touch_id
  JOIN channel_campaigns c ON c.channel = t.channel AND c.campaign = t.campaign
),
placed AS (
  SELECT
    *,
    row_number() OVER (PARTITION BY conversion_id ORDER BY touch_no) AS position,
    count(*) OVER (PARTITION BY conversion_id) AS path_length,
    CAST(sum(is_not_direct) OVER (PARTITION BY conversion_id ORDER BY touch_no ROWS UNBOUNDED PRECEDING) AS bigint) AS position_not_direct,
    CAST(sum(is_not_direct) OVER (PARTITION BY conversion_id) AS bigint) AS path_length_not_direct,
    max(touched_at) OVER (PARTITION BY conversion_id) AS last_touched_at,
    dense_rank() OVER (ORDER BY conversion_id) AS conversion_no
  FROM described
),
kept AS (
  SELECT
    p.*,
    CASE
      WHEN p.is_not_direct = 1 OR p.path_length_not_direct = 0 THEN 1
      WHEN s.path_transform = 'remove_if_not_all' THEN 0
      WHEN s.path_transform = 'remove_if_last_and_not_all' AND p.position_not_direct = p.path_length_not_direct THEN 0
      ELSE 1
    END AS is_modelled
  FROM placed p
  CROSS JOIN settings s
)
SELECT
  conversion_id,
  conversion_no,
  touch_id,
  channel,
  source,
  medium,
  campaign,
  channel_campaign_no,
  touched_at,
  converted_at,
  date_diff('second', touched_at, last_touched_at) AS seconds_before_last,
  position,
  path_length,
  is_not_direct,
  position_not_direct,
  path_length_not_direct,
  is_modelled,
  CAST(sum(is_modelled) OVER (PARTITION BY conversion_no, channel) AS bigint) AS channel_touches,
  CAST(sum(is_modelled) OVER (PARTITION BY conversion_no, channel_campaign_no) AS bigint) AS campaign_touches
FROM kept
