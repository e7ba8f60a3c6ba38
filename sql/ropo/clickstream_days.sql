-- One row per day (UTC) from the first to the last of the clickstream that has web events: how many. Days with less than a
-- hundredth of the busiest day's events are not its beginning or end.
-- key: day
WITH days AS (
  SELECT CAST(occurred_at AS date) AS day, count(*) AS events FROM web_events GROUP BY 1
),
weighed AS (
  SELECT day, events, max(events) OVER () AS most FROM days
),
bounds AS (
  SELECT
    day,
    events,
    min(CASE WHEN events * 100 >= most THEN day END) OVER () AS first_day,
    max(CASE WHEN events * 100 >= most THEN day END) OVER () AS last_day
  FROM weighed
)
SELECT day, events
FROM bounds
WHERE day BETWEEN first_day AND last_day
