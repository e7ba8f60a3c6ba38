-- One row per adjustment in the ledger that no closing has taken in yet: it stands on an open day. `closed_through` is the
-- last day that was closed when it became known.
-- key: day, measure, booking_id, conversion_kind, store_id, category, traced_by, orphan_reason, model, channel, source, medium, campaign, currency
WITH closed AS (
  SELECT coalesce(model, '') AS model, max(closed_through) AS closed_through
  FROM raw_closings
  WHERE entry = 'closing'
  GROUP BY 1
)
SELECT
  c.closed_through,
  l.day,
  l.measure,
  l.booking_id,
  l.conversion_kind,
  l.store_id,
  l.category,
  l.traced_by,
  l.orphan_reason,
  l.model,
  l.channel,
  l.source,
  l.medium,
  l.campaign,
  l.currency,
  l.amount
FROM ledger l
JOIN closed c ON c.model = coalesce(l.model, '')
WHERE l.is_adjustment AND l.day > c.closed_through
