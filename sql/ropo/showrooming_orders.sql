-- One row per web order (shipped or collected) of a known person: whether the person had been in a store before it,
-- inside the ROPO window, and had not bought the same product there meanwhile. A visit names no product: that the
-- product was looked at in the store is known only where the person viewed it online during a visit (`in_aisle_lines`).
-- Only persons with any observed visit can be seen to showroom (`is_observable`). What chance alone finds is asked by
-- the same code: the same order moved by `ropo_shift_weeks` back and ahead (`shift_draws` of the two have a window that
-- the visits cover; `shift_found` of these find a visit). Counted off along each person's timeline.
-- key: conversion_id
WITH orders AS (
  SELECT conversion_id, conversion_kind, person_id, converted_at, conversion_date, revenue_minor, currency
  FROM conversions
  WHERE conversion_kind IN ('order', 'click_and_collect') AND person_id IS NOT NULL
),
visits AS (
  SELECT visit_key, person_id, store_id, visited_at, until_at
  FROM visit_outcomes
  WHERE person_id IS NOT NULL
),
visitors AS (
  SELECT DISTINCT person_id FROM visits
),
observed AS (
  SELECT min(visited_at) AS began_at, max(visited_at) AS ended_at FROM store_visits
),
items AS (
  SELECT
    l.line_id,
    o.conversion_id,
    o.person_id,
    o.converted_at,
    coalesce(p.product_id, l.product_id, l.sku) AS item
  FROM orders o
  JOIN visitors v ON v.person_id = o.person_id
  JOIN sale_lines l ON l.document_id = o.conversion_id AND l.treatment = 'sale' AND l.line_kind = 'sale'
  LEFT JOIN products p ON p.sku = l.sku
),
directions AS (
  SELECT d.draw, 7 * d.direction * s.ropo_shift_weeks AS shift_days, s.ropo_window_days * 86400000 AS window_ms
  FROM (VALUES (0, 0), (1, -1), (2, 1)) AS d(draw, direction)
  CROSS JOIN settings s
),
going AS (
  SELECT o.person_id, date_add('day', d.shift_days, o.converted_at) AS happened_at, 0 AS step, d.draw, o.conversion_id AS mark_id
  FROM orders o
  JOIN visitors v ON v.person_id = o.person_id
  CROSS JOIN directions d
  UNION ALL
  SELECT person_id, visited_at, 1, 0, visit_key FROM visits
),
gone AS (
  SELECT
    *,
    max(CASE WHEN step = 1 THEN happened_at END) OVER (
      PARTITION BY person_id ORDER BY happened_at, step ROWS UNBOUNDED PRECEDING
    ) AS visited_at
  FROM going
),
buying AS (
  SELECT i.person_id, i.item, date_add('day', d.shift_days, i.converted_at) AS happened_at, 0 AS step, d.draw, i.line_id AS mark_id, i.conversion_id
  FROM items i
  CROSS JOIN directions d
  WHERE i.item IS NOT NULL
  UNION ALL
  SELECT r.person_id, coalesce(r.product_id, r.sku), r.converted_at, 1, 0, r.line_id, r.conversion_id
  FROM ropo_lines r
  JOIN visitors v ON v.person_id = r.person_id
  WHERE r.purchase_class <> 'click_and_collect' AND coalesce(r.product_id, r.sku) IS NOT NULL
),
bought AS (
  SELECT
    *,
    max(CASE WHEN step = 1 THEN happened_at END) OVER (
      PARTITION BY person_id, item ORDER BY happened_at, step ROWS UNBOUNDED PRECEDING
    ) AS bought_at
  FROM buying
),
bought_lines AS (
  SELECT b.conversion_id, b.draw, count(*) AS bought_lines
  FROM bought b
  JOIN directions d ON d.draw = b.draw
  WHERE b.step = 0 AND date_diff('millisecond', b.bought_at, b.happened_at) <= d.window_ms
  GROUP BY 1, 2
),
order_items AS (
  SELECT conversion_id, count(*) AS order_lines FROM items GROUP BY 1
),
asked AS (
  SELECT
    g.mark_id AS conversion_id,
    g.draw,
    CASE
      WHEN date_diff('millisecond', g.visited_at, g.happened_at) <= d.window_ms AND coalesce(b.bought_lines, 0) < n.order_lines THEN 1
      ELSE 0
    END AS is_found,
    CASE
      WHEN date_diff('millisecond', e.began_at, g.happened_at) >= d.window_ms AND (g.draw = 0 OR g.happened_at <= e.ended_at) THEN 1
      ELSE 0
    END AS is_covered,
    g.visited_at
  FROM gone g
  JOIN directions d ON d.draw = g.draw
  JOIN order_items n ON n.conversion_id = g.mark_id
  LEFT JOIN bought_lines b ON b.conversion_id = g.mark_id AND b.draw = g.draw
  CROSS JOIN observed e
  WHERE g.step = 0
),
answers AS (
  SELECT
    conversion_id,
    max(CASE WHEN draw = 0 THEN is_covered END) AS is_covered,
    max(CASE WHEN draw = 0 AND is_found = 1 THEN visited_at END) AS visited_at,
    CAST(sum(CASE WHEN draw > 0 THEN is_covered ELSE 0 END) AS bigint) AS shift_draws,
    CAST(sum(CASE WHEN draw > 0 THEN is_covered * is_found ELSE 0 END) AS bigint) AS shift_found
  FROM asked
  GROUP BY 1
),
looking AS (
  SELECT person_id, item, converted_at AS happened_at, 0 AS step, conversion_id FROM items WHERE item IS NOT NULL
  UNION ALL
  SELECT person_id, coalesce(product_id, sku), viewed_at, 1, CAST(NULL AS varchar)
  FROM in_aisle_views
  WHERE coalesce(product_id, sku) IS NOT NULL
),
looked AS (
  SELECT
    *,
    max(CASE WHEN step = 1 THEN happened_at END) OVER (
      PARTITION BY person_id, item ORDER BY happened_at, step ROWS UNBOUNDED PRECEDING
    ) AS looked_at
  FROM looking
),
aisle_lines AS (
  SELECT l.conversion_id, count(*) AS in_aisle_lines
  FROM looked l
  CROSS JOIN settings s
  WHERE l.step = 0 AND date_diff('millisecond', l.looked_at, l.happened_at) <= s.ropo_window_days * 86400000
  GROUP BY 1
)
SELECT
  o.conversion_id,
  o.conversion_kind,
  o.person_id,
  o.converted_at,
  o.conversion_date,
  v.person_id IS NOT NULL AS is_observable,
  coalesce(a.is_covered = 1, false) AS is_covered,
  a.visited_at,
  date_diff('second', a.visited_at, o.converted_at) AS lag_seconds,
  coalesce(a.shift_draws, 0) AS shift_draws,
  coalesce(a.shift_found, 0) AS shift_found,
  CASE WHEN a.visited_at IS NULL THEN 0 ELSE coalesce(i.in_aisle_lines, 0) END AS in_aisle_lines,
  o.revenue_minor,
  o.currency
FROM orders o
LEFT JOIN visitors v ON v.person_id = o.person_id
LEFT JOIN answers a ON a.conversion_id = o.conversion_id
LEFT JOIN aisle_lines i ON i.conversion_id = o.conversion_id
