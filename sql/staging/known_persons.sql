-- One row per identifier of persons and stretch of time, from `stood_from` to before `stood_until`: the person that it stood
-- for then, and the one that it stands for today. The stretches of an identifier cover all time. An identifier that is
-- not here is a person of its own, named after itself.
-- key: identifier_key, stood_from
WITH past AS (
  SELECT
    h.identifier_key,
    coalesce(h.known_from, TIMESTAMP '0001-01-01 00:00:00') AS stood_from,
    least(h.known_until, p.known_since) AS stood_until,
    h.person_id AS person_id_then,
    p.person_id AS person_id_now,
    row_number() OVER (PARTITION BY h.identifier_key ORDER BY h.known_until) AS stage
  FROM person_history h
  JOIN persons p ON p.identifier_key = h.identifier_key
  WHERE coalesce(h.known_from, TIMESTAMP '0001-01-01 00:00:00') < p.known_since
),
last_past AS (
  SELECT identifier_key, max(stood_until) AS stood_until FROM past GROUP BY 1
),
-- From when on an identifier stood for itself alone, and until when.
alone AS (
  SELECT p.identifier_key, coalesce(b.stood_until, TIMESTAMP '0001-01-01 00:00:00') AS stood_from, p.stood_from AS stood_until, p.person_id_now
  FROM past p
  LEFT JOIN past b ON b.identifier_key = p.identifier_key AND b.stage = p.stage - 1
  UNION ALL
  SELECT p.identifier_key, coalesce(l.stood_until, TIMESTAMP '0001-01-01 00:00:00'), p.known_since, p.person_id
  FROM persons p
  LEFT JOIN last_past l ON l.identifier_key = p.identifier_key
  WHERE p.known_since IS NOT NULL
)
SELECT identifier_key, stood_from, stood_until, person_id_then, person_id_now FROM past
UNION ALL
SELECT identifier_key, stood_from, stood_until, 'p' || substr(identifier_key, 1, 11), person_id_now FROM alone WHERE stood_from < stood_until
UNION ALL
SELECT
  identifier_key,
  coalesce(known_since, TIMESTAMP '0001-01-01 00:00:00'),
  TIMESTAMP '9999-12-31 00:00:00',
  person_id,
  person_id
FROM persons
