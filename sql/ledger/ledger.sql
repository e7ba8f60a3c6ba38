-- One row per reported figure: a measure on a day of one purchase or return (by category), or of one model, channel and
-- campaign. Days of a closed period stand as they were closed. What has become known of them since, and whatever else
-- would change them, is an adjustment on the first open day: by what a figure is about, reported sums to what is known
-- over all time. A model that was not there when a period was closed has nothing to keep.
-- What was known of closed days only through rows that retention took away is kept as it was (`retained`), and changes nothing.
-- Measures of bookings: sold, returned_by_purchase_date, returned_by_return_date, orphaned. Of channels: credited_*,
-- in billionths for purchases, spend, clicks, impressions. Else minor units.
-- key: day, is_adjustment, measure, booking_id, conversion_kind, store_id, category, traced_by, orphan_reason, model, channel, source, medium, campaign, currency
WITH closed AS (
  SELECT coalesce(model, '') AS model, max(closed_through) AS closed_through
  FROM raw_closings
  WHERE entry = 'closing'
  GROUP BY 1
),
active AS (
  SELECT model FROM seed_attribution_models WHERE is_enabled
  UNION ALL
  SELECT ''
),
bookings AS (
  SELECT
    'sold' AS measure,
    c.conversion_date AS day,
    c.conversion_id AS booking_id,
    c.conversion_kind,
    c.store_id,
    l.category,
    CAST(NULL AS varchar) AS traced_by,
    CAST(NULL AS varchar) AS orphan_reason,
    c.currency,
    l.sold_minor AS amount
  FROM sold_lines l
  JOIN conversions c ON c.conversion_id = l.conversion_id
  UNION ALL
  SELECT
    v.measure,
    CASE WHEN v.measure = 'returned_by_return_date' THEN r.return_date ELSE c.conversion_date END,
    r.return_id,
    c.conversion_kind,
    CASE WHEN v.measure = 'returned_by_return_date' THEN r.store_id ELSE c.store_id END,
    l.category,
    r.traced_by,
    CAST(NULL AS varchar),
    r.currency,
    t.revenue_minor
  FROM line_returns t
  JOIN returns r ON r.return_id = t.return_id
  JOIN sold_lines l ON l.line_id = t.line_id
  JOIN conversions c ON c.conversion_id = r.conversion_id
  CROSS JOIN (VALUES ('returned_by_return_date'), ('returned_by_purchase_date')) v(measure)
  UNION ALL
  SELECT
    'orphaned',
    r.return_date,
    r.return_id,
    c.conversion_kind,
    r.store_id,
    g.category,
    r.traced_by,
    r.orphan_reason,
    r.currency,
    r.excess_minor
  FROM returns r
  JOIN (
    SELECT return_id, CASE WHEN count(category) = count(*) AND min(category) = max(category) THEN min(category) END AS category
    FROM returned_goods
    GROUP BY 1
  ) g ON g.return_id = r.return_id
  LEFT JOIN conversions c ON c.conversion_id = r.conversion_id
  WHERE r.excess_minor <> 0
),
known AS (
  SELECT
    measure,
    day,
    booking_id,
    conversion_kind,
    store_id,
    category,
    traced_by,
    orphan_reason,
    CAST(NULL AS varchar) AS model,
    CAST(NULL AS varchar) AS channel,
    CAST(NULL AS varchar) AS source,
    CAST(NULL AS varchar) AS medium,
    CAST(NULL AS varchar) AS campaign,
    currency,
    CAST(sum(amount) AS bigint) AS amount
  FROM bookings
  GROUP BY measure, day, booking_id, conversion_kind, store_id, category, traced_by, orphan_reason, currency
  UNION ALL
  SELECT
    m.measure,
    f.day,
    CAST(NULL AS varchar),
    CAST(NULL AS varchar),
    CAST(NULL AS varchar),
    CAST(NULL AS varchar),
    CAST(NULL AS varchar),
    CAST(NULL AS varchar),
    f.model,
    f.channel,
    f.source,
    f.medium,
    f.campaign,
    f.currency,
    CASE m.measure
      WHEN 'credited_purchases' THEN f.credit_billionths
      WHEN 'credited_sold' THEN f.sold_minor
      WHEN 'credited_returned' THEN f.returned_minor
      WHEN 'credited_in_store' THEN f.store_revenue_minor
      WHEN 'credited_by_purchase_date' THEN f.accrued_minor
      WHEN 'spend' THEN f.spend_minor
      WHEN 'clicks' THEN f.clicks
      ELSE f.impressions
    END
  FROM channel_figures f
  CROSS JOIN (VALUES ('credited_purchases'), ('credited_sold'), ('credited_returned'), ('credited_in_store'), ('credited_by_purchase_date'), ('spend'), ('clicks'), ('impressions')) m(measure)
  UNION ALL
  SELECT
    r.measure, r.day, r.booking_id, r.conversion_kind, r.store_id, r.category, r.traced_by, r.orphan_reason, r.model,
    r.channel, r.source, r.medium, r.campaign, r.currency, r.amount
  FROM raw_closings r
  JOIN active a ON a.model = coalesce(r.model, '')
  WHERE r.entry = 'retained'
),
dated AS (
  SELECT k.*, c.closed_through IS NOT NULL AND k.day <= c.closed_through AS is_closed
  FROM known k
  LEFT JOIN closed c ON c.model = coalesce(k.model, '')
  WHERE k.amount <> 0
),
kept AS (
  SELECT
    r.day, r.is_adjustment, r.measure, r.booking_id, r.conversion_kind, r.store_id, r.category, r.traced_by, r.orphan_reason,
    r.model, r.channel, r.source, r.medium, r.campaign, r.currency, r.amount
  FROM raw_closings r
  JOIN active a ON a.model = coalesce(r.model, '')
  WHERE r.entry = 'figure'
),
differences AS (
  SELECT measure, booking_id, conversion_kind, store_id, category, traced_by, orphan_reason, model, channel, source, medium, campaign, currency, CAST(sum(amount) AS bigint) AS amount
  FROM (
    SELECT measure, booking_id, conversion_kind, store_id, category, traced_by, orphan_reason, model, channel, source, medium, campaign, currency, amount FROM dated WHERE is_closed
    UNION ALL
    SELECT measure, booking_id, conversion_kind, store_id, category, traced_by, orphan_reason, model, channel, source, medium, campaign, currency, -amount FROM kept
  ) d
  GROUP BY measure, booking_id, conversion_kind, store_id, category, traced_by, orphan_reason, model, channel, source, medium, campaign, currency
  HAVING sum(amount) <> 0
)
SELECT day, is_adjustment, measure, booking_id, conversion_kind, store_id, category, traced_by, orphan_reason, model, channel, source, medium, campaign, currency, amount
FROM kept
UNION ALL
SELECT day, false, measure, booking_id, conversion_kind, store_id, category, traced_by, orphan_reason, model, channel, source, medium, campaign, currency, amount
FROM dated
WHERE NOT is_closed
UNION ALL
SELECT CAST(c.closed_through + INTERVAL '1' DAY AS date), true, d.measure, d.booking_id, d.conversion_kind, d.store_id, d.category, d.traced_by, d.orphan_reason, d.model, d.channel, d.source, d.medium, d.campaign, d.currency, d.amount
FROM differences d
JOIN closed c ON c.model = coalesce(d.model, '')
