-- One row per figure of the stage "service", channel, currency, month and person (null: nobody known): the two sums
-- that the figure is made of. What figures are is said in lib/domain/stage-figures.ts. One that nothing was supplied for
-- has no row; one that is not told by channel has an empty one.
-- key: figure, channel, currency, month, person_id
WITH contacts AS (
  SELECT f.*, coalesce(f.channel, p.last_channel, '(no touchpoint)') AS brought_by
  FROM feedback f
  LEFT JOIN purchase_facts p ON p.conversion_id = f.document_id
  WHERE f.feedback_kind = 'contact'
),
contact_places AS (
  SELECT DISTINCT place FROM contacts
),
given_back AS (
  SELECT
    r.return_id,
    r.return_date,
    r.currency,
    -r.revenue_minor AS returned_minor,
    CASE WHEN r.store_id IS NULL THEN 0 ELSE 1 END AS is_in_store,
    p.place,
    p.last_channel,
    p.person_id
  FROM returns r
  JOIN purchase_facts p ON p.conversion_id = r.conversion_id
),
facts AS (
  SELECT
    'contact_rate_online' AS figure,
    f.brought_by AS channel,
    '' AS currency,
    f.feedback_date AS day,
    f.person_id AS person_id,
    1 AS numerator,
    0 AS denominator
  FROM contacts f
  WHERE f.place = 'online'
  UNION ALL
  SELECT 'contact_rate_online', p.last_channel, '', p.conversion_date, p.person_id, 0, 1
  FROM purchase_facts p
  JOIN contact_places c ON c.place = p.place AND p.place = 'online'
  UNION ALL
  SELECT 'first_contact_resolution_online', f.brought_by, '', f.feedback_date, f.person_id, CASE WHEN f.is_resolved_first_time THEN 1 ELSE 0 END, 1
  FROM contacts f
  WHERE f.place = 'online' AND f.is_resolved_first_time IS NOT NULL
  UNION ALL
  SELECT
    'written_contact_share',
    f.brought_by,
    '',
    f.feedback_date,
    f.person_id,
    CASE WHEN f.contact_by NOT IN ('phone', 'counter') THEN 1 ELSE 0 END,
    1
  FROM contacts f
  WHERE f.place = 'online' AND f.contact_by IS NOT NULL
  UNION ALL
  SELECT 'return_rate_online', r.last_channel, r.currency, r.return_date, r.person_id, r.returned_minor, 0
  FROM given_back r
  WHERE r.place = 'online'
  UNION ALL
  SELECT 'return_rate_online', p.last_channel, p.currency, p.conversion_date, p.person_id, 0, p.revenue_minor
  FROM purchase_facts p
  WHERE p.place = 'online'
  UNION ALL
  SELECT 'contact_rate_store', f.brought_by, '', f.feedback_date, f.person_id, 1, 0
  FROM contacts f
  WHERE f.place = 'store'
  UNION ALL
  SELECT 'contact_rate_store', p.last_channel, '', p.conversion_date, p.person_id, 0, 1
  FROM purchase_facts p
  JOIN contact_places c ON c.place = p.place AND p.place = 'store'
  UNION ALL
  SELECT 'first_contact_resolution_store', f.brought_by, '', f.feedback_date, f.person_id, CASE WHEN f.is_resolved_first_time THEN 1 ELSE 0 END, 1
  FROM contacts f
  WHERE f.place = 'store' AND f.is_resolved_first_time IS NOT NULL
  UNION ALL
  SELECT 'return_rate_store', r.last_channel, r.currency, r.return_date, r.person_id, r.returned_minor, 0
  FROM given_back r
  WHERE r.place = 'store'
  UNION ALL
  SELECT 'return_rate_store', p.last_channel, p.currency, p.conversion_date, p.person_id, 0, p.revenue_minor
  FROM purchase_facts p
  WHERE p.place = 'store'
  UNION ALL
  SELECT 'online_returned_in_store_share', '', '', r.return_date, r.person_id, r.is_in_store, 1
  FROM given_back r
  WHERE r.place = 'online'
  UNION ALL
  SELECT 'return_reason_share', '', '', r.return_date, CAST(NULL AS varchar), 0, 1
  FROM returns r
  WHERE (SELECT count(*) FROM feedback WHERE feedback_kind = 'return_reason') > 0
  UNION ALL
  SELECT 'return_reason_share', '', '', f.feedback_date, f.person_id, 1, 0
  FROM (
    SELECT DISTINCT coalesce(document_id, feedback_key) AS about, feedback_date, person_id
    FROM feedback
    WHERE feedback_kind = 'return_reason'
  ) f
)
SELECT
  figure,
  channel,
  currency,
  CAST(date_trunc('month', day) AS date) AS month,
  person_id,
  CAST(sum(numerator) AS bigint) AS numerator,
  CAST(sum(denominator) AS bigint) AS denominator
FROM facts
GROUP BY 1, 2, 3, 4, 5
