-- One row per distinct path of channels and campaigns, numbered from 0: journeys on it that ended in a purchase and
-- closed journeys that did not. What data-driven models are fitted on.
-- key: path_no
WITH journeys AS (
  SELECT numbered_path, 1 AS converts FROM paths_to_conversion
  UNION ALL
  SELECT numbered_path, 0 FROM paths_to_non_conversion WHERE NOT is_open
)
SELECT
  CAST(row_number() OVER (ORDER BY numbered_path) - 1 AS integer) AS path_no,
  numbered_path,
  CAST(sum(converts) AS bigint) AS total_conversions,
  CAST(sum(1 - converts) AS bigint) AS total_null
FROM journeys
GROUP BY numbered_path
