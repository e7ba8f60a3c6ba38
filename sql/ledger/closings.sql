-- One row per closed period: the last of its days, when it was closed, on which build, and how many figures it keeps.
-- key: closed_through
SELECT
  closed_through,
  min(closed_at) AS closed_at,
  min(build_id) AS build_id,
  CAST(sum(CASE WHEN entry = 'figure' THEN 1 ELSE 0 END) AS bigint) AS figures,
  CAST(sum(CASE WHEN entry = 'restatement' THEN 1 ELSE 0 END) AS bigint) AS restatements
FROM raw_closings
GROUP BY 1
