-- One row per figure of the stage "loyalty", channel, currency, month and person (null: nobody known): the two sums
-- that the figure is made of. What figures are is said in lib/domain/stage-figures.ts. One that nothing was supplied for
-- has no row; one that is not told by channel has an empty one.
-- key: figure, channel, currency, month, person_id
WITH spend_currencies AS (
  SELECT DISTINCT channel, currency, CAST(date_trunc('month', day) AS date) AS month FROM media_spend_daily
),
opinions AS (
  SELECT f.*, coalesce(f.channel, p.last_channel, '(no touchpoint)') AS brought_by
  FROM feedback f
  LEFT JOIN purchase_facts p ON p.conversion_id = f.document_id
  WHERE f.feedback_kind IN ('nps', 'rating')
),
repeats AS (
  SELECT * FROM purchase_facts WHERE purchase_no > 1
),
member_months AS (
  SELECT CAST(date_trunc('month', conversion_date) AS date) AS day, person_id
  FROM purchase_facts
  WHERE shows_card AND person_id IS NOT NULL
  GROUP BY 1, 2
),
buyer_months AS (
  SELECT CAST(date_trunc('month', conversion_date) AS date) AS day, person_id, max(CASE WHEN is_second_place THEN 1 ELSE 0 END) AS is_second_place
  FROM purchase_facts
  WHERE person_id IS NOT NULL
  GROUP BY 1, 2
),
facts AS (
  SELECT
    'repeat_share_online' AS figure,
    p.last_channel AS channel,
    '' AS currency,
    p.conversion_date AS day,
    p.person_id AS person_id,
    CASE WHEN p.purchase_no > 1 THEN 1 ELSE 0 END AS numerator,
    1 AS denominator
  FROM purchase_facts p
  WHERE p.place = 'online' AND p.person_id IS NOT NULL
  UNION ALL
  SELECT 'nps_online', f.brought_by, '', f.feedback_date, f.person_id, CASE WHEN f.score >= 9 THEN 100 WHEN f.score <= 6 THEN -100 ELSE 0 END, 1
  FROM opinions f
  WHERE f.feedback_kind = 'nps' AND f.place = 'online'
  UNION ALL
  SELECT 'rating_online', f.brought_by, '', f.feedback_date, f.person_id, CAST(round(100 * f.score / f.score_max) AS bigint), 100
  FROM opinions f
  WHERE f.feedback_kind = 'rating' AND f.place = 'online'
  UNION ALL
  SELECT 'repeat_share_store', p.last_channel, '', p.conversion_date, p.person_id, CASE WHEN p.purchase_no > 1 THEN 1 ELSE 0 END, 1
  FROM purchase_facts p
  WHERE p.place = 'store' AND p.person_id IS NOT NULL
  UNION ALL
  SELECT 'nps_store', f.brought_by, '', f.feedback_date, f.person_id, CASE WHEN f.score >= 9 THEN 100 WHEN f.score <= 6 THEN -100 ELSE 0 END, 1
  FROM opinions f
  WHERE f.feedback_kind = 'nps' AND f.place = 'store'
  UNION ALL
  SELECT 'rating_store', f.brought_by, '', f.feedback_date, f.person_id, CAST(round(100 * f.score / f.score_max) AS bigint), 100
  FROM opinions f
  WHERE f.feedback_kind = 'rating' AND f.place = 'store'
  UNION ALL
  SELECT
    'identified_revenue_share',
    '',
    p.currency,
    p.conversion_date,
    p.person_id,
    CASE WHEN p.person_id IS NULL THEN 0 ELSE p.revenue_minor END,
    p.revenue_minor
  FROM purchase_facts p
  WHERE p.place = 'store'
  UNION ALL
  SELECT 'active_members', '', '', m.day, m.person_id, 1, 0
  FROM member_months m
  UNION ALL
  SELECT 'cross_channel_repeat_share', p.last_channel, '', p.conversion_date, p.person_id, CASE WHEN p.place <> p.place_before THEN 1 ELSE 0 END, 1
  FROM repeats p
  UNION ALL
  SELECT 'single_to_omni_share', '', '', b.day, b.person_id, b.is_second_place, 1
  FROM buyer_months b
  UNION ALL
  SELECT 'cost_per_repeat_purchase', s.channel, s.currency, s.day, CAST(NULL AS varchar), s.spend_minor, 0
  FROM media_spend_daily s
  UNION ALL
  SELECT 'cost_per_repeat_purchase', p.last_channel, c.currency, p.conversion_date, p.person_id, 0, 1
  FROM repeats p
  JOIN spend_currencies c ON c.channel = p.last_channel AND c.month = CAST(date_trunc('month', p.conversion_date) AS date)
  UNION ALL
  SELECT 'nps_across', f.brought_by, '', f.feedback_date, f.person_id, CASE WHEN f.score >= 9 THEN 100 WHEN f.score <= 6 THEN -100 ELSE 0 END, 1
  FROM opinions f
  WHERE f.feedback_kind = 'nps'
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
