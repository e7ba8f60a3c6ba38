-- One row per web order to be collected in a store: whether and when it was fetched, what it came to, and what the same
-- person bought besides (`attached_minor`): the other store purchases of the day of pick-up in that store, and of a
-- reservation's own receipt the lines that were not reserved. Orders fetched together share one attach sale: it stands
-- with the first of them. A receipt that hands over a paid order is the order's, whole.
-- key: order_id
WITH ordered AS (
  SELECT
    order_id,
    min(document_id) AS document_id,
    min(fulfilment) AS purchase_class,
    min(store_id) AS store_id,
    min(occurred_at) AS ordered_at,
    min(currency) AS currency,
    CAST(sum(amount_minor) AS bigint) AS revenue_minor
  FROM sale_lines
  WHERE document_kind = 'order'
    AND order_id IS NOT NULL
    AND fulfilment IN ('click_and_collect', 'reserve_and_collect')
    AND treatment IN ('sale', 'reservation_paid_in_store', 'reservation_not_paid')
    AND line_kind IN ('sale', 'discount')
  GROUP BY 1
),
wanted AS (
  SELECT DISTINCT l.order_id, l.sku
  FROM sale_lines l
  JOIN ordered o ON o.document_id = l.document_id
  WHERE l.sku IS NOT NULL
),
hand_overs AS (
  SELECT
    l.order_id,
    l.document_id,
    l.store_id,
    l.occurred_at AS collected_at,
    row_number() OVER (PARTITION BY l.order_id ORDER BY l.occurred_at, l.document_id) AS hand_over_no,
    CAST(sum(sum(CASE
      WHEN l.treatment = 'sale' AND l.currency = o.currency AND l.line_kind = 'sale' AND l.sku IS NOT NULL AND w.sku IS NULL
      THEN l.amount_minor
      ELSE 0
    END)) OVER (PARTITION BY l.order_id) AS bigint) AS besides_minor
  FROM sale_lines l
  JOIN ordered o ON o.order_id = l.order_id
  LEFT JOIN wanted w ON w.order_id = l.order_id AND w.sku = l.sku
  WHERE l.document_kind = 'receipt' AND l.treatment IN ('sale', 'order_handed_over')
  GROUP BY 1, 2, 3, 4
),
fetched AS (
  SELECT
    o.order_id,
    o.purchase_class,
    coalesce(h.store_id, o.store_id) AS store_id,
    coalesce(of_order.person_id, of_receipt.person_id) AS person_id,
    o.ordered_at,
    h.collected_at,
    CAST(at_timezone(with_timezone(o.ordered_at, 'UTC'), coalesce(store.time_zone, s.reporting_zone)) AS date) AS order_date,
    CAST(at_timezone(with_timezone(h.collected_at, 'UTC'), coalesce(store.time_zone, s.reporting_zone)) AS date) AS pick_up_date,
    o.revenue_minor,
    o.currency,
    coalesce(h.besides_minor, 0) AS besides_minor
  FROM ordered o
  CROSS JOIN settings s
  LEFT JOIN hand_overs h ON h.order_id = o.order_id AND h.hand_over_no = 1
  LEFT JOIN sale_persons of_order ON of_order.document_id = o.document_id
  LEFT JOIN sale_persons of_receipt ON of_receipt.document_id = h.document_id
  LEFT JOIN stores store ON store.store_id = coalesce(h.store_id, o.store_id)
),
ranked AS (
  SELECT
    *,
    row_number() OVER (PARTITION BY person_id, store_id, pick_up_date, currency ORDER BY collected_at, order_id) AS pick_up_no
  FROM fetched
),
bought AS (
  SELECT person_id, store_id, conversion_date, currency, CAST(sum(revenue_minor) AS bigint) AS revenue_minor
  FROM conversions
  WHERE conversion_kind = 'receipt' AND person_id IS NOT NULL
  GROUP BY 1, 2, 3, 4
)
SELECT
  r.order_id,
  r.purchase_class,
  r.store_id,
  r.person_id,
  r.ordered_at,
  r.order_date,
  r.collected_at,
  r.pick_up_date,
  r.revenue_minor,
  r.currency,
  r.besides_minor + CASE WHEN r.pick_up_no = 1 THEN coalesce(b.revenue_minor, 0) ELSE 0 END AS attached_minor
FROM ranked r
LEFT JOIN bought b
  ON b.person_id = r.person_id
  AND b.store_id = r.store_id
  AND b.conversion_date = r.pick_up_date
  AND b.currency = r.currency
