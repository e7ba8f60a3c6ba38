-- One row per pattern of a known source, in the order they are tried.
-- key: priority
SELECT
  row_number() OVER (
    ORDER BY CASE category WHEN 'ai' THEN 1 WHEN 'shopping' THEN 2 WHEN 'video' THEN 3 WHEN 'social' THEN 4 ELSE 5 END, source_pattern
  ) AS priority,
  source_pattern,
  source,
  category
FROM seed_source_categories
