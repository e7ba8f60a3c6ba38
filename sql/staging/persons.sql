-- One row per identifier that belongs to a person together with others. An identifier that is not here is a person
-- of its own, named after itself.
-- key: identifier_key
SELECT
  n.identifier_key,
  n.kind,
  'p' || substr(stands_for.identifier_key, 1, 11) AS person_id
FROM identity_partition p
JOIN identity_nodes n ON n.node = p.node
JOIN identity_nodes stands_for ON stands_for.node = p.person_node
