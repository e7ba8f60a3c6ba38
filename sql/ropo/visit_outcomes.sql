-- One row per visit of one person to one store, with the research before it, the research and purchases inside it.
-- A visit lasts until the person left, else `visit_hours`. Research is the last product view strictly before entering,
-- inside the ROPO window. What chance alone finds is asked by the same code: the same visit moved by `ropo_shift_weeks`
-- back and ahead (`shift_draws` of the two have a window that the clickstream covers; `shift_found` of these find a
-- view).
-- Everything is counted off along a person's timeline, so that an identifier shared by thousands of visits
-- cannot multiply rows.
-- key: visit_key
WITH clickstream AS (
  SELECT
    CAST(min(day) AS timestamp(6)) AS began_at,
    date_add('day', 1, CAST(max(day) AS timestamp(6))) AS ended_at
  FROM clickstream_days
),
visits AS (
  SELECT
    v.visit_key,
    v.store_id,
    v.person_id,
    v.visited_at,
    coalesce(v.left_at, date_add('hour', s.visit_hours, v.visited_at)) AS until_at
  FROM store_visits v
  CROSS JOIN settings s
),
draws AS (
  SELECT v.visit_key, v.person_id, d.draw, date_add('day', 7 * d.direction * s.ropo_shift_weeks, v.visited_at) AS asked_at
  FROM visits v
  CROSS JOIN (VALUES (0, 0), (1, -1), (2, 1)) AS d(draw, direction)
  CROSS JOIN settings s
  WHERE v.person_id IS NOT NULL
),
browsing AS (
  SELECT person_id, asked_at AS happened_at, 0 AS step, draw, visit_key FROM draws
  UNION ALL
  SELECT w.person_id, w.viewed_at, 1, 0, w.event_key
  FROM product_views w
  JOIN (SELECT DISTINCT person_id FROM visits) v ON v.person_id = w.person_id
  UNION ALL
  SELECT person_id, until_at, 2, 0, visit_key FROM visits WHERE person_id IS NOT NULL
),
browsed AS (
  SELECT
    *,
    max(CASE WHEN step = 1 THEN happened_at END) OVER along AS viewed_at,
    CAST(sum(CASE WHEN step = 1 THEN 1 ELSE 0 END) OVER along AS bigint) AS views
  FROM browsing
  WINDOW along AS (PARTITION BY person_id ORDER BY happened_at, step ROWS UNBOUNDED PRECEDING)
),
found AS (
  SELECT
    b.*,
    CASE WHEN date_diff('millisecond', b.viewed_at, b.happened_at) <= s.ropo_window_days * 86400000 THEN 1 ELSE 0 END AS is_found,
    CASE
      WHEN date_diff('millisecond', c.began_at, b.happened_at) >= s.ropo_window_days * 86400000
        AND (b.draw = 0 OR b.happened_at <= c.ended_at)
      THEN 1
      ELSE 0
    END AS is_covered
  FROM browsed b
  CROSS JOIN settings s
  CROSS JOIN clickstream c
  WHERE b.step <> 1
),
research AS (
  SELECT
    visit_key,
    max(CASE WHEN step = 0 AND draw = 0 THEN is_covered END) AS is_covered,
    max(CASE WHEN step = 0 AND draw = 0 AND is_found = 1 THEN viewed_at END) AS researched_at,
    CAST(sum(CASE WHEN step = 0 AND draw > 0 THEN is_covered ELSE 0 END) AS bigint) AS shift_draws,
    CAST(sum(CASE WHEN step = 0 AND draw > 0 THEN is_covered * is_found ELSE 0 END) AS bigint) AS shift_found,
    CAST(sum(CASE WHEN step = 2 THEN views WHEN draw = 0 THEN -views ELSE 0 END) AS bigint) AS in_aisle_views
  FROM found
  GROUP BY 1
),
paying AS (
  SELECT person_id, store_id, visited_at AS happened_at, 0 AS step, 0 AS is_purchase, visit_key FROM visits WHERE person_id IS NOT NULL
  UNION ALL
  SELECT c.person_id, c.store_id, c.converted_at, 1, 1, c.conversion_id
  FROM conversions c
  JOIN (SELECT DISTINCT person_id, store_id FROM visits) v ON v.person_id = c.person_id AND v.store_id = c.store_id
  WHERE c.conversion_kind IN ('receipt', 'reserve_and_collect')
  UNION ALL
  SELECT o.person_id, o.store_id, o.collected_at, 1, 0, o.order_id
  FROM collected_orders o
  JOIN (SELECT DISTINCT person_id, store_id FROM visits) v ON v.person_id = o.person_id AND v.store_id = o.store_id
  WHERE o.purchase_class = 'click_and_collect' AND o.collected_at IS NOT NULL
  UNION ALL
  SELECT person_id, store_id, until_at, 2, 0, visit_key FROM visits WHERE person_id IS NOT NULL
),
paid AS (
  SELECT
    *,
    CAST(sum(is_purchase) OVER along AS bigint) AS purchases,
    CAST(sum(CASE WHEN step = 1 THEN 1 - is_purchase ELSE 0 END) OVER along AS bigint) AS pick_ups
  FROM paying
  WINDOW along AS (PARTITION BY person_id, store_id ORDER BY happened_at, step ROWS UNBOUNDED PRECEDING)
),
outcomes AS (
  SELECT
    visit_key,
    CAST(sum(CASE WHEN step = 2 THEN purchases ELSE -purchases END) AS bigint) AS purchases,
    CAST(sum(CASE WHEN step = 2 THEN pick_ups ELSE -pick_ups END) AS bigint) AS pick_ups
  FROM paid
  WHERE step <> 1
  GROUP BY 1
)
SELECT
  v.visit_key,
  v.store_id,
  CAST(at_timezone(with_timezone(v.visited_at, 'UTC'), coalesce(store.time_zone, s.reporting_zone)) AS date) AS visit_date,
  v.visited_at,
  v.until_at,
  v.person_id,
  coalesce(r.is_covered = 1, false) AS is_covered,
  r.researched_at,
  date_diff('second', r.researched_at, v.visited_at) AS lag_seconds,
  coalesce(r.shift_draws, 0) AS shift_draws,
  coalesce(r.shift_found, 0) AS shift_found,
  coalesce(r.in_aisle_views, 0) AS in_aisle_views,
  coalesce(o.purchases, 0) AS purchases,
  coalesce(o.pick_ups, 0) AS pick_ups
FROM visits v
CROSS JOIN settings s
LEFT JOIN stores store ON store.store_id = v.store_id
LEFT JOIN research r ON r.visit_key = v.visit_key
LEFT JOIN outcomes o ON o.visit_key = v.visit_key
