-- One row per line of a purchase, level, comparison and draw that finds a product view at most 60 days before.
-- key: line_no, level, comparison, draw
WITH wanted AS (
  SELECT CAST(? AS varchar) AS document_id
)
SELECT
  m.line_no,
  m.level,
  m.comparison,
  m.draw,
  m.lag_seconds,
  m.view_no,
  date_format(m.viewed_at, '%Y-%m-%dT%H:%i:%sZ') AS viewed_at,
  m.channel,
  m.campaign
FROM ropo_matches m
JOIN ropo_lines l ON l.line_no = m.line_no
JOIN wanted w ON w.document_id = l.conversion_id
ORDER BY m.line_no, m.comparison, m.draw, m.lag_seconds, m.level
