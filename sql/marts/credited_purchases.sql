-- One row per purchase that has a path: what breakdowns of its credit go by. `customer_type` is new where no earlier
-- purchase of the person is known, of all purchases, credited or not. Purchases alike in store, currency, place of
-- payment, persona and customer type share a number.
-- key: conversion_id
WITH with_paths AS (
  SELECT DISTINCT conversion_id FROM path_steps
),
described AS (
  SELECT
    c.conversion_id,
    c.conversion_date AS day,
    c.store_id,
    c.currency,
    c.conversion_kind IN ('receipt', 'reserve_and_collect') AS is_in_store,
    g.persona,
    CASE WHEN c.converted_at = k.first_purchase_at THEN 'new' ELSE 'returning' END AS customer_type,
    t.person_no,
    c.revenue_minor
  FROM conversions c
  JOIN with_paths p ON p.conversion_id = c.conversion_id
  JOIN customers k ON k.person_id = c.person_id
  JOIN person_segments g ON g.person_id = c.person_id
  JOIN touched_persons t ON t.person_id = c.person_id
)
SELECT
  *,
  CAST(dense_rank() OVER (ORDER BY currency, coalesce(store_id, ''), is_in_store, persona, customer_type) - 1 AS integer) AS buyer_group_no
FROM described
