-- One row per channel that brought sessions, month and person (null: nobody known): sessions, and how many of them were the
-- person's first, or had what figures of stages ask for.
-- key: channel, month, person_id
WITH visits AS (
  SELECT
    channel,
    CAST(date_trunc('month', session_date) AS date) AS month,
    person_id,
    row_number() OVER (PARTITION BY person_id ORDER BY started_at, session_id) AS person_session_no,
    events,
    product_views,
    product_adds,
    orders,
    stock_checks,
    wishes,
    device
  FROM sessions
)
SELECT
  channel,
  month,
  person_id,
  count(*) AS sessions,
  count(CASE WHEN person_session_no = 1 THEN 1 END) AS first_sessions,
  count(CASE WHEN events = 1 THEN 1 END) AS one_page_sessions,
  CAST(sum(product_views) AS bigint) AS product_views,
  count(CASE WHEN product_views > 0 THEN 1 END) AS product_sessions,
  count(CASE WHEN stock_checks > 0 THEN 1 END) AS stock_sessions,
  count(CASE WHEN wishes > 0 THEN 1 END) AS wish_sessions,
  count(CASE WHEN orders > 0 THEN 1 END) AS order_sessions,
  count(CASE WHEN product_adds > 0 THEN 1 END) AS cart_sessions,
  count(CASE WHEN product_adds > 0 AND orders = 0 THEN 1 END) AS left_carts,
  count(CASE WHEN orders > 0 AND device IS NOT NULL THEN 1 END) AS device_orders,
  count(CASE WHEN orders > 0 AND device IN ('mobile', 'tablet') THEN 1 END) AS small_screen_orders
FROM visits
GROUP BY 1, 2, 3
