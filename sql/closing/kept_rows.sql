-- One row per figure and restatement that a closing keeps, and one per model that was there (none for the bookings).
-- `period` is the closing; what earlier ones keep is left out.
-- key: entry, day, is_adjustment, cause, measure, booking_id, conversion_kind, store_id, category, traced_by, orphan_reason, model, channel, source, medium, campaign, currency
WITH closed AS (
  SELECT coalesce(model, '') AS model, max(closed_through) AS closed_through
  FROM raw_closings
  WHERE entry = 'closing'
  GROUP BY 1
),
entries AS (
  SELECT 'figure' AS entry, CAST(NULL AS varchar) AS cause, day, is_adjustment, measure, booking_id, conversion_kind, store_id, category, traced_by, orphan_reason, model, channel, source, medium, campaign, currency, amount
  FROM ledger
  UNION ALL
  SELECT
    'restatement', cause, booked_on, true, measure, booking_id, conversion_kind, store_id, category, traced_by, orphan_reason,
    model, channel, CAST(NULL AS varchar), CAST(NULL AS varchar), CAST(NULL AS varchar), currency, amount
  FROM restatements
)
SELECT
  p.closed_through,
  p.closed_at,
  p.build_id,
  e.*
FROM entries e
CROSS JOIN period p
LEFT JOIN closed c ON c.model = coalesce(e.model, '')
WHERE e.day <= p.closed_through AND (c.closed_through IS NULL OR e.day > c.closed_through)
UNION ALL
SELECT
  p.closed_through,
  p.closed_at,
  p.build_id,
  'closing',
  CAST(NULL AS varchar),
  CAST(NULL AS date),
  CAST(NULL AS boolean),
  CAST(NULL AS varchar),
  CAST(NULL AS varchar),
  CAST(NULL AS varchar),
  CAST(NULL AS varchar),
  CAST(NULL AS varchar),
  CAST(NULL AS varchar),
  CAST(NULL AS varchar),
  m.model,
  CAST(NULL AS varchar),
  CAST(NULL AS varchar),
  CAST(NULL AS varchar),
  CAST(NULL AS varchar),
  CAST(NULL AS varchar),
  CAST(NULL AS bigint)
FROM (
  SELECT model FROM seed_attribution_models WHERE is_enabled
  UNION ALL
  SELECT CAST(NULL AS varchar)
) m
CROSS JOIN period p
