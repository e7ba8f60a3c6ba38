-- One row per product view of a person with store lines and level (4 the SKU, 3 the product, 2 the category, 1 anything):
-- what was viewed there. Views of one item by one person are a trail; its number comes from its first view and the level.
-- key: view_no, level_no
WITH buyers AS (
  SELECT DISTINCT person_id FROM ropo_lines WHERE person_id IS NOT NULL
),
views AS (
  SELECT
    v.view_no,
    v.person_id,
    v.viewed_at,
    v.sku,
    CAST(n.level_no AS integer) AS level_no,
    CASE n.level_no WHEN 4 THEN v.sku WHEN 3 THEN v.product_id WHEN 2 THEN v.category ELSE '' END AS viewed_item
  FROM product_views v
  JOIN buyers b ON b.person_id = v.person_id
  CROSS JOIN UNNEST(sequence(1, 4)) AS n(level_no)
)
SELECT
  view_no,
  level_no,
  4 * min(view_no) OVER (PARTITION BY person_id, level_no, viewed_item) + level_no AS trail_no,
  person_id,
  viewed_item,
  viewed_at,
  coalesce(sku, '') AS viewed_sku
FROM views
WHERE viewed_item IS NOT NULL
