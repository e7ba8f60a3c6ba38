-- One row per return: what a refund or receipt gives back for one purchase, up to what that purchase came to.
-- A whole refund is what is left of its order. A receipt number is looked for in the store of the return, then where
-- it is the only one, and never after the return. `revenue_minor` is negative; `excess_minor` is what went beyond the purchase, or has none.
-- key: return_id
WITH lines AS (
  SELECT
    l.document_id,
    l.order_id,
    l.original_receipt_id,
    l.currency,
    p.occurred_at AS returned_at,
    p.store_id,
    CAST(sum(l.amount_minor) AS bigint) AS amount_minor,
    max(CASE WHEN l.is_whole_refund THEN 1 ELSE 0 END) = 1 AS is_whole_refund
  FROM sale_lines l
  JOIN sale_persons p ON p.document_id = l.document_id
  WHERE l.treatment = 'return'
  GROUP BY 1, 2, 3, 4, 5, 6
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
traced AS (
  SELECT
    l.*,
    coalesce(by_order.conversion_id, by_document.conversion_id, in_store.conversion_id, by_number.conversion_id) AS conversion_id
  FROM lines l
  LEFT JOIN order_numbers by_order ON l.original_receipt_id IS NULL AND by_order.order_id = l.order_id
  LEFT JOIN conversions by_document ON by_document.conversion_id = l.original_receipt_id
  LEFT JOIN store_numbers in_store ON in_store.receipt_id = l.original_receipt_id AND in_store.store_id = l.store_id
  LEFT JOIN receipt_numbers by_number ON by_number.receipt_id = l.original_receipt_id
),
sized AS (
  SELECT
    t.document_id || '#' || coalesce(t.original_receipt_id, '') || '#' || coalesce(t.order_id, '') AS return_id,
    t.document_id,
    c.conversion_id,
    t.currency,
    t.returned_at,
    t.store_id,
    t.is_whole_refund,
    c.revenue_minor AS sold_minor,
    CASE WHEN t.is_whole_refund THEN coalesce(c.revenue_minor, 0) ELSE -t.amount_minor END AS returned_minor
  FROM traced t
  LEFT JOIN conversions c
    ON c.conversion_id = t.conversion_id
    AND c.currency = t.currency
    AND c.converted_at <= t.returned_at
),
running AS (
  SELECT
    *,
    coalesce(CAST(sum(returned_minor) OVER (
      PARTITION BY conversion_id ORDER BY returned_at, return_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS bigint), 0) AS returned_before
  FROM sized
),
creditable AS (
  SELECT
    *,
    CASE
      WHEN conversion_id IS NULL OR returned_before >= sold_minor THEN 0
      ELSE least(returned_minor, sold_minor - returned_before)
    END AS creditable_minor
  FROM running
),
capped AS (
  SELECT
    return_id,
    document_id,
    conversion_id,
    currency,
    returned_at,
    store_id,
    creditable_minor,
    CASE WHEN is_whole_refund THEN creditable_minor ELSE returned_minor END AS returned_minor
  FROM creditable
)
SELECT
  c.return_id,
  c.document_id,
  c.conversion_id,
  c.returned_at,
  CAST(at_timezone(with_timezone(c.returned_at, 'UTC'), coalesce(store.time_zone, settings.reporting_zone)) AS date) AS return_date,
  c.store_id,
  c.currency,
  -c.creditable_minor AS revenue_minor,
  -(c.returned_minor - c.creditable_minor) AS excess_minor
FROM capped c
CROSS JOIN settings
LEFT JOIN stores store ON store.store_id = c.store_id
