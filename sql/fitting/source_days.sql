-- One row per source of data and day on which it has records: days since 1970, and the minute of the last record.
-- key: source, day_no
SELECT
  source,
  CAST(date_diff('day', CAST('1970-01-01' AS date), day) AS integer) AS day_no,
  last_minute
FROM source_days
ORDER BY source, day
