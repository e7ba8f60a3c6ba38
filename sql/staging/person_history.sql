-- One row per identifier and past stage in which it stood for another than itself alone: the person that it stood for
-- from `known_from` (null: from the start) until `known_until`, as known then, by the links that the build follows. An
-- identifier without a row for a time was then a person of its own, named after itself, if that is before its
-- `known_since` in persons, and else the person of today.
-- key: identifier_key, known_until
SELECT
  n.identifier_key,
  began.first_seen AS known_from,
  ended.first_seen AS known_until,
  'p' || substr(stands_for.identifier_key, 1, 11) AS person_id
FROM identity_stages s
JOIN identity_nodes n ON n.node = s.node
JOIN identity_nodes stands_for ON stands_for.node = s.person_node
JOIN identity_links ended ON ended.link = s.until_link
LEFT JOIN identity_links began ON began.link = s.from_link
WHERE began.first_seen IS NULL OR began.first_seen < ended.first_seen
