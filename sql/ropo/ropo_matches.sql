-- One row per store line, level, comparison and draw that finds a product view at most 60 days before. `research` is
-- what really happened: views before the person entered the store (or paid, where no visit is known). `in_aisle` is
-- views between entering and paying. The others are placebos, which ask the same question where research cannot have
-- been the cause: `own_basket` swaps the item with one of another receipt of the same person, `stratum` the
-- item of another person alike, `week_shift` moves the moment by whole weeks back (draw 1) or ahead (2), `mirror` looks
-- at the days after the purchase, without the first 48 hours and the SKU that was bought. What belongs to the item
-- (category, revenue) is that of the item put there; what belongs to the moment (store, day, person) stays the line's.
-- Lags are rounded up to whole seconds, so that none beyond a window falls inside it.
-- A match at a finer level is one at every coarser level: any > category > product > sku.
-- key: line_no, level, comparison, draw
WITH lines AS (
  SELECT
    *,
    coalesce(entered_at, converted_at) AS asked_at
  FROM ropo_lines
  WHERE person_id IS NOT NULL
),
swaps AS (
  SELECT
    l.line_no,
    l.person_id,
    l.pool,
    l.receipt_place,
    l.receipt_lines,
    l.asked_at,
    d.draw,
    CASE WHEN l.basket_draws > 0 THEN 'own_basket' ELSE 'stratum' END AS comparison,
    (l.pool_place - 1 + CASE d.draw WHEN 1 THEN l.swap_1 WHEN 2 THEN l.pool_lines - l.swap_1 WHEN 3 THEN l.swap_2 ELSE l.pool_lines - l.swap_2 END) % l.pool_lines + 1 AS partner_place
  FROM (SELECT * FROM lines WHERE basket_draws + stratum_draws > 0) l
  CROSS JOIN UNNEST(sequence(1, 4)) AS d(draw)
  WHERE (d.draw <> 2 OR 2 * l.swap_1 <> l.pool_lines)
    AND (d.draw <= 2 OR l.swap_2 IS NOT NULL)
    AND (d.draw <> 4 OR 2 * l.swap_2 <> l.pool_lines)
),
donors AS (
  SELECT
    d.line_no,
    d.person_id,
    d.asked_at,
    d.draw,
    d.comparison,
    o.line_no AS item_line_no,
    o.sku,
    o.product_id,
    o.category
  FROM swaps d
  JOIN lines o ON o.pool = d.pool AND o.pool_place = d.partner_place
  WHERE d.partner_place NOT BETWEEN d.receipt_place AND d.receipt_place + d.receipt_lines - 1
),
asked AS (
  SELECT 'research' AS comparison, 0 AS draw, line_no, person_id, asked_at, line_no AS item_line_no, sku, product_id, category FROM lines
  UNION ALL
  SELECT 'in_aisle', 0, line_no, person_id, converted_at, line_no, sku, product_id, category FROM lines WHERE entered_at IS NOT NULL
  UNION ALL
  SELECT comparison, CAST(draw AS integer), line_no, person_id, asked_at, item_line_no, sku, product_id, category FROM donors
  UNION ALL
  SELECT 'week_shift', 1, l.line_no, l.person_id, date_add('day', -7 * s.ropo_shift_weeks, l.asked_at), l.line_no, l.sku, l.product_id, l.category
  FROM lines l
  CROSS JOIN settings s
  UNION ALL
  SELECT 'week_shift', 2, l.line_no, l.person_id, date_add('day', 7 * s.ropo_shift_weeks, l.asked_at), l.line_no, l.sku, l.product_id, l.category
  FROM lines l
  CROSS JOIN settings s
  UNION ALL
  SELECT 'mirror', 0, line_no, person_id, date_add('day', 2, converted_at), line_no, sku, product_id, category FROM lines
),
-- A place of `asked` per level, with the item that is asked for there: one pass, for each mention of a name is computed anew.
questions AS (
  SELECT comparison, draw, line_no, item_line_no, asked_at, person_id, level_no, item, own_sku
  FROM (
    SELECT
      a.comparison,
      a.draw,
      a.line_no,
      a.item_line_no,
      a.asked_at,
      a.person_id,
      CAST(n.level_no AS integer) AS level_no,
      CASE n.level_no WHEN 4 THEN a.sku WHEN 3 THEN a.product_id WHEN 2 THEN a.category ELSE '' END AS item,
      coalesce(a.sku, '') AS own_sku
    FROM asked a
    CROSS JOIN UNNEST(sequence(1, 4)) AS n(level_no)
    WHERE NOT (n.level_no = 4 AND a.comparison = 'mirror') AND NOT (n.level_no = 1 AND a.comparison IN ('own_basket', 'stratum'))
  ) q
  WHERE item IS NOT NULL
),
trails AS (
  SELECT DISTINCT trail_no, person_id, level_no, viewed_item FROM viewed_items
),
trail_questions AS (
  SELECT t.trail_no, q.level_no, q.comparison, q.draw, q.line_no, q.item_line_no, q.own_sku, q.asked_at
  FROM questions q
  JOIN trails t ON t.person_id = q.person_id AND t.level_no = q.level_no AND t.viewed_item = q.item
),
trail_views AS (
  SELECT v.trail_no, v.viewed_at, v.view_no, v.viewed_sku AS sku
  FROM viewed_items v
  JOIN (SELECT DISTINCT trail_no FROM trail_questions) q ON q.trail_no = v.trail_no
),
timeline AS (
  SELECT trail_no, asked_at AS moment, 0 AS is_view, CAST(NULL AS bigint) AS view_no, level_no, comparison, draw, line_no, item_line_no, own_sku
  FROM trail_questions
  UNION ALL
  SELECT trail_no, viewed_at, 1, view_no, 0, '', 0, CAST(NULL AS bigint), CAST(NULL AS bigint), CAST(NULL AS varchar)
  FROM trail_views
),
looked_up AS (
  SELECT
    *,
    max(view_no) OVER (PARTITION BY trail_no ORDER BY moment, is_view ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS last_view_no,
    min(view_no) OVER (PARTITION BY trail_no ORDER BY moment, is_view ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS next_view_no
  FROM timeline
),
runs AS (
  SELECT
    trail_no,
    view_no,
    sku,
    CASE WHEN lead(sku) OVER along <> sku THEN lead(view_no) OVER along END AS next_run_no
  FROM trail_views
  WINDOW along AS (PARTITION BY trail_no ORDER BY viewed_at, view_no)
),
others AS (
  SELECT
    trail_no,
    view_no,
    sku,
    min(next_run_no) OVER (PARTITION BY trail_no ORDER BY view_no ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS next_other_no
  FROM runs
),
found AS (
  SELECT line_no, item_line_no, comparison, draw, level_no, moment, found_no AS view_no
  FROM (
    SELECT
      l.*,
      CASE
        WHEN l.comparison <> 'mirror' THEN l.last_view_no
        WHEN o.sku = l.own_sku THEN o.next_other_no
        ELSE l.next_view_no
      END AS found_no
    FROM looked_up l
    LEFT JOIN others o ON o.trail_no = l.trail_no AND o.view_no = CASE WHEN l.comparison = 'mirror' THEN l.next_view_no END
    WHERE l.is_view = 0
  ) l
  WHERE found_no IS NOT NULL
),
timed AS (
  SELECT
    f.*,
    (abs(date_diff('millisecond', v.viewed_at, f.moment)) + 999) / 1000 AS lag_seconds,
    v.viewed_at
  FROM found f
  JOIN viewed_items v ON v.view_no = f.view_no AND v.level_no = 1
),
kept AS (
  SELECT t.*
  FROM timed t
  JOIN lines l ON l.line_no = t.line_no
  WHERE t.lag_seconds <= 60 * 86400 AND (t.comparison <> 'in_aisle' OR t.viewed_at >= l.entered_at)
),
rungs AS (
  SELECT
    line_no,
    comparison,
    draw,
    l.level_no,
    max(item_line_no) AS item_line_no,
    min(lag_seconds) AS lag_seconds,
    CASE WHEN comparison = 'mirror' THEN min(view_no) ELSE max(view_no) END AS view_no
  FROM kept k
  CROSS JOIN UNNEST(sequence(1, k.level_no)) AS l(level_no)
  WHERE l.level_no > 1 OR k.comparison NOT IN ('own_basket', 'stratum')
  GROUP BY 1, 2, 3, 4
),
seen AS (
  SELECT v.view_no, v.viewed_at, s.channel, s.campaign
  FROM product_views v
  LEFT JOIN session_events e ON e.event_key = v.event_key
  LEFT JOIN sessions s ON s.session_id = e.device_id || '-' || CAST(e.session_no AS varchar)
)
SELECT
  r.line_no,
  CASE r.level_no WHEN 1 THEN 'any' WHEN 2 THEN 'category' WHEN 3 THEN 'product' ELSE 'sku' END AS level,
  r.comparison,
  r.draw,
  r.lag_seconds,
  r.view_no,
  s.viewed_at,
  s.channel,
  s.campaign,
  r.item_line_no,
  i.category,
  i.revenue_minor
FROM rungs r
JOIN seen s ON s.view_no = r.view_no
JOIN ropo_lines i ON i.line_no = r.item_line_no
