-- One row per link between identifiers that joins nobody, with the rule against it: blocked, separated, a rule by which
-- one end is shared (shared_account, household_card, shared_email, shared_phone, shared_device, shared_payment, degree),
-- conflict (two accounts or cards would become one person) or too_large.
-- key: link
SELECT
  r.link,
  strong.identifier_key AS strong_key,
  strong.kind AS strong_kind,
  weak.identifier_key AS weak_key,
  weak.kind AS weak_kind,
  l.first_seen,
  r.rule
FROM identity_refusals r
JOIN identity_links l ON l.link = r.link
JOIN identity_nodes strong ON strong.node = l.from_node
JOIN identity_nodes weak ON weak.node = l.to_node
