-- One row per day, step (the first five) and pair of channels: journeys that ended that day and went from one to the
-- other. `to_channel` is "(purchase)" or "(no purchase)" where the journey ends there, "(later steps)" after the fifth.
-- key: day, step, from_channel, to_channel
SELECT
  e.ended_on AS day,
  s.step,
  s.channel AS from_channel,
  CASE
    WHEN s.next_channel IS NULL AND e.purchases = 1 THEN '(purchase)'
    WHEN s.next_channel IS NULL THEN '(no purchase)'
    WHEN s.step = 5 THEN '(later steps)'
    ELSE s.next_channel
  END AS to_channel,
  count(*) AS journeys,
  CAST(sum(e.purchases) AS bigint) AS purchases,
  count(DISTINCT e.person_id) AS day_people
FROM journey_steps s
JOIN journey_ends e ON e.journey_id = s.journey_id
WHERE s.step <= 5
GROUP BY 1, 2, 3, 4
