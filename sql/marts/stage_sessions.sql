-- One row per stage, figure of all visits to the site, channel (and all of them), month, and the month before it in which
-- the same people were there last: as in stage_figures. All these figures count the same people, who are looked up once.
-- Stock checks and wish lists have figures where a tracker tells of any.
-- key: stage, figure, channel, month, month_before
WITH cells AS (
  SELECT
    coalesce(channel, '(all channels)') AS channel,
    month,
    person_id,
    sum(sessions) AS sessions,
    sum(first_sessions) AS first_sessions,
    sum(one_page_sessions) AS one_page_sessions,
    sum(product_views) AS product_views,
    sum(product_sessions) AS product_sessions,
    sum(stock_sessions) AS stock_sessions,
    sum(wish_sessions) AS wish_sessions,
    sum(order_sessions) AS order_sessions
  FROM visitor_months
  GROUP BY GROUPING SETS ((channel, month, person_id), (month, person_id))
),
placed AS (
  SELECT
    *,
    CASE WHEN person_id IS NOT NULL THEN lag(month) OVER (PARTITION BY channel, person_id ORDER BY month) END AS month_before
  FROM cells
),
summed AS (
  SELECT
    channel,
    month,
    month_before,
    count(person_id) AS known_people,
    CAST(sum(sessions) AS bigint) AS sessions,
    CAST(sum(first_sessions) AS bigint) AS first_sessions,
    CAST(sum(one_page_sessions) AS bigint) AS one_page_sessions,
    CAST(sum(product_views) AS bigint) AS product_views,
    CAST(sum(product_sessions) AS bigint) AS product_sessions,
    CAST(sum(stock_sessions) AS bigint) AS stock_sessions,
    CAST(sum(wish_sessions) AS bigint) AS wish_sessions,
    CAST(sum(order_sessions) AS bigint) AS order_sessions
  FROM placed
  GROUP BY 1, 2, 3
),
figures AS (
  SELECT
    v.stage,
    v.figure,
    s.channel,
    s.month,
    s.month_before,
    CASE v.figure
      WHEN 'reach_online' THEN s.known_people
      WHEN 'new_visitor_share' THEN s.first_sessions
      WHEN 'one_page_share' THEN s.one_page_sessions
      WHEN 'product_views_per_visit' THEN s.product_views
      WHEN 'product_visit_share' THEN s.product_sessions
      WHEN 'stock_check_rate' THEN s.stock_sessions
      WHEN 'wishlist_rate' THEN s.wish_sessions
      ELSE s.order_sessions
    END AS numerator,
    CASE WHEN v.figure = 'reach_online' THEN 0 ELSE s.sessions END AS denominator,
    s.known_people,
    CAST(sum(s.stock_sessions) OVER () AS bigint) AS all_stock_sessions,
    CAST(sum(s.wish_sessions) OVER () AS bigint) AS all_wish_sessions
  FROM summed s
  CROSS JOIN (
    VALUES
      ('awareness', 'reach_online'),
      ('awareness', 'new_visitor_share'),
      ('awareness', 'one_page_share'),
      ('consideration', 'product_views_per_visit'),
      ('consideration', 'product_visit_share'),
      ('consideration', 'stock_check_rate'),
      ('consideration', 'wishlist_rate'),
      ('decision', 'conversion_rate_online')
  ) AS v(stage, figure)
)
SELECT stage, figure, channel, month, month_before, numerator, denominator, known_people
FROM figures
WHERE CASE figure
  WHEN 'reach_online' THEN channel = '(all channels)' AND known_people > 0
  WHEN 'stock_check_rate' THEN all_stock_sessions > 0
  WHEN 'wishlist_rate' THEN all_wish_sessions > 0
  ELSE true
END
