-- One row per model, channel and currency: how many known people have a purchase that it credits, over all time. What
-- figures about whole channels are shown or withheld by. Persons are numbers here, which are told apart much faster.
-- key: model, channel, currency
WITH numbered AS (
  SELECT conversion_id, dense_rank() OVER (ORDER BY person_id) AS person_no
  FROM conversions
  WHERE person_id IS NOT NULL
)
SELECT c.model, c.channel, c.currency, count(DISTINCT n.person_no) AS known_buyers
FROM credits c
JOIN numbered n ON n.conversion_id = c.conversion_id
WHERE c.share_billionths > 0
GROUP BY 1, 2, 3
