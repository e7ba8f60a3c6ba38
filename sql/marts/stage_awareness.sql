-- One row per figure of the stage "awareness", channel, currency, month and person (null: nobody known): the two sums
-- that the figure is made of. What figures are is said in lib/domain/stage-figures.ts. One that nothing was supplied for
-- has no row; one that is not told by channel has an empty one. Figures of all visits to the site: stage_sessions.
-- key: figure, channel, currency, month, person_id
WITH spend_currencies AS (
  SELECT DISTINCT channel, currency, CAST(date_trunc('month', day) AS date) AS month FROM media_spend_daily
),
paper_channels AS (
  SELECT channel
  FROM touchpoints
  GROUP BY 1
  HAVING min(CASE WHEN touch_type IN ('direct_mail', 'store_leaflet') THEN 1 ELSE 0 END) = 1
),
paper_currencies AS (
  SELECT DISTINCT c.currency, c.month FROM spend_currencies c JOIN paper_channels p ON p.channel = c.channel
),
entries AS (
  SELECT day, CAST(sum(entries) AS bigint) AS entries FROM store_footfall_daily WHERE doors > 0 GROUP BY 1
),
seen AS (
  SELECT v.visit_date AS day, v.person_id
  FROM visit_outcomes v
  JOIN store_footfall_daily f ON f.store_id = v.store_id AND f.day = v.visit_date AND f.doors > 0
  WHERE v.person_id IS NOT NULL
),
reach AS (
  SELECT
    CAST(date_trunc('month', at_timezone(with_timezone(t.touched_at, 'UTC'), s.reporting_zone)) AS date) AS day,
    t.person_id,
    max(CASE WHEN t.touch_type IN ('session', 'campaign') THEN 1 ELSE 0 END) AS online,
    max(CASE WHEN t.touch_type IN ('session', 'campaign') THEN 0 ELSE 1 END) AS elsewhere
  FROM touchpoints t
  CROSS JOIN settings s
  WHERE t.person_id IS NOT NULL
  GROUP BY 1, 2
),
facts AS (
  SELECT
    'new_customer_share_online' AS figure,
    p.last_channel AS channel,
    p.currency AS currency,
    p.conversion_date AS day,
    p.person_id AS person_id,
    CASE WHEN p.purchase_no = 1 THEN p.revenue_minor ELSE 0 END AS numerator,
    p.revenue_minor AS denominator
  FROM purchase_facts p
  WHERE p.place = 'online' AND p.person_id IS NOT NULL
  UNION ALL
  SELECT 'cost_per_new_visitor', s.channel, s.currency, s.day, CAST(NULL AS varchar), s.spend_minor, 0
  FROM media_spend_daily s
  JOIN (SELECT DISTINCT channel FROM visitor_months) b ON b.channel = s.channel
  UNION ALL
  SELECT 'cost_per_new_visitor', v.channel, c.currency, v.month, v.person_id, 0, v.first_sessions
  FROM visitor_months v
  JOIN spend_currencies c ON c.channel = v.channel AND c.month = v.month
  WHERE v.first_sessions > 0
  UNION ALL
  SELECT 'footfall', '', '', e.day, CAST(NULL AS varchar), e.entries, 0
  FROM entries e
  UNION ALL
  SELECT
    'new_customer_share_store',
    p.last_channel,
    p.currency,
    p.conversion_date,
    p.person_id,
    CASE WHEN p.purchase_no = 1 THEN p.revenue_minor ELSE 0 END,
    p.revenue_minor
  FROM purchase_facts p
  WHERE p.place = 'store' AND p.person_id IS NOT NULL
  UNION ALL
  SELECT 'paper_cost_per_entry', '', s.currency, s.day, CAST(NULL AS varchar), s.spend_minor, 0
  FROM media_spend_daily s
  JOIN paper_channels p ON p.channel = s.channel
  UNION ALL
  SELECT 'paper_cost_per_entry', '', c.currency, e.day, CAST(NULL AS varchar), 0, e.entries
  FROM entries e
  JOIN paper_currencies c ON c.month = CAST(date_trunc('month', e.day) AS date)
  UNION ALL
  SELECT 'seen_visitor_share', '', '', e.day, CAST(NULL AS varchar), 0, e.entries
  FROM entries e
  WHERE (SELECT count(*) FROM seen) > 0
  UNION ALL
  SELECT 'seen_visitor_share', '', '', v.day, v.person_id, 1, 0
  FROM seen v
  WHERE (SELECT count(*) FROM entries) > 0
  UNION ALL
  SELECT 'reached_both_share', '', '', r.day, r.person_id, r.online * r.elsewhere, 1
  FROM reach r
  UNION ALL
  SELECT 'media_cost_share', s.channel, s.currency, s.day, CAST(NULL AS varchar), s.spend_minor, 0
  FROM media_spend_daily s
  UNION ALL
  SELECT 'media_cost_share', p.last_channel, p.currency, p.conversion_date, p.person_id, 0, p.revenue_minor
  FROM purchase_facts p
  JOIN (SELECT DISTINCT currency, month FROM spend_currencies) c
    ON c.currency = p.currency AND c.month = CAST(date_trunc('month', p.conversion_date) AS date)
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
