-- One row per identifier that belongs to a person together with others, or whose person withdrew consent. An identifier
-- that is not here is a person of its own, named after itself.
-- `known_since` is when it came to stand for this person (null: from the start); before that see person_history.
-- A person is withdrawn when the latest word of any of their identifiers is that consent is denied: nothing is linked to
-- them any more, for what came before it too. Their links stay evidence: without them the person would fall into parts,
-- and the parts that said nothing would be linked again.
-- key: identifier_key
WITH denials AS (
  SELECT identifier_key, kind FROM consent_words WHERE consent = 'denied'
),
withdrawn AS (
  SELECT DISTINCT p.person_node
  FROM denials d
  JOIN identity_nodes n ON n.identifier_key = d.identifier_key
  JOIN identity_partition p ON p.node = n.node
)
SELECT
  n.identifier_key,
  n.kind,
  'p' || substr(stands_for.identifier_key, 1, 11) AS person_id,
  l.first_seen AS known_since,
  w.person_node IS NOT NULL AS is_withdrawn
FROM identity_partition p
JOIN identity_nodes n ON n.node = p.node
JOIN identity_nodes stands_for ON stands_for.node = p.person_node
LEFT JOIN identity_links l ON l.link = p.since_link
LEFT JOIN withdrawn w ON w.person_node = p.person_node
UNION ALL
SELECT d.identifier_key, d.kind, 'p' || substr(d.identifier_key, 1, 11), CAST(NULL AS timestamp(6)), true
FROM denials d
LEFT JOIN identity_nodes n ON n.identifier_key = d.identifier_key
WHERE n.identifier_key IS NULL
