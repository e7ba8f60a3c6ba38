-- One row per SKU: its latest revision.
-- key: sku
WITH versions AS (
  SELECT
    *,
    row_number() OVER (PARTITION BY sku ORDER BY revision DESC, fingerprint) AS version_rank
  FROM raw_products
)
SELECT
  sku,
  product_id,
  category,
  name AS product_name,
  brand,
  unit_cost_minor,
  currency
FROM versions
WHERE version_rank = 1
