-- One row per web event or line of sale that stands more than once: the lake held one record twice, which would count
-- its money and its visits twice.
-- key: what, id
SELECT 'web event' AS what, event_key AS id, count(*) AS copies
FROM web_events
GROUP BY 2
HAVING count(*) > 1
UNION ALL
SELECT 'line of sale', line_id, count(*)
FROM sale_lines
GROUP BY 2
HAVING count(*) > 1
