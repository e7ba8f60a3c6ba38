-- One row per group and currency: what was sold and given back in the period, by both days, as it is reported.
-- key: label, currency
WITH wanted AS (
  SELECT CAST(? AS date) AS from_day, CAST(? AS date) AS to_day, CAST(? AS varchar) AS model, CAST(? AS varchar) AS grouped_by
)
SELECT
  CASE w.grouped_by
    WHEN 'store' THEN l.store_name
    WHEN 'region' THEN l.region
    WHEN 'category' THEN coalesce(l.category, '(unknown)')
    WHEN 'channel_of_purchase' THEN coalesce(l.conversion_kind, '(no purchase)')
    WHEN 'traced_by' THEN CASE WHEN l.measure = 'sold' THEN '(purchases)' ELSE coalesce(l.traced_by, '(not traced)') END
    WHEN 'reason' THEN CASE l.measure WHEN 'sold' THEN '(purchases)' WHEN 'orphaned' THEN l.orphan_reason ELSE '(traced)' END
    WHEN 'day' THEN date_format(CAST(l.day AS timestamp(6)), '%Y-%m-%d')
    WHEN 'week' THEN date_format(CAST(date_trunc('week', l.day) AS timestamp(6)), '%Y-%m-%d')
    WHEN 'month' THEN date_format(CAST(l.day AS timestamp(6)), '%Y-%m')
    WHEN 'quarter' THEN date_format(CAST(l.day AS timestamp(6)), '%Y') || '-Q' || CAST(quarter(l.day) AS varchar)
    WHEN 'year' THEN date_format(CAST(l.day AS timestamp(6)), '%Y')
    ELSE 'all'
  END AS label,
  l.currency,
  CAST(sum(CASE WHEN l.measure = 'sold' THEN l.amount ELSE 0 END) AS bigint) AS sold_minor,
  count(DISTINCT l.person_no) AS people,
  CAST(sum(CASE WHEN l.measure = 'returned_by_purchase_date' THEN l.amount ELSE 0 END) AS bigint) AS returned_by_purchase_date_minor,
  CAST(sum(CASE WHEN l.measure = 'returned_by_return_date' THEN l.amount ELSE 0 END) AS bigint) AS returned_by_return_date_minor,
  CAST(sum(CASE WHEN l.measure IN ('sold', 'returned_by_purchase_date') THEN l.amount ELSE 0 END) AS bigint) AS net_by_purchase_date_minor,
  CAST(sum(CASE WHEN l.measure IN ('sold', 'returned_by_return_date') THEN l.amount ELSE 0 END) AS bigint) AS net_by_return_date_minor,
  CAST(sum(CASE WHEN l.measure = 'returned_by_purchase_date' THEN -l.amount ELSE 0 END) AS bigint) AS given_back_minor,
  CAST(sum(CASE WHEN l.measure = 'orphaned' THEN l.amount ELSE 0 END) AS bigint) AS orphaned_minor,
  CAST(sum(CASE WHEN l.is_adjustment AND l.measure IN ('sold', 'returned_by_purchase_date') THEN l.amount ELSE 0 END) AS bigint) AS adjusted_by_purchase_date_minor,
  CAST(sum(CASE WHEN l.is_adjustment AND l.measure IN ('sold', 'returned_by_return_date') THEN l.amount ELSE 0 END) AS bigint) AS adjusted_by_return_date_minor
FROM booking_people l
CROSS JOIN wanted w
WHERE (w.from_day IS NULL OR l.day >= w.from_day)
  AND (w.to_day IS NULL OR l.day <= w.to_day)
GROUP BY 1, 2
ORDER BY 3 DESC, 1, 2
