-- One row per purchase: where it was paid, the channel of its last touchpoint, whether its person had bought before and
-- where last, and the pieces it sold. A collected order is paid online, a reservation in the store.
-- key: conversion_id
WITH last_channels AS (
  SELECT journey_id AS conversion_id, channel FROM journey_steps WHERE next_channel IS NULL
),
pieces AS (
  SELECT conversion_id, CAST(round(sum(quantity)) AS bigint) AS pieces FROM sold_lines GROUP BY 1
),
placed AS (
  SELECT *, CASE WHEN conversion_kind IN ('order', 'click_and_collect') THEN 'online' ELSE 'store' END AS place
  FROM conversions
),
before AS (
  SELECT
    *,
    CASE WHEN person_id IS NOT NULL THEN lag(place) OVER along END AS place_before,
    CASE WHEN person_id IS NOT NULL THEN row_number() OVER along END AS purchase_no,
    CASE WHEN person_id IS NOT NULL THEN count(CASE WHEN place = 'online' THEN 1 END) OVER (along ROWS UNBOUNDED PRECEDING) END AS online_so_far,
    CASE WHEN person_id IS NOT NULL THEN count(CASE WHEN place = 'store' THEN 1 END) OVER (along ROWS UNBOUNDED PRECEDING) END AS store_so_far
  FROM placed
  WINDOW along AS (PARTITION BY person_id ORDER BY converted_at, conversion_id)
)
SELECT
  b.conversion_id,
  b.place,
  b.conversion_date,
  b.person_id,
  coalesce(l.channel, '(no touchpoint)') AS last_channel,
  b.purchase_no,
  b.place_before,
  coalesce(CASE WHEN b.place = 'online' THEN b.online_so_far = 1 AND b.store_so_far > 0 ELSE b.store_so_far = 1 AND b.online_so_far > 0 END, false) AS is_second_place,
  i.loyalty_key IS NOT NULL AS shows_card,
  coalesce(p.pieces, 0) AS pieces,
  b.revenue_minor,
  b.currency
FROM before b
LEFT JOIN last_channels l ON l.conversion_id = b.conversion_id
LEFT JOIN sale_identifiers i ON i.document_id = b.conversion_id
LEFT JOIN pieces p ON p.conversion_id = b.conversion_id
