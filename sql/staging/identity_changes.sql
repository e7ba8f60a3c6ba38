-- One row per identifier whose person is another than in the build published before; none at the first build. A person
-- keeps its name when others join it, so only what joined or left it is here. Identifiers of erased persons are not.
-- key: identifier_key
WITH known_now AS (
  SELECT identifier_key, kind, CASE WHEN NOT is_withdrawn THEN person_id END AS person_id, is_withdrawn
  FROM persons
),
known_before AS (
  SELECT identifier_key, kind, person_id
  FROM previous_persons
  WHERE NOT is_withdrawn
),
both_builds AS (
  SELECT
    coalesce(n.identifier_key, b.identifier_key) AS identifier_key,
    coalesce(n.kind, b.kind) AS kind,
    b.person_id AS person_before,
    n.person_id,
    coalesce(n.is_withdrawn, false) AS is_withdrawn
  FROM known_now n
  FULL JOIN known_before b ON b.identifier_key = n.identifier_key
),
parted AS (
  SELECT person_before, count(DISTINCT person_id) AS persons
  FROM both_builds
  WHERE person_before IS NOT NULL
  GROUP BY 1
),
joined AS (
  SELECT person_id, count(DISTINCT person_before) AS persons
  FROM both_builds
  WHERE person_id IS NOT NULL
  GROUP BY 1
),
changed_pairs AS (
  SELECT coalesce(n.strong_key, b.strong_key) AS strong_key, coalesce(n.weak_key, b.weak_key) AS weak_key
  FROM identity_pairs n
  FULL JOIN previous_identity_pairs b ON b.strong_key = n.strong_key AND b.weak_key = n.weak_key
  WHERE n.first_seen IS NULL OR b.first_seen IS NULL OR n.first_seen <> b.first_seen
),
changed_ends AS (
  SELECT strong_key AS identifier_key FROM changed_pairs
  UNION
  SELECT weak_key FROM changed_pairs
),
with_new_evidence AS (
  SELECT DISTINCT a.person
  FROM changed_ends e
  JOIN (
    SELECT identifier_key, person_before AS person FROM both_builds WHERE person_before IS NOT NULL
    UNION ALL
    SELECT identifier_key, person_id FROM both_builds WHERE person_id IS NOT NULL
  ) a ON a.identifier_key = e.identifier_key
),
rules_now AS (
  SELECT 'rule ' || rule || ' ' || identifier_key || ' ' || coalesce(other_key, '') AS said FROM seed_identity_rules
  UNION
  SELECT 'limit ' || kind || ' ' || counted || ' ' || CAST(most AS varchar) FROM seed_identity_limits
),
rules_before AS (
  SELECT 'rule ' || rule || ' ' || identifier_key || ' ' || coalesce(other_key, '') AS said FROM previous_identity_rules
  UNION
  SELECT 'limit ' || kind || ' ' || counted || ' ' || CAST(most AS varchar) FROM previous_identity_limits
),
rule_changes AS (
  SELECT count(CASE WHEN n.said IS NULL OR b.said IS NULL THEN 1 END) AS rule_changes, count(b.said) AS rules_before
  FROM rules_now n
  FULL JOIN rules_before b ON b.said = n.said
),
erased AS (
  SELECT DISTINCT identifier_key FROM raw_tombstones
)
SELECT
  c.identifier_key,
  CAST(c.kind AS integer) AS kind,
  CASE
    WHEN c.person_before IS NULL THEN 'new'
    WHEN c.person_id IS NULL THEN 'gone'
    WHEN j.persons > 1 AND p.persons > 1 THEN 'regrouped'
    WHEN j.persons > 1 THEN 'merged'
    WHEN p.persons > 1 THEN 'split'
    ELSE 'renamed'
  END AS person_change,
  CASE WHEN name.erased_name IS NULL THEN c.person_before END AS person_before,
  c.person_id,
  CASE
    WHEN c.is_withdrawn THEN 'consent'
    WHEN (before.person IS NOT NULL OR after.person IS NOT NULL) AND r.rule_changes > 0 THEN 'evidence or rules'
    WHEN before.person IS NOT NULL OR after.person IS NOT NULL THEN 'evidence'
    WHEN r.rule_changes > 0 THEN 'rules'
    WHEN c.person_before IS NULL THEN 'consent'
    ELSE 'program'
  END AS changed_by
FROM both_builds c
CROSS JOIN rule_changes r
LEFT JOIN parted p ON p.person_before = c.person_before
LEFT JOIN joined j ON j.person_id = c.person_id
LEFT JOIN with_new_evidence before ON before.person = c.person_before
LEFT JOIN with_new_evidence after ON after.person = c.person_id
LEFT JOIN erased e ON e.identifier_key = c.identifier_key
LEFT JOIN (SELECT DISTINCT 'p' || substr(identifier_key, 1, 11) AS erased_name FROM erased) name
  ON name.erased_name = c.person_before
WHERE r.rules_before > 0
  AND coalesce(c.person_before, '') <> coalesce(c.person_id, '')
  AND e.identifier_key IS NULL
