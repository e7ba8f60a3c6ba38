-- One row per figure about who is known: what it is of, which one, and the currency where it is money.
-- key: area, item, currency
WITH person_sizes AS (
  SELECT person_id, count(*) AS identifiers
  FROM persons
  WHERE NOT is_withdrawn
  GROUP BY 1
),
records AS (
  SELECT 'web events' AS item, person_id_now AS person_id, count(*) AS n FROM web_events GROUP BY 2
  UNION ALL
  SELECT 'touches', person_id_now, count(*) FROM touches GROUP BY 2
  UNION ALL
  SELECT 'store visits', person_id_now, count(*) FROM store_visits GROUP BY 2
  UNION ALL
  SELECT
    CASE WHEN c.conversion_kind IN ('receipt', 'reserve_and_collect') THEN 'receipts' ELSE 'orders' END,
    s.person_id_now,
    count(*)
  FROM conversions c
  JOIN sale_persons s ON s.document_id = c.conversion_id
  GROUP BY 1, 2
),
sources AS (
  SELECT
    r.item,
    CAST(sum(r.n) AS bigint) AS records,
    CAST(sum(CASE WHEN r.person_id IS NOT NULL THEN r.n ELSE 0 END) AS bigint) AS with_person,
    CAST(sum(CASE WHEN p.identifiers > 1 THEN r.n ELSE 0 END) AS bigint) AS linked
  FROM records r
  LEFT JOIN person_sizes p ON p.person_id = r.person_id
  GROUP BY 1
),
carried AS (
  SELECT customer_key, loyalty_key, email_key, phone_key, anonymous_key, CAST(NULL AS varchar) AS payment_key
  FROM raw_events
  WHERE NOT is_bot
  UNION ALL
  SELECT customer_key, loyalty_key, email_key, phone_key, anonymous_key, NULL FROM raw_touches
  UNION ALL
  SELECT customer_key, loyalty_key, email_key, phone_key, anonymous_key, NULL FROM raw_visits
  UNION ALL
  SELECT customer_key, loyalty_key, email_key, phone_key, anonymous_key, payment_key FROM raw_sales
),
-- Identifiers that stand in a record alone; what is seen with others is in identity_nodes.
strongest AS (
  SELECT
    coalesce(customer_key, loyalty_key, email_key, phone_key, anonymous_key, payment_key) AS identifier_key,
    coalesce(payment_key, anonymous_key, phone_key, email_key, loyalty_key, customer_key) AS weakest_key,
    CASE
      WHEN customer_key IS NOT NULL THEN 0
      WHEN loyalty_key IS NOT NULL THEN 1
      WHEN email_key IS NOT NULL THEN 2
      WHEN phone_key IS NOT NULL THEN 3
      WHEN anonymous_key IS NOT NULL THEN 4
      ELSE 5
    END AS kind
  FROM carried
),
keys AS (
  SELECT kind, identifier_key FROM strongest WHERE identifier_key = weakest_key
  UNION
  SELECT kind, identifier_key FROM identity_nodes
),
kinds AS (
  SELECT
    k.kind,
    count(*) AS records,
    count(CASE WHEN NOT coalesce(p.is_withdrawn, false) THEN 1 END) AS with_person,
    count(CASE WHEN NOT p.is_withdrawn AND s.identifiers > 1 THEN 1 END) AS linked
  FROM keys k
  LEFT JOIN persons p ON p.identifier_key = k.identifier_key
  LEFT JOIN person_sizes s ON s.person_id = p.person_id
  GROUP BY 1
),
sizes AS (
  SELECT
    CASE
      WHEN identifiers = 1 THEN '    1'
      WHEN identifiers = 2 THEN '    2'
      WHEN identifiers <= 5 THEN '  3-5'
      WHEN identifiers <= 10 THEN ' 6-10'
      WHEN identifiers <= 20 THEN '11-20'
      WHEN identifiers <= 50 THEN '21-50'
      ELSE '  51+'
    END AS item,
    count(*) AS records,
    CAST(sum(identifiers) AS bigint) AS linked
  FROM person_sizes
  GROUP BY 1
),
strengths AS (
  SELECT
    coalesce(evidence_strength, 'not identified') AS item,
    currency,
    count(*) AS records,
    CAST(sum(revenue_minor) AS bigint) AS revenue_minor
  FROM conversions
  GROUP BY 1, 2
),
figures AS (
  SELECT 'source' AS area, CAST(NULL AS integer) AS kind, item, records, with_person, linked FROM sources
  UNION ALL
  SELECT 'key', kind, '', records, with_person, linked FROM kinds
  UNION ALL
  SELECT 'identifiers_of_person', NULL, item, records, records, linked FROM sizes
  UNION ALL
  SELECT 'shared_identifiers', kind, ': ' || rule, count(*), NULL, NULL FROM shared_identifiers GROUP BY kind, rule
  UNION ALL
  SELECT 'refused_links', NULL, rule, count(*), NULL, NULL FROM refused_links GROUP BY rule
)
SELECT
  area,
  CASE kind
    WHEN 0 THEN 'customer'
    WHEN 1 THEN 'loyalty'
    WHEN 2 THEN 'email'
    WHEN 3 THEN 'phone'
    WHEN 4 THEN 'anonymous'
    WHEN 5 THEN 'payment'
    ELSE ''
  END || item AS item,
  CAST(NULL AS varchar) AS currency,
  records,
  with_person,
  linked,
  CAST(NULL AS bigint) AS revenue_minor,
  CAST(NULL AS bigint) AS revenue_of_all_minor
FROM figures
UNION ALL
SELECT
  'match_strength',
  s.item,
  s.currency,
  s.records,
  CASE WHEN s.item = 'not identified' THEN 0 ELSE s.records END,
  CAST(NULL AS bigint),
  s.revenue_minor,
  CAST(sum(s.revenue_minor) OVER (PARTITION BY s.currency) AS bigint)
FROM strengths s
