-- One row per product of the catalogue: the category that most of its SKUs are in, the first by name of equals.
-- key: product_id
WITH counted AS (
  SELECT product_id, category, count(*) AS skus
  FROM products
  WHERE product_id IS NOT NULL AND category IS NOT NULL
  GROUP BY 1, 2
),
ranked AS (
  SELECT product_id, category, row_number() OVER (PARTITION BY product_id ORDER BY skus DESC, category) AS place
  FROM counted
)
SELECT product_id, category
FROM ranked
WHERE place = 1
