-- One row per touchpoint and purchase of a person with purchases, in the order of their time: touchpoints are counted off,
-- a purchase has the number of the last touchpoint before it.
-- key: mark_id
WITH buyers AS (
  SELECT DISTINCT person_id FROM conversions WHERE person_id IS NOT NULL
),
marks AS (
  SELECT t.person_id, t.touched_at AS marked_at, 0 AS is_conversion, t.touch_id AS mark_id
  FROM touchpoints t
  JOIN buyers b ON b.person_id = t.person_id
  UNION ALL
  SELECT person_id, converted_at, 1, conversion_id
  FROM conversions
  WHERE person_id IS NOT NULL
)
SELECT
  person_id,
  marked_at,
  is_conversion = 1 AS is_conversion,
  mark_id,
  CAST(sum(1 - is_conversion) OVER (PARTITION BY person_id ORDER BY marked_at, is_conversion, mark_id ROWS UNBOUNDED PRECEDING) AS bigint) AS touch_no
FROM marks
