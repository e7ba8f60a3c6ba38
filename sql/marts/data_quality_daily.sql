-- One row per day and measure of the data: how much came, how much of it is known, how much was set aside (on the day it came).
-- key: day, measure
WITH measures AS (
  SELECT CAST(occurred_at AS date) AS day, 'web_events' AS measure, 1 AS n FROM raw_events
  UNION ALL
  SELECT CAST(occurred_at AS date), 'web_events_of_bots', 1 FROM raw_events WHERE is_bot
  UNION ALL
  SELECT CAST(occurred_at AS date), 'web_events_without_consent', 1 FROM raw_events WHERE consent = 'denied'
  UNION ALL
  SELECT CAST(occurred_at AS date), 'web_events_with_person', 1 FROM web_events WHERE person_id IS NOT NULL
  UNION ALL
  SELECT CAST(occurred_at AS date), 'touches', 1 FROM touches
  UNION ALL
  SELECT CAST(occurred_at AS date), 'touches_with_person', 1 FROM touches WHERE person_id IS NOT NULL
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
  SELECT CAST(visited_at AS date), 'store_visits', 1 FROM store_visits
  UNION ALL
  SELECT CAST(interval_start AS date), 'footfall_intervals', 1 FROM footfall_intervals
  UNION ALL
  SELECT CAST(received_at AS date), 'set_aside_' || reason, 1 FROM raw_rejections
  UNION ALL
  SELECT conversion_date, 'store_lines', 1 FROM ropo_matches WHERE purchase_class = 'store'
  UNION ALL
  SELECT conversion_date, 'store_lines_without_category', 1 FROM ropo_matches WHERE purchase_class = 'store' AND category IS NULL
)
SELECT
  day,
  measure,
  CAST(sum(n) AS bigint) AS records
FROM measures
GROUP BY 1, 2
