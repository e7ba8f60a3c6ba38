-- One row per return and SKU that it gives back, with the purchase that the return names, where that is found. A return
-- is what one document gives back under one order or receipt number, or of one SKU where it names neither. A receipt
-- number is looked for in the store of the return, then where it is the only one; a purchase counts as named only in the
-- same currency and not after the return. `orphan_reason` says why none is found.
-- key: return_id, sku
WITH goods AS (
  SELECT
    l.document_id,
    l.order_id,
    l.original_receipt_id,
    l.sku,
    l.currency,
    CASE WHEN l.original_receipt_id IS NULL THEN l.order_id END AS named_order_id,
    l.original_receipt_id IS NULL AND l.order_id IS NULL AS names_nothing,
    CASE WHEN min(l.category) = max(l.category) THEN min(l.category) END AS category,
    -CAST(sum(l.quantity) AS double) AS quantity,
    -CAST(sum(l.amount_minor) AS bigint) AS returned_minor,
    max(CASE WHEN l.is_whole_refund THEN 1 ELSE 0 END) = 1 AS is_whole_refund
  FROM sale_lines l
  WHERE l.treatment = 'return'
  GROUP BY 1, 2, 3, 4, 5
),
store_numbers AS (
  SELECT receipt_id, store_id, min(conversion_id) AS conversion_id
  FROM conversions
  WHERE receipt_id IS NOT NULL
  GROUP BY 1, 2
  HAVING count(*) = 1
),
receipt_numbers AS (
  SELECT receipt_id, min(conversion_id) AS conversion_id
  FROM conversions
  WHERE receipt_id IS NOT NULL
  GROUP BY 1
  HAVING count(*) = 1
),
order_numbers AS (
  SELECT order_id, min(conversion_id) AS conversion_id
  FROM conversions
  WHERE order_id IS NOT NULL
  GROUP BY 1
  HAVING count(*) = 1
),
named AS (
  SELECT
    g.*,
    p.occurred_at AS returned_at,
    p.store_id,
    p.person_id,
    p.is_consent_denied,
    p.is_erased,
    coalesce(by_order.conversion_id, by_document.conversion_id, in_store.conversion_id, by_number.conversion_id) AS named_id,
    CASE WHEN g.original_receipt_id IS NULL THEN 'order_id' ELSE 'receipt_id' END AS named_by
  FROM goods g
  JOIN sale_persons p ON p.document_id = g.document_id
  LEFT JOIN order_numbers by_order ON by_order.order_id = g.named_order_id
  LEFT JOIN conversions by_document ON by_document.conversion_id = g.original_receipt_id
  LEFT JOIN store_numbers in_store ON in_store.receipt_id = g.original_receipt_id AND in_store.store_id = p.store_id
  LEFT JOIN receipt_numbers by_number ON by_number.receipt_id = g.original_receipt_id
)
SELECT
  n.document_id
    || '#' || coalesce(replace(replace(n.original_receipt_id, '%', '%25'), '#', '%23'), '')
    || '#' || coalesce(replace(replace(n.order_id, '%', '%25'), '#', '%23'), '')
    || CASE WHEN n.names_nothing AND n.sku IS NOT NULL THEN '#' || n.sku ELSE '' END AS return_id,
  n.sku,
  n.document_id,
  n.returned_at,
  n.store_id,
  n.person_id,
  n.category,
  n.quantity,
  n.currency,
  n.returned_minor,
  n.is_whole_refund,
  n.names_nothing,
  c.conversion_id,
  CASE WHEN c.conversion_id IS NOT NULL THEN n.named_by END AS traced_by,
  CASE
    WHEN c.conversion_id IS NOT NULL THEN NULL
    WHEN NOT n.names_nothing AND n.named_id IS NULL THEN 'purchase_not_found'
    WHEN NOT n.names_nothing AND other.currency <> n.currency THEN 'other_currency'
    WHEN NOT n.names_nothing THEN 'before_purchase'
    WHEN n.is_erased THEN 'erased'
    WHEN n.is_consent_denied THEN 'no_consent'
    WHEN n.person_id IS NULL THEN 'person_unknown'
    WHEN n.sku IS NULL THEN 'sku_unknown'
    ELSE 'no_earlier_purchase'
  END AS orphan_reason
FROM named n
LEFT JOIN conversions other ON other.conversion_id = n.named_id
LEFT JOIN conversions c
  ON c.conversion_id = n.named_id
  AND c.currency = n.currency
  AND c.converted_at <= n.returned_at
