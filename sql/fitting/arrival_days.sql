-- One row per day on which records arrived, in order: days since 1970 (UTC), how many were refused, and how many came in all.
-- key: day_no
WITH arrived AS (
  SELECT CAST(received_at AS date) AS day, 0 AS refused FROM raw_events
  UNION ALL
  SELECT CAST(received_at AS date), 0 FROM raw_touches
  UNION ALL
  SELECT CAST(received_at AS date), 0 FROM raw_sales
  UNION ALL
  SELECT CAST(received_at AS date), 0 FROM raw_visits
  UNION ALL
  SELECT CAST(min(received_at) AS date), 1 FROM raw_rejections GROUP BY rejection_id
)
SELECT
  CAST(date_diff('day', CAST('1970-01-01' AS date), day) AS integer) AS day_no,
  CAST(sum(refused) AS double) AS refused,
  CAST(count(*) AS double) AS arrived
FROM arrived
GROUP BY day
ORDER BY day
