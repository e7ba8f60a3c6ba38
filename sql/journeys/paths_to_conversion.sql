-- One row per purchase with a path: its channels and campaigns in order, joined by " > ", and both as numbers of
-- channel_campaigns, joined by spaces.
-- key: conversion_id
WITH paths AS (
  SELECT
    conversion_id,
    min(touched_at) AS started_at,
    count(*) AS path_length,
    regexp_replace(array_join(array_sort(array_agg(lpad(CAST(position AS varchar), 4, '0') || '|' || channel)), ' > '), '[0-9]{4}\|', '') AS channel_path,
    regexp_replace(array_join(array_sort(array_agg(lpad(CAST(position AS varchar), 4, '0') || '|' || campaign)), ' > '), '[0-9]{4}\|', '') AS campaign_path,
    regexp_replace(array_join(array_sort(array_agg(lpad(CAST(position AS varchar), 4, '0') || '|' || CAST(channel_campaign_no AS varchar))), ' '), '[0-9]{4}\|', '') AS numbered_path
  FROM path_steps
  GROUP BY 1
)
SELECT
  p.conversion_id,
  c.conversion_kind,
  c.person_id,
  p.started_at,
  c.converted_at,
  p.path_length,
  p.channel_path,
  p.campaign_path,
  p.numbered_path,
  c.revenue_minor,
  c.currency
FROM paths p
JOIN conversions c ON c.conversion_id = p.conversion_id
