-- One row per identifier of a person who bought at a till, or who withdrew consent.
-- key: identifier_key
SELECT
  p.identifier_key,
  p.person_id,
  p.is_withdrawn
FROM persons p
LEFT JOIN (
  SELECT DISTINCT person_id FROM conversions WHERE receipt_id IS NOT NULL
) b ON b.person_id = p.person_id
WHERE b.person_id IS NOT NULL OR p.is_withdrawn
ORDER BY p.identifier_key
