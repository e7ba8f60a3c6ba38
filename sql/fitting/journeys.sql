-- One row per journey: whose it is, its path, its currency's number (-1 without purchase), and what it brought net of returns.
-- key: journey_id
WITH returned AS (
  SELECT conversion_id, sum(revenue_minor) AS returned_minor
  FROM returns
  WHERE conversion_id IS NOT NULL
  GROUP BY 1
),
journeys AS (
  SELECT
    p.person_id,
    p.numbered_path,
    p.conversion_id AS journey_id,
    c.currency_no,
    CAST(p.revenue_minor + coalesce(r.returned_minor, 0) AS double) AS net_minor
  FROM paths_to_conversion p
  JOIN currencies c ON c.currency = p.currency
  LEFT JOIN returned r ON r.conversion_id = p.conversion_id
  UNION ALL
  SELECT person_id, numbered_path, journey_id, CAST(-1 AS integer), CAST(0 AS double)
  FROM paths_to_non_conversion
  WHERE NOT is_open
)
SELECT t.person_no, m.path_no, j.currency_no, j.net_minor
FROM journeys j
JOIN touched_persons t ON t.person_id = j.person_id
JOIN model_paths m ON m.numbered_path = j.numbered_path
ORDER BY t.person_no, m.path_no, j.currency_no, j.net_minor
