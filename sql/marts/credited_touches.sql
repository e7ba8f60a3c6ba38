-- One row per touchpoint of a purchase's path: the number of what it came by. Touchpoints alike in channel, source,
-- medium, campaign and device share one. Contacts outside the site have no device.
-- key: touch_id
WITH steps AS (
  SELECT DISTINCT touch_id FROM path_steps
)
SELECT
  t.touch_id,
  t.channel,
  t.source,
  t.medium,
  t.campaign,
  CASE WHEN t.session_id IS NULL THEN '(no device)' ELSE coalesce(s.device, '(not set)') END AS device,
  CAST(dense_rank() OVER (
    ORDER BY t.channel, t.source, t.medium, t.campaign, CASE WHEN t.session_id IS NULL THEN '(no device)' ELSE coalesce(s.device, '(not set)') END
  ) - 1 AS integer) AS origin_no
FROM steps p
JOIN touchpoints t ON t.touch_id = p.touch_id
LEFT JOIN sessions s ON s.session_id = t.session_id
