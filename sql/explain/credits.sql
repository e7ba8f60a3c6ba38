-- One row per model and touchpoint of a purchase's path that gets credit: its share, what it was credited, and what
-- returns took back of that.
-- key: model, position
WITH wanted AS (
  SELECT CAST(? AS varchar) AS document_id
)
SELECT
  c.model,
  c.position,
  min(c.touch_id) AS touch_id,
  date_format(min(c.touched_at), '%Y-%m-%dT%H:%i:%sZ') AS touched_at,
  min(c.channel) AS channel,
  min(c.source) AS source,
  min(c.medium) AS medium,
  min(c.campaign) AS campaign,
  max(CASE WHEN c.booking_kind = 'sale' THEN c.share END) AS share,
  CAST(sum(CASE WHEN c.booking_kind = 'sale' THEN c.revenue_minor ELSE 0 END) AS bigint) AS credited_minor,
  CAST(sum(CASE WHEN c.booking_kind = 'sale' THEN 0 ELSE c.revenue_minor END) AS bigint) AS taken_back_minor
FROM credits c
JOIN wanted w ON w.document_id = c.conversion_id
GROUP BY 1, 2
ORDER BY 1, 2
