-- One row per source of data and day on which it has records, in the zone of the reports: how many, and when the last was.
-- Robots are left out: they come also when nobody else does.
-- key: source, day
WITH documents AS (
  SELECT document_kind, document_id, max(occurred_at) AS happened_at
  FROM raw_sales
  GROUP BY 1, 2
),
instants AS (
  SELECT 'web_events' AS source, date_trunc('minute', occurred_at) AS at_minute, count(*) AS n, max(occurred_at) AS last_at
  FROM raw_events
  WHERE NOT is_bot
  GROUP BY 2
  UNION ALL
  SELECT 'touches', date_trunc('minute', occurred_at), count(*), max(occurred_at) FROM raw_touches GROUP BY 2
  UNION ALL
  SELECT
    CASE document_kind WHEN 'receipt' THEN 'receipts' WHEN 'order' THEN 'orders' ELSE 'refunds' END,
    date_trunc('minute', happened_at),
    count(*),
    max(happened_at)
  FROM documents
  GROUP BY 1, 2
  UNION ALL
  SELECT 'store_visits', date_trunc('minute', occurred_at), count(*), max(occurred_at) FROM raw_visits GROUP BY 2
  UNION ALL
  SELECT 'footfall', date_trunc('minute', interval_start), count(*), max(interval_start) FROM raw_footfall GROUP BY 2
  UNION ALL
  SELECT 'consents', date_trunc('minute', occurred_at), count(*), max(occurred_at) FROM raw_consents GROUP BY 2
  UNION ALL
  SELECT 'feedback', date_trunc('minute', occurred_at), count(*), max(occurred_at) FROM raw_feedback GROUP BY 2
),
local AS (
  SELECT i.source, at_timezone(with_timezone(i.at_minute, 'UTC'), s.reporting_zone) AS local_minute, i.n, i.last_at
  FROM instants i
  CROSS JOIN settings s
)
SELECT
  source,
  CAST(local_minute AS date) AS day,
  CAST(sum(n) AS bigint) AS records,
  max(last_at) AS last_at,
  CAST(max(hour(local_minute) * 60 + minute(local_minute)) AS integer) AS last_minute
FROM local
GROUP BY 1, 2
UNION ALL
SELECT 'spend', spend_date, count(*), CAST(spend_date AS timestamp(6)), 1439
FROM spend_days
GROUP BY spend_date
