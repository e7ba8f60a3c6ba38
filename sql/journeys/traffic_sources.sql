-- One row per combination of campaign parameters, click id and referrer, with the channel that the rules give it.
-- The rules are tried in the order of their number; the shop's own (below 1000) come before GA4's.
-- key: traffic
WITH seen AS (
  SELECT campaign_traffic AS traffic FROM web_events WHERE campaign_traffic IS NOT NULL
  UNION
  SELECT referral_traffic FROM web_events WHERE referral_traffic IS NOT NULL
  UNION
  SELECT traffic FROM touches
  UNION
  SELECT traffic FROM spend_days
  UNION
  SELECT '||||'
),
parts AS (
  SELECT
    traffic,
    split_part(traffic, '|', 1) AS utm_source,
    split_part(traffic, '|', 2) AS utm_medium,
    split_part(traffic, '|', 3) AS utm_campaign,
    split_part(traffic, '|', 4) AS click_id,
    split_part(traffic, '|', 5) AS referrer_host
  FROM seen
),
referrers AS (
  SELECT p.referrer_host, min_by(c.category, c.priority) AS category, min_by(c.source, c.priority) AS source
  FROM (SELECT DISTINCT referrer_host FROM parts WHERE referrer_host <> '') p
  JOIN source_categories c ON regexp_like(p.referrer_host, c.source_pattern)
  GROUP BY 1
),
named AS (
  SELECT
    p.traffic,
    coalesce(nullif(p.utm_source, ''), i.source, r.source, nullif(p.referrer_host, ''), '(direct)') AS source,
    CASE
      WHEN p.utm_medium <> '' THEN p.utm_medium
      WHEN p.utm_source <> '' THEN '(not set)'
      WHEN i.medium IS NOT NULL THEN i.medium
      WHEN r.category = 'search' THEN 'organic'
      WHEN r.category = 'ai' THEN 'ai-assistant'
      WHEN p.referrer_host <> '' THEN 'referral'
      ELSE '(none)'
    END AS medium,
    coalesce(nullif(p.utm_campaign, ''), '(not set)') AS campaign
  FROM parts p
  LEFT JOIN seed_click_ids i ON i.click_id = p.click_id
  LEFT JOIN referrers r ON r.referrer_host = p.referrer_host
),
categorised AS (
  SELECT n.traffic, min_by(c.category, c.priority) AS category
  FROM named n
  JOIN source_categories c ON regexp_like(n.source, c.source_pattern)
  GROUP BY 1
),
ruled AS (
  SELECT n.traffic, min_by(rule.channel, rule.rule) AS channel
  FROM named n
  LEFT JOIN categorised c ON c.traffic = n.traffic
  JOIN seed_channel_rules rule
    ON (rule.source_category IS NULL OR rule.source_category = c.category)
    AND (rule.source_pattern IS NULL OR regexp_like(n.source, rule.source_pattern))
    AND (rule.medium_pattern IS NULL OR regexp_like(n.medium, rule.medium_pattern))
    AND (rule.campaign_pattern IS NULL OR regexp_like(lower(n.campaign), rule.campaign_pattern))
  GROUP BY 1
)
SELECT
  n.traffic,
  coalesce(r.channel, 'Unassigned') AS channel,
  n.source,
  n.medium,
  n.campaign
FROM named n
LEFT JOIN ruled r ON r.traffic = n.traffic
