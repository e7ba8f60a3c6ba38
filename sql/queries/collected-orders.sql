-- One row per group and currency: web orders to be collected in a store, by the day of the order, and the returns of
-- web orders, by the day of the return. A store is the one that hands over or takes back; of the returns that no store
-- took there is no store, so that their share is known only where rows are not stores.
-- key: label, currency
WITH wanted AS (
  SELECT CAST(? AS date) AS from_day, CAST(? AS date) AS to_day, CAST(? AS varchar) AS model, CAST(? AS varchar) AS grouped_by
),
events AS (
  SELECT
    purchase_class,
    store_id,
    person_id,
    order_date AS day,
    currency,
    1 AS orders,
    CASE WHEN collected_at IS NULL THEN 0 ELSE 1 END AS collected_orders,
    revenue_minor,
    CASE WHEN collected_at IS NULL THEN 0 ELSE revenue_minor END AS collected_minor,
    CASE WHEN collected_at >= ordered_at THEN date_diff('second', ordered_at, collected_at) ELSE 0 END AS pick_up_seconds,
    CASE WHEN attached_minor > 0 THEN 1 ELSE 0 END AS attached_orders,
    attached_minor,
    CASE WHEN collected_at IS NOT NULL AND person_id IS NOT NULL THEN 1 ELSE 0 END AS known_collected_orders,
    0 AS order_returns,
    0 AS order_returned_minor,
    0 AS store_returns,
    0 AS store_returned_minor
  FROM collected_orders
  UNION ALL
  SELECT
    c.conversion_kind,
    CASE WHEN r.document_id LIKE 'receipt/%' THEN r.store_id END,
    c.person_id,
    r.return_date,
    r.currency,
    0, 0, 0, 0, 0, 0, 0, 0,
    1,
    r.revenue_minor,
    CASE WHEN r.document_id LIKE 'receipt/%' THEN 1 ELSE 0 END,
    CASE WHEN r.document_id LIKE 'receipt/%' THEN r.revenue_minor ELSE 0 END
  FROM returns r
  JOIN conversions c ON c.conversion_id = r.conversion_id
  WHERE c.conversion_kind IN ('order', 'click_and_collect')
)
SELECT
  CASE w.grouped_by
    WHEN 'purchase_class' THEN e.purchase_class
    WHEN 'store' THEN coalesce(s.store_name, e.store_id, '(no store)')
    WHEN 'region' THEN coalesce(s.region, '(not set)')
    WHEN 'day' THEN date_format(CAST(e.day AS timestamp(6)), '%Y-%m-%d')
    WHEN 'week' THEN date_format(CAST(date_trunc('week', e.day) AS timestamp(6)), '%Y-%m-%d')
    WHEN 'month' THEN date_format(CAST(e.day AS timestamp(6)), '%Y-%m')
    ELSE 'all'
  END AS label,
  e.currency,
  CAST(sum(e.orders) AS bigint) AS orders,
  count(DISTINCT e.person_id) AS people,
  CAST(sum(e.collected_orders) AS bigint) AS collected_orders,
  CAST(sum(e.orders - e.collected_orders) AS bigint) AS uncollected_orders,
  CAST(sum(e.revenue_minor) AS bigint) AS revenue_minor,
  CAST(sum(e.collected_minor) AS bigint) AS collected_minor,
  CAST(sum(e.pick_up_seconds) AS double) / 3600e0 AS pick_up_hours,
  CAST(sum(e.known_collected_orders) AS bigint) AS known_collected_orders,
  CAST(sum(e.attached_orders) AS bigint) AS attached_orders,
  CAST(sum(e.attached_minor) AS bigint) AS attached_minor,
  CAST(sum(e.store_returns) AS bigint) AS store_returns,
  CAST(sum(e.store_returned_minor) AS bigint) AS store_returned_minor,
  CAST(CASE WHEN max(w.grouped_by) IN ('store', 'region') THEN NULL ELSE sum(e.order_returned_minor) END AS bigint) AS order_returned_minor
FROM events e
CROSS JOIN wanted w
LEFT JOIN stores s ON s.store_id = e.store_id
WHERE (w.from_day IS NULL OR e.day >= w.from_day)
  AND (w.to_day IS NULL OR e.day <= w.to_day)
  AND (w.grouped_by NOT IN ('store', 'region') OR e.orders > 0 OR e.store_id IS NOT NULL)
GROUP BY 1, 2
ORDER BY 3 DESC, 1, 2
