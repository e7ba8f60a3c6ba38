-- One row per two channels: how many known people had touchpoints of both. The thirty channels with the most people are
-- told apart.
-- key: channel, other_channel
WITH reached AS (
  SELECT DISTINCT person_id, channel FROM touchpoints WHERE person_id IS NOT NULL
),
sizes AS (
  SELECT channel, count(*) AS channel_people, row_number() OVER (ORDER BY count(*) DESC, channel) AS place
  FROM reached
  GROUP BY channel
),
largest AS (
  SELECT r.person_id, r.channel, s.channel_people
  FROM reached r
  JOIN sizes s ON s.channel = r.channel
  WHERE s.place <= 30
)
SELECT
  a.channel,
  b.channel AS other_channel,
  a.channel_people,
  count(*) AS people_both
FROM largest a
JOIN largest b ON b.person_id = a.person_id AND b.channel <> a.channel
GROUP BY 1, 2, 3
