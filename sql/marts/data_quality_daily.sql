-- One row per day and measure of the data: how much came, how much of it is known, how much was set aside (on the day it came).
-- key: day, measure
WITH instants AS (
  SELECT occurred_at AS happened_at, 'web_events' AS measure FROM raw_events
  UNION ALL
  SELECT occurred_at, 'web_events_of_bots' FROM raw_events WHERE is_bot
  UNION ALL
  SELECT occurred_at, 'web_events_without_consent' FROM raw_events WHERE consent = 'denied'
  UNION ALL
  SELECT occurred_at, 'web_events_of_wrong_clocks' FROM raw_events WHERE time_basis <> 'sender' AND said_at IS NOT NULL
  UNION ALL
  SELECT occurred_at, 'web_events_with_repeated_names' FROM raw_events WHERE remarks LIKE '%repeated_name%'
  UNION ALL
  SELECT occurred_at, 'web_events_with_mended_text' FROM raw_events WHERE remarks LIKE '%mended_text%'
  UNION ALL
  SELECT occurred_at, 'web_events_with_person' FROM web_events WHERE person_id IS NOT NULL
  UNION ALL
  SELECT occurred_at, 'touches' FROM touches
  UNION ALL
  SELECT occurred_at, 'touches_with_person' FROM touches WHERE person_id IS NOT NULL
  UNION ALL
  SELECT visited_at, 'store_visits' FROM store_visits
  UNION ALL
  SELECT interval_start, 'footfall_intervals' FROM footfall_intervals
  UNION ALL
  SELECT min(received_at), 'set_aside_' || min(reason) FROM raw_rejections GROUP BY rejection_id
),
minutes AS (
  SELECT date_trunc('minute', happened_at) AS happened_at, measure, count(*) AS n
  FROM instants
  GROUP BY 1, 2
),
measures AS (
  SELECT
    CAST(at_timezone(with_timezone(m.happened_at, 'UTC'), settings.reporting_zone) AS date) AS day,
    m.measure,
    m.n
  FROM minutes m
  CROSS JOIN settings
  UNION ALL
  SELECT conversion_date, 'purchases_online', 1 FROM conversions WHERE conversion_kind IN ('order', 'click_and_collect')
  UNION ALL
  SELECT conversion_date, 'purchases_in_store', 1 FROM conversions WHERE conversion_kind IN ('receipt', 'reserve_and_collect')
  UNION ALL
  SELECT conversion_date, 'purchases_in_store_identified', 1
  FROM conversions
  WHERE conversion_kind IN ('receipt', 'reserve_and_collect') AND person_id IS NOT NULL
  UNION ALL
  SELECT return_date, 'returns', 1 FROM returns
  UNION ALL
  SELECT return_date, 'returns_without_purchase', 1 FROM returns WHERE conversion_id IS NULL
  UNION ALL
  SELECT conversion_date, 'store_lines', 1 FROM ropo_lines WHERE purchase_class = 'store'
  UNION ALL
  SELECT conversion_date, 'store_lines_without_category', 1
  FROM ropo_lines
  WHERE purchase_class = 'store' AND category IS NULL
)
SELECT
  day,
  measure,
  CAST(sum(n) AS bigint) AS records
FROM measures
GROUP BY 1, 2
