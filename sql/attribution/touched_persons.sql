-- One row per person with touchpoints, numbered from 0: whom the intervals resample.
-- key: person_no
SELECT
  CAST(row_number() OVER (ORDER BY person_id) - 1 AS integer) AS person_no,
  person_id,
  min(touched_at) AS first_touched_at
FROM touchpoints
WHERE person_id IS NOT NULL
GROUP BY person_id
