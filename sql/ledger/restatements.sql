-- One row per change of a closed figure: what it is about, why, and the open day that it was booked on. Of a booking with
-- its id; of credit by model, channel and cause. `closed_through` is the last day that was closed when it became known.
-- Causes: late_sale, late_return (not known at the closing); withdrawn; amount_corrected (the booking says something else:
-- amount, day, store, category, purchase); return_traced (it found its purchase, or lost it); credit_restated (what the
-- credit of late bookings does not explain: other amounts, touchpoints, identities, models or channel rules); spend_restated.
-- key: booked_on, measure, cause, booking_id, conversion_kind, store_id, category, traced_by, orphan_reason, model, channel, currency
WITH closed AS (
  SELECT coalesce(model, '') AS model, max(closed_through) AS closed_through
  FROM raw_closings
  WHERE entry = 'closing'
  GROUP BY 1
),
changed AS (
  SELECT DISTINCT booking_id FROM open_adjustments WHERE booking_id IS NOT NULL
),
kept_nets AS (
  SELECT r.booking_id, r.measure, CAST(sum(r.amount) AS bigint) AS net
  FROM raw_closings r
  JOIN changed b ON b.booking_id = r.booking_id
  WHERE r.entry = 'figure'
  GROUP BY 1, 2
),
known_nets AS (
  SELECT l.booking_id, l.measure, CAST(sum(l.amount) AS bigint) AS net
  FROM ledger l
  JOIN changed b ON b.booking_id = l.booking_id
  GROUP BY 1, 2
),
stories AS (
  SELECT
    booking_id,
    max(was_kept) AS was_kept,
    max(is_known) AS is_known,
    CAST(sum(CASE WHEN measure = 'orphaned' THEN kept_net ELSE 0 END) AS bigint) AS kept_orphaned,
    CAST(sum(CASE WHEN measure = 'orphaned' THEN known_net ELSE 0 END) AS bigint) AS known_orphaned,
    CAST(sum(CASE WHEN measure IN ('orphaned', 'returned_by_return_date') THEN kept_net ELSE 0 END) AS bigint) AS kept_given_back,
    CAST(sum(CASE WHEN measure IN ('orphaned', 'returned_by_return_date') THEN known_net ELSE 0 END) AS bigint) AS known_given_back
  FROM (
    SELECT booking_id, measure, net AS kept_net, 0 AS known_net, CASE WHEN net <> 0 THEN 1 ELSE 0 END AS was_kept, 0 AS is_known FROM kept_nets
    UNION ALL
    SELECT booking_id, measure, 0, net, 0, CASE WHEN net <> 0 THEN 1 ELSE 0 END FROM known_nets
  ) n
  GROUP BY 1
),
booked AS (
  SELECT
    f.*,
    CASE
      WHEN s.was_kept = 0 AND f.measure = 'sold' THEN 'late_sale'
      WHEN s.was_kept = 0 THEN 'late_return'
      WHEN s.is_known = 0 THEN 'withdrawn'
      WHEN s.kept_orphaned <> s.known_orphaned AND s.kept_given_back = s.known_given_back THEN 'return_traced'
      ELSE 'amount_corrected'
    END AS cause
  FROM open_adjustments f
  JOIN stories s ON s.booking_id = f.booking_id
),
late AS (
  SELECT DISTINCT booking_id, cause, measure FROM booked WHERE cause IN ('late_sale', 'late_return')
),
credit AS (
  SELECT closed_through, day, measure, 'credit_restated' AS cause, model, channel, currency, amount
  FROM open_adjustments
  WHERE measure IN ('credited_sold', 'credited_returned', 'credited_by_purchase_date')
  UNION ALL
  SELECT
    c.closed_through,
    CAST(c.closed_through + INTERVAL '1' DAY AS date),
    part.measure,
    CASE part.sign WHEN 1 THEN l.cause ELSE 'credit_restated' END,
    r.model,
    r.channel,
    r.currency,
    part.sign * r.revenue_minor
  FROM late l
  JOIN (VALUES
    ('sold', 'credited_sold', 1), ('sold', 'credited_sold', -1),
    ('sold', 'credited_by_purchase_date', 1), ('sold', 'credited_by_purchase_date', -1),
    ('returned_by_return_date', 'credited_returned', 1), ('returned_by_return_date', 'credited_returned', -1),
    ('returned_by_purchase_date', 'credited_by_purchase_date', 1), ('returned_by_purchase_date', 'credited_by_purchase_date', -1)
  ) part(booked_measure, measure, sign) ON part.booked_measure = l.measure
  JOIN credits r ON r.booking_id = l.booking_id
  JOIN closed c ON c.model = r.model
  JOIN closed b ON b.model = '' AND b.closed_through = c.closed_through
)
SELECT
  closed_through, day AS booked_on, measure, cause, booking_id, conversion_kind, store_id, category, traced_by, orphan_reason,
  model, channel, currency, amount
FROM booked
UNION ALL
SELECT
  closed_through, day, measure, cause, CAST(NULL AS varchar), CAST(NULL AS varchar), CAST(NULL AS varchar), CAST(NULL AS varchar),
  CAST(NULL AS varchar), CAST(NULL AS varchar), model, channel, currency, CAST(sum(amount) AS bigint)
FROM credit
GROUP BY closed_through, day, measure, cause, model, channel, currency
HAVING sum(amount) <> 0
UNION ALL
SELECT
  closed_through, day, measure, 'spend_restated', CAST(NULL AS varchar), CAST(NULL AS varchar), CAST(NULL AS varchar), CAST(NULL AS varchar),
  CAST(NULL AS varchar), CAST(NULL AS varchar), model, channel, currency, CAST(sum(amount) AS bigint)
FROM open_adjustments
WHERE measure = 'spend'
GROUP BY closed_through, day, measure, model, channel, currency
HAVING sum(amount) <> 0
UNION ALL
SELECT
  CAST(r.day - INTERVAL '1' DAY AS date), r.day, r.measure, r.cause, r.booking_id, r.conversion_kind, r.store_id, r.category, r.traced_by,
  r.orphan_reason, r.model, r.channel, r.currency, r.amount
FROM raw_closings r
WHERE r.entry = 'restatement'
