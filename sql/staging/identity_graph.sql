-- One row: which identity graph the figures of this build stand on. `graph_version` is a
-- fingerprint of the resolution: a hash of the persons and stages by numbers, of the identifiers in the order of their
-- numbers, and of the rows of rules and withdrawals, in whatever order they come. The same identifiers, links, rules and
-- withdrawals give the same version. Another one says that something of that differs, but not that somebody is another
-- person: a link that joins nobody changes it too. That two graphs share a version by chance is possible and unlikely.
-- key: graph_version
WITH words AS (
  SELECT 'withdrawn ' || identifier_key AS word FROM persons WHERE is_withdrawn
  UNION ALL
  SELECT 'limit ' || kind || ' ' || counted || ' ' || CAST(most AS varchar) FROM seed_identity_limits
  UNION ALL
  SELECT rule || ' ' || identifier_key || ' ' || coalesce(other_key, '') FROM seed_identity_rules
),
digests AS (
  SELECT to_hex(md5(to_utf8(word))) AS digest FROM words
),
folded_words AS (
  SELECT
    count(*) AS words,
    CAST(coalesce(sum(
      strpos('123456789ABCDEF', substr(digest, 1, 1)) * 268435456
      + strpos('123456789ABCDEF', substr(digest, 2, 1)) * 16777216
      + strpos('123456789ABCDEF', substr(digest, 3, 1)) * 1048576
      + strpos('123456789ABCDEF', substr(digest, 4, 1)) * 65536
      + strpos('123456789ABCDEF', substr(digest, 5, 1)) * 4096
      + strpos('123456789ABCDEF', substr(digest, 6, 1)) * 256
      + strpos('123456789ABCDEF', substr(digest, 7, 1)) * 16
      + strpos('123456789ABCDEF', substr(digest, 8, 1))
    ), 0) AS bigint) AS folded
  FROM digests
),
folded_keys AS (
  SELECT
    count(*) AS identifiers,
    CAST(coalesce(sum(
      (
        strpos('BCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_', substr(identifier_key, 1, 1)) * 4096
        + strpos('BCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_', substr(identifier_key, 2, 1)) * 64
        + strpos('BCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_', substr(identifier_key, 3, 1))
      ) * CAST(node % 65521 + 1 AS bigint)
    ), 0) AS bigint) AS folded
  FROM identity_nodes
)
SELECT
  lower(substr(to_hex(md5(to_utf8(
    d.digest || ' ' || CAST(k.folded AS varchar) || ' ' || CAST(w.words AS varchar) || ' ' || CAST(w.folded AS varchar)
  ))), 1, 12)) AS graph_version,
  s.stitching,
  k.identifiers,
  (SELECT count(*) FROM identity_links) AS links,
  (SELECT count(*) FROM identity_refusals) AS refused_links,
  (SELECT count(*) FROM identity_shared) AS shared_identifiers,
  CAST(d.persons AS bigint) AS persons,
  CAST(d.largest_person AS bigint) AS largest_person,
  (SELECT count(DISTINCT person_id) FROM persons WHERE is_withdrawn) AS withdrawn_persons
FROM identity_digest d
CROSS JOIN folded_keys k
CROSS JOIN folded_words w
CROSS JOIN settings s
