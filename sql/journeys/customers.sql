-- One row per person with purchases: when the first was, how many there are, and what kind of buyer that makes.
-- `persona` comes from buying alone, never from browsing, so that it cannot decide whether a purchase was researched:
-- where the person pays (a reservation is paid in the store, a collected order online), and how often.
-- key: person_id
WITH bought AS (
  SELECT
    person_id,
    min(converted_at) AS first_purchase_at,
    count(*) AS purchases,
    CAST(sum(CASE WHEN conversion_kind IN ('order', 'click_and_collect') THEN 1 ELSE 0 END) AS bigint) AS orders,
    CAST(sum(CASE WHEN conversion_kind IN ('order', 'click_and_collect') THEN 0 ELSE 1 END) AS bigint) AS receipts
  FROM conversions
  WHERE person_id IS NOT NULL
  GROUP BY 1
)
SELECT
  person_id,
  first_purchase_at,
  purchases,
  orders,
  receipts,
  CASE WHEN orders = 0 THEN 'store only' WHEN receipts = 0 THEN 'online only' ELSE 'omnichannel' END
    || CASE WHEN purchases >= 4 THEN ', regular' ELSE ', occasional' END AS persona
FROM bought
