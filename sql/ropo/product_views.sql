-- One row per product view of a known person, numbered in the order of time. Product and category are the
-- catalogue's where it knows them, so that the same SKU is always of one product, and a product of one category.
-- key: view_no
WITH views AS (
  SELECT
    e.event_key,
    e.person_id,
    e.occurred_at AS viewed_at,
    e.sku,
    coalesce(i.product_id, e.product_id) AS product_id,
    coalesce(i.category, e.category) AS category,
    e.store_id
  FROM web_events e
  LEFT JOIN products i ON i.sku = e.sku
  WHERE e.event = 'Product Viewed' AND e.person_id IS NOT NULL
)
SELECT
  row_number() OVER (ORDER BY v.viewed_at, v.event_key) AS view_no,
  v.event_key,
  v.person_id,
  v.viewed_at,
  v.sku,
  v.product_id,
  coalesce(p.category, v.category) AS category,
  v.store_id
FROM views v
LEFT JOIN product_categories p ON p.product_id = v.product_id
