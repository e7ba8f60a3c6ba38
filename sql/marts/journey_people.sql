-- One row per KPI of journeys, row of it, month, and the month before it in which the same people stood there last: how
-- many known people that are. Whoever stood there before a period began is told from whoever did not, so that the people
-- of any whole months add up without counting anybody twice: those of its months whose month before lies before it.
-- key: kpi, cell, currency, month, month_before
WITH visits AS (
  SELECT
    session_date,
    person_id,
    CASE WHEN orders > 0 THEN 4 WHEN checkouts > 0 THEN 3 WHEN product_adds > 0 THEN 2 ELSE 1 END AS furthest
  FROM sessions
  WHERE orders > 0 OR checkouts > 0 OR product_adds > 0 OR product_views > 0
),
stood AS (
  SELECT 'paths' AS kpi, told_path AS cell, currency, ended_on, person_id FROM journey_ends
  UNION ALL
  SELECT 'path-lengths', 'touchpoints|' || CAST(least(path_length, 11) AS varchar), currency, ended_on, person_id FROM journey_ends WHERE purchases = 1
  UNION ALL
  SELECT 'path-lengths', 'days_to_purchase|' || CAST(days_to_purchase AS varchar), currency, ended_on, person_id FROM journey_ends WHERE purchases = 1
  UNION ALL
  SELECT 'path-lengths', 'all', currency, ended_on, person_id FROM journey_ends WHERE purchases = 1
  UNION ALL
  SELECT 'channel-roles', channel, currency, ended_on, person_id FROM journey_channels WHERE purchases = 1
  UNION ALL
  SELECT
    'journey-flow',
    CAST(s.step AS varchar) || '|' || s.channel || '|' || CASE
      WHEN s.next_channel IS NULL AND e.purchases = 1 THEN '(purchase)'
      WHEN s.next_channel IS NULL THEN '(no purchase)'
      WHEN s.step = 5 THEN '(later steps)'
      ELSE s.next_channel
    END,
    '',
    e.ended_on,
    e.person_id
  FROM journey_steps s
  JOIN journey_ends e ON e.journey_id = s.journey_id
  WHERE s.step <= 5
  UNION ALL
  SELECT 'drop-off', 'channel|' || channel, '', ended_on, person_id FROM journey_channels
  UNION ALL
  SELECT
    'drop-off',
    'funnel|' || CASE r.stage_no WHEN 1 THEN 'product_viewed' WHEN 2 THEN 'product_added' WHEN 3 THEN 'checkout_started' ELSE 'purchase' END,
    '',
    s.session_date,
    s.person_id
  FROM visits s
  CROSS JOIN UNNEST(sequence(1, s.furthest)) AS r(stage_no)
),
months AS (
  SELECT DISTINCT kpi, cell, currency, CAST(date_trunc('month', ended_on) AS date) AS month, person_id
  FROM stood
  WHERE person_id IS NOT NULL
),
gaps AS (
  SELECT
    kpi,
    cell,
    currency,
    month,
    lag(month) OVER (PARTITION BY kpi, cell, currency, person_id ORDER BY month) AS month_before
  FROM months
)
SELECT
  kpi,
  cell,
  currency,
  month,
  CAST(date_trunc('month', date_add('day', 31, month)) AS date) AS next_month,
  month_before,
  count(*) AS known_people
FROM gaps
GROUP BY 1, 2, 3, 4, 5, 6
