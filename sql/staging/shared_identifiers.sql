-- One row per identifier that several people use, by which rule that shows, at least how many people it was seen with,
-- and with how many identifiers. It joins nobody; what carries it alone is of a person of its own.
-- key: identifier_key
SELECT
  n.identifier_key,
  n.kind,
  s.rule,
  s.people,
  s.links
FROM identity_shared s
JOIN identity_nodes n ON n.node = s.node
