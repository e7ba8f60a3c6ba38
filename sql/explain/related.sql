-- One row per other document of the same web order: the order itself, receipts that hand it over or take its money.
-- key: document_id
WITH wanted AS (
  SELECT CAST(? AS varchar) AS document_id, CAST(? AS varchar) AS order_id
)
SELECT
  l.document_id,
  min(l.document_kind) AS document_kind,
  min(l.fulfilment) AS fulfilment,
  max(CASE WHEN l.treatment = 'sale' THEN 1 ELSE 0 END) = 1 AS is_sale
FROM sale_lines l
JOIN wanted w ON w.order_id = l.order_id AND w.document_id <> l.document_id
WHERE l.document_kind IN ('order', 'receipt')
GROUP BY 1
ORDER BY 1
