-- One row per person with web events: since when they were seen online.
-- key: person_id
SELECT
  person_id,
  min(occurred_at) AS first_seen_online
FROM web_events
WHERE person_id IS NOT NULL
GROUP BY 1
