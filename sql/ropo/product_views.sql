-- One row per product view of a known person, with product and category from the catalogue where the event had none.
-- key: event_key
SELECT
  e.event_key,
  e.person_id,
  e.occurred_at AS viewed_at,
  e.sku,
  coalesce(e.product_id, p.product_id) AS product_id,
  coalesce(e.category, p.category) AS category,
  e.store_id
FROM web_events e
LEFT JOIN products p ON p.sku = e.sku
WHERE e.event = 'Product Viewed' AND e.person_id IS NOT NULL
