-- One row per model, channel and currency: how many known people have a purchase that it credits, over all time. What
-- figures about whole channels are shown or withheld by. Persons are numbers here, which are told apart much faster.
-- key: model, channel, currency
WITH numbered AS (
  SELECT v.conversion_id, t.person_no
  FROM conversions v
  JOIN touched_persons t ON t.person_id = v.person_id
)
SELECT c.model, c.channel, c.currency, count(DISTINCT n.person_no) AS known_buyers
FROM credits c
JOIN numbered n ON n.conversion_id = c.conversion_id
WHERE c.share_billionths > 0
GROUP BY 1, 2, 3
