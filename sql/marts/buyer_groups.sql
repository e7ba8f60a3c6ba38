-- One row per number of purchases alike: the store, with its name and region, currency, place of payment, persona and
-- customer type. Stores of one name are told apart by their id.
-- key: buyer_group_no
WITH groups AS (
  SELECT DISTINCT buyer_group_no, store_id, currency, is_in_store, persona, customer_type
  FROM credited_purchases
),
named AS (
  SELECT store_id, store_name, region, count(*) OVER (PARTITION BY store_name) AS namesakes
  FROM stores
)
SELECT
  g.buyer_group_no,
  g.store_id,
  CASE
    WHEN g.store_id IS NULL THEN '(online)'
    WHEN n.namesakes > 1 THEN n.store_name || ' (' || g.store_id || ')'
    ELSE coalesce(n.store_name, g.store_id)
  END AS store_name,
  CASE WHEN g.store_id IS NULL THEN '(online)' ELSE coalesce(n.region, '(not set)') END AS region,
  g.currency,
  g.is_in_store,
  g.persona,
  g.customer_type
FROM groups g
LEFT JOIN named n ON n.store_id = g.store_id
