-- One row per two channels: known people who had touchpoints of both, over all time.
-- key: other_channel, label
WITH wanted AS (
  SELECT CAST(? AS date) AS from_day, CAST(? AS date) AS to_day, CAST(? AS varchar) AS model, CAST(? AS varchar) AS grouped_by
)
SELECT
  o.other_channel,
  o.channel AS label,
  o.channel_people,
  o.people_both,
  o.people_both AS people
FROM channel_overlap o
CROSS JOIN wanted w
ORDER BY o.channel_people DESC, o.channel, o.people_both DESC, o.other_channel
