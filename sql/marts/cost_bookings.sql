-- One row per purchase, return, pick-up and service contact, with what its costs go by: counts, revenue and cost of goods
-- (given back by returns). `credit_booking_id` is the booking by whose credit it is split over channels;
-- of a contact whose sender stated the channel there is none. The cost of a
-- line is its product's latest unit cost, else the shop's rate for its category or for all (`estimated_minor` is such
-- revenue), else not known (`uncosted_minor`). A return gives back the cost of its lines in proportion to what was given
-- back of them; one without purchase that of its SKU; what goes beyond a purchase none.
-- key: booking_id
WITH goods_rates AS (
  SELECT category, max(rate_millionths) / 1e6 AS goods_share
  FROM cost_rates
  WHERE stage = 'cost_of_goods'
  GROUP BY 1
),
lines AS (
  SELECT
    l.line_id,
    l.conversion_id,
    l.sold_minor,
    CASE
      WHEN p.unit_cost_minor * l.quantity IS NOT NULL THEN CAST(round(p.unit_cost_minor * l.quantity) AS bigint)
      ELSE CAST(round(l.sold_minor * coalesce(own.goods_share, every.goods_share, 0e0)) AS bigint)
    END AS goods_minor,
    CASE
      WHEN p.unit_cost_minor * l.quantity IS NOT NULL THEN 'known'
      WHEN coalesce(own.goods_share, every.goods_share) IS NOT NULL THEN 'estimated'
      ELSE 'unknown'
    END AS goods_basis
  FROM sold_lines l
  LEFT JOIN products p ON p.sku = l.sku AND p.currency = l.currency
  LEFT JOIN goods_rates own ON own.category = l.category AND own.category <> ''
  LEFT JOIN goods_rates every ON every.category = ''
),
sale_goods AS (
  SELECT
    conversion_id,
    count(*) AS order_lines,
    CAST(sum(goods_minor) AS bigint) AS goods_minor,
    CAST(sum(CASE WHEN goods_basis = 'estimated' THEN sold_minor ELSE 0 END) AS bigint) AS estimated_minor,
    CAST(sum(CASE WHEN goods_basis = 'unknown' THEN sold_minor ELSE 0 END) AS bigint) AS uncosted_minor
  FROM lines
  GROUP BY 1
),
given_back AS (
  SELECT
    r.return_id,
    r.revenue_minor,
    l.sold_minor,
    l.goods_minor,
    l.goods_basis,
    CAST(sum(-r.revenue_minor) OVER (PARTITION BY r.line_id ORDER BY r.return_date, r.return_id ROWS UNBOUNDED PRECEDING) AS bigint) AS given_so_far
  FROM line_returns r
  JOIN lines l ON l.line_id = r.line_id
),
return_goods AS (
  SELECT
    return_id,
    CAST(sum(
      CASE
        WHEN sold_minor = 0 THEN 0
        ELSE CAST(round(CAST(goods_minor AS double) * (given_so_far + revenue_minor) / sold_minor) AS bigint)
          - CAST(round(CAST(goods_minor AS double) * given_so_far / sold_minor) AS bigint)
      END
    ) AS bigint) AS goods_minor,
    CAST(sum(CASE WHEN goods_basis = 'estimated' THEN revenue_minor ELSE 0 END) AS bigint) AS estimated_minor,
    CAST(sum(CASE WHEN goods_basis = 'unknown' THEN revenue_minor ELSE 0 END) AS bigint) AS uncosted_minor
  FROM given_back
  GROUP BY 1
),
orphans AS (
  SELECT
    g.return_id,
    -g.returned_minor AS given_minor,
    CASE
      WHEN p.unit_cost_minor * g.quantity IS NOT NULL THEN -CAST(round(p.unit_cost_minor * g.quantity) AS bigint)
      ELSE -CAST(round(g.returned_minor * coalesce(own.goods_share, every.goods_share, 0e0)) AS bigint)
    END AS goods_minor,
    CASE
      WHEN p.unit_cost_minor * g.quantity IS NOT NULL THEN 'known'
      WHEN coalesce(own.goods_share, every.goods_share) IS NOT NULL THEN 'estimated'
      ELSE 'unknown'
    END AS goods_basis
  FROM returned_goods g
  JOIN returns r ON r.return_id = g.return_id AND r.conversion_id IS NULL
  LEFT JOIN products p ON p.sku = g.sku AND p.currency = g.currency
  LEFT JOIN goods_rates own ON own.category = g.category AND own.category <> ''
  LEFT JOIN goods_rates every ON every.category = ''
),
orphan_goods AS (
  SELECT
    return_id,
    CAST(sum(goods_minor) AS bigint) AS goods_minor,
    CAST(sum(CASE WHEN goods_basis = 'estimated' THEN given_minor ELSE 0 END) AS bigint) AS estimated_minor,
    CAST(sum(CASE WHEN goods_basis = 'unknown' THEN given_minor ELSE 0 END) AS bigint) AS uncosted_minor
  FROM orphans
  GROUP BY 1
),
collected AS (
  SELECT o.order_id, o.pick_up_date, o.purchase_class, o.person_id, o.currency, min(c.conversion_id) AS conversion_id
  FROM collected_orders o
  LEFT JOIN conversions c ON c.order_id = o.order_id AND c.conversion_kind = o.purchase_class AND c.currency = o.currency
  WHERE o.pick_up_date IS NOT NULL
  GROUP BY 1, 2, 3, 4, 5
),
most_used AS (
  SELECT max_by(currency, purchases * 1000 - currency_no) AS currency
  FROM (
    SELECT c.currency, y.currency_no, count(*) AS purchases
    FROM conversions c
    JOIN currencies y ON y.currency = c.currency
    GROUP BY 1, 2
  ) n
),
bookings AS (
  SELECT
    c.conversion_id AS booking_id,
    'sale' AS booking_kind,
    c.conversion_id AS credit_booking_id,
    CAST(NULL AS varchar) AS stated_channel,
    c.conversion_kind,
    c.conversion_date AS day,
    c.person_id,
    c.currency,
    c.revenue_minor AS sold_minor,
    CAST(0 AS bigint) AS returned_minor,
    coalesce(g.order_lines, 0) AS order_lines,
    coalesce(g.goods_minor, 0) AS goods_minor,
    coalesce(g.estimated_minor, 0) AS estimated_minor,
    coalesce(g.uncosted_minor, 0) AS uncosted_minor
  FROM conversions c
  LEFT JOIN sale_goods g ON g.conversion_id = c.conversion_id
  UNION ALL
  SELECT
    r.return_id,
    'return',
    CASE WHEN r.revenue_minor < 0 THEN r.return_id ELSE r.conversion_id END,
    CAST(NULL AS varchar),
    coalesce(c.conversion_kind, CASE WHEN r.store_id IS NULL THEN 'order' ELSE 'receipt' END),
    r.return_date,
    c.person_id,
    r.currency,
    0,
    r.revenue_minor + r.excess_minor,
    0,
    coalesce(g.goods_minor, o.goods_minor, 0),
    coalesce(g.estimated_minor, o.estimated_minor, 0),
    coalesce(g.uncosted_minor, o.uncosted_minor, 0)
  FROM returns r
  LEFT JOIN conversions c ON c.conversion_id = r.conversion_id
  LEFT JOIN return_goods g ON g.return_id = r.return_id
  LEFT JOIN orphan_goods o ON o.return_id = r.return_id
  UNION ALL
  SELECT
    'pick-up ' || p.order_id, 'pick_up', p.conversion_id, CAST(NULL AS varchar), p.purchase_class, p.pick_up_date, p.person_id,
    p.currency, 0, 0, 0, 0, 0, 0
  FROM collected p
  UNION ALL
  SELECT
    'contact ' || f.feedback_key,
    'contact',
    CASE WHEN f.channel IS NULL THEN f.document_id END,
    f.channel,
    coalesce(c.conversion_kind, '(none)'),
    f.feedback_date,
    f.person_id,
    coalesce(c.currency, m.currency),
    0, 0, 0, 0, 0, 0
  FROM feedback f
  CROSS JOIN most_used m
  LEFT JOIN conversions c ON c.conversion_id = f.document_id
  WHERE f.feedback_kind = 'contact' AND coalesce(c.currency, m.currency) IS NOT NULL
)
SELECT
  b.booking_id,
  b.booking_kind,
  b.credit_booking_id,
  b.stated_channel,
  b.conversion_kind,
  b.day,
  b.person_id,
  coalesce(p.persona, '(unidentified)') AS persona,
  b.currency,
  b.sold_minor,
  b.returned_minor,
  b.order_lines,
  b.goods_minor,
  b.estimated_minor,
  b.uncosted_minor
FROM bookings b
LEFT JOIN person_segments p ON p.person_id = b.person_id
