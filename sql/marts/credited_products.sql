-- One row per number of a product in a category that credit lies on, with the name that it is shown by: its id and what
-- the names of its SKUs have in common, all of it or what stands before the first comma.
-- key: product_no
WITH names AS (
  SELECT
    product_id,
    CASE
      WHEN min(product_name) = max(product_name) THEN min(product_name)
      WHEN min(split_part(product_name, ',', 1)) = max(split_part(product_name, ',', 1)) THEN min(split_part(product_name, ',', 1))
    END AS common_name
  FROM products
  WHERE product_id IS NOT NULL
  GROUP BY 1
),
seen AS (
  SELECT DISTINCT product_no, product_id, category FROM booking_goods
)
SELECT
  s.product_no,
  s.product_id,
  coalesce(s.product_id || ' ' || n.common_name, s.product_id) AS product_title,
  s.category
FROM seen s
LEFT JOIN names n ON n.product_id = s.product_id
