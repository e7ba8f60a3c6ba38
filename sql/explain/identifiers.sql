-- One row per kind of identifier that a person is known by, and how many devices they were seen on.
-- key: kind
WITH wanted AS (
  SELECT CAST(? AS varchar) AS person_id
),
kinds AS (
  SELECT CASE p.kind WHEN 0 THEN 'customer_id' WHEN 1 THEN 'loyalty_id' WHEN 2 THEN 'email' WHEN 3 THEN 'phone' WHEN 4 THEN 'anonymous_id' ELSE 'payment_token' END AS kind
  FROM persons p
  JOIN wanted w ON w.person_id = p.person_id
),
devices AS (
  SELECT DISTINCT s.device_id
  FROM sessions s
  JOIN wanted w ON w.person_id = s.person_id
)
SELECT kind, count(*) AS identifiers FROM kinds GROUP BY 1
UNION ALL
SELECT 'device', count(*) FROM devices
