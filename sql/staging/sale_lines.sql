-- One row per line of every version of every document of sale, with how it counts.
-- `treatment` is 'sale' or 'return' for merchandise that counts, else the reason why it is excluded.
-- key: line_id
WITH lines AS (
  SELECT
    l.record_id || '~' || l.fingerprint AS line_id,
    l.*,
    v.version_rank,
    v.currency AS document_currency
  FROM raw_sales l
  JOIN sale_versions v
    ON v.document_id = l.document_id
    AND v.version = CASE WHEN l.is_partial THEN '' ELSE l.fingerprint END
),
orders AS (
  SELECT order_id, min(fulfilment) AS fulfilment
  FROM lines
  WHERE document_kind = 'order' AND version_rank = 1
  GROUP BY 1
),
receipts_of_orders AS (
  SELECT DISTINCT order_id
  FROM lines
  WHERE document_kind = 'receipt' AND version_rank = 1 AND order_id IS NOT NULL
),
refunded_in_office AS (
  SELECT DISTINCT order_id
  FROM lines
  WHERE document_kind = 'refund' AND source = 'back_office' AND version_rank = 1 AND order_id IS NOT NULL
)
SELECT
  l.line_id,
  l.document_id,
  l.document_kind,
  l.occurred_at,
  l.store_id,
  l.tender,
  l.currency,
  l.order_id,
  l.receipt_id,
  l.original_receipt_id,
  l.is_whole_refund,
  l.line_kind,
  l.sku,
  coalesce(l.product_id, p.product_id) AS product_id,
  coalesce(l.category, p.category) AS category,
  l.quantity,
  coalesce(l.amount_minor, 0) AS amount_minor,
  coalesce(l.tax_minor, 0) AS tax_minor,
  CASE
    WHEN l.document_kind = 'order' THEN o.fulfilment
    WHEN l.document_kind = 'receipt' AND o.fulfilment IS NOT NULL AND o.fulfilment <> 'ship' THEN o.fulfilment
    ELSE l.document_kind
  END AS fulfilment,
  CASE
    WHEN l.version_rank > 1 AND l.source = 'web_event' THEN 'reported_by_event_too'
    WHEN l.version_rank > 1 THEN 'superseded_version'
    WHEN l.currency <> l.document_currency THEN 'currency_mismatch'
    WHEN l.document_kind = 'order' AND l.fulfilment = 'reserve_and_collect' AND r.order_id IS NOT NULL THEN 'reservation_paid_in_store'
    WHEN l.document_kind = 'order' AND l.fulfilment = 'reserve_and_collect' THEN 'reservation_not_paid'
    WHEN l.document_kind = 'receipt' AND l.line_kind <> 'return' AND o.fulfilment IN ('click_and_collect', 'ship') THEN 'order_handed_over'
    WHEN l.document_kind = 'refund' AND l.source = 'web_event' AND office.order_id IS NOT NULL THEN 'refund_reported_twice'
    WHEN l.line_kind = 'return' THEN 'return'
    WHEN l.line_kind IN ('sale', 'discount') THEN 'sale'
    ELSE l.line_kind
  END AS treatment
FROM lines l
LEFT JOIN products p ON p.sku = l.sku
LEFT JOIN orders o ON o.order_id = l.order_id
LEFT JOIN receipts_of_orders r ON r.order_id = l.order_id
LEFT JOIN refunded_in_office office ON office.order_id = l.order_id
