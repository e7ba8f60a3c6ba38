-- One row per store line, level, comparison and draw that finds a product view at most 60 days before. `research` is
-- what really happened: views before the person entered the store (or paid, where no visit is known). `in_aisle` is
-- views between entering and paying. The others are placebos, which ask the same question where research cannot have
-- been the cause: `own_basket` puts the item of another receipt of the same person in the line's place, `stratum` the
-- item of another person alike, `week_shift` moves the moment by whole weeks back (draw 1) or ahead (2), `mirror` looks
-- at the days after the purchase, without the first 48 hours and the SKU that was bought. What belongs to the item
-- (category, revenue) is that of the item put there; what belongs to the moment (store, day, person) stays the line's.
-- Lags are rounded up to whole seconds, so that none beyond a window falls inside it.
-- A match at a finer level is one at every coarser level: any > category > product > sku.
-- key: line_no, level, comparison, draw
WITH lines AS (
  SELECT
    line_no,
    person_id,
    converted_at,
    entered_at,
    coalesce(entered_at, converted_at) AS asked_at,
    sku,
    product_id,
    category,
    pool,
    pool_place,
    pool_lines,
    receipt_place,
    receipt_lines,
    basket_draws,
    stratum_draws
  FROM ropo_lines
  WHERE person_id IS NOT NULL
),
items AS (
  SELECT level_no, item, row_number() OVER (ORDER BY level_no, item) AS item_no, count(*) OVER () AS items
  FROM (
    SELECT DISTINCT 4 AS level_no, sku AS item FROM lines WHERE sku IS NOT NULL
    UNION ALL
    SELECT DISTINCT 3, product_id FROM lines WHERE product_id IS NOT NULL
    UNION ALL
    SELECT DISTINCT 2, category FROM lines WHERE category IS NOT NULL
    UNION ALL
    SELECT 1, ''
  ) i
),
buyers AS (
  SELECT b.person_id, row_number() OVER (ORDER BY b.person_id) * i.items AS first_trail
  FROM (SELECT DISTINCT person_id FROM lines) b
  CROSS JOIN (SELECT max(items) AS items FROM items) i
),
line_items AS (
  SELECT l.line_no, 4 AS level_no, i.item_no FROM lines l JOIN items i ON i.level_no = 4 AND i.item = l.sku
  UNION ALL
  SELECT l.line_no, 3, i.item_no FROM lines l JOIN items i ON i.level_no = 3 AND i.item = l.product_id
  UNION ALL
  SELECT l.line_no, 2, i.item_no FROM lines l JOIN items i ON i.level_no = 2 AND i.item = l.category
  UNION ALL
  SELECT l.line_no, 1, i.item_no FROM lines l JOIN items i ON i.level_no = 1
),
drawn AS (
  SELECT
    l.line_no,
    b.first_trail,
    l.pool,
    l.receipt_place,
    l.receipt_lines,
    l.asked_at,
    d.draw,
    CASE WHEN l.basket_draws > 0 THEN 2 ELSE 3 END AS comparison_no,
    ((l.pool_place * 2654435761 + settings.random_seed * 97) / 65536
      + (d.draw - 1) * greatest(1, (l.pool_lines - l.receipt_lines) / 4)) % (l.pool_lines - l.receipt_lines) + 1 AS pick
  FROM (SELECT * FROM lines WHERE basket_draws + stratum_draws > 0) l
  JOIN buyers b ON b.person_id = l.person_id
  CROSS JOIN settings
  CROSS JOIN UNNEST(sequence(1, l.basket_draws + l.stratum_draws)) AS d(draw)
),
donors AS (
  SELECT d.line_no, d.first_trail, d.asked_at, CAST(d.draw AS integer) AS draw, d.comparison_no, o.line_no AS item_line_no
  FROM drawn d
  JOIN lines o
    ON o.pool = d.pool
    AND o.pool_place = CASE WHEN d.pick < d.receipt_place THEN d.pick ELSE d.pick + d.receipt_lines END
),
own_trails AS (
  SELECT l.line_no, i.level_no, b.first_trail + i.item_no AS trail_no
  FROM lines l
  JOIN buyers b ON b.person_id = l.person_id
  JOIN line_items i ON i.line_no = l.line_no
),
stratum_trails AS (
  SELECT d.line_no, d.item_line_no, d.draw, d.asked_at, i.level_no, d.first_trail + i.item_no AS trail_no
  FROM donors d
  JOIN line_items i ON i.line_no = d.item_line_no
  WHERE d.comparison_no = 3 AND i.level_no > 1
),
buyers_views AS (
  SELECT b.first_trail, v.view_no, v.viewed_at, v.sku, v.product_id, v.category
  FROM product_views v
  JOIN buyers b ON b.person_id = v.person_id
),
trail_views AS (
  SELECT v.trail_no, v.view_no, v.viewed_at, v.sku
  FROM (
    SELECT v.first_trail + i.item_no AS trail_no, v.view_no, v.viewed_at, coalesce(v.sku, '') AS sku
    FROM buyers_views v JOIN items i ON i.level_no = 4 AND i.item = v.sku
    UNION ALL
    SELECT v.first_trail + i.item_no, v.view_no, v.viewed_at, coalesce(v.sku, '')
    FROM buyers_views v JOIN items i ON i.level_no = 3 AND i.item = v.product_id
    UNION ALL
    SELECT v.first_trail + i.item_no, v.view_no, v.viewed_at, coalesce(v.sku, '')
    FROM buyers_views v JOIN items i ON i.level_no = 2 AND i.item = v.category
    UNION ALL
    SELECT v.first_trail + i.item_no, v.view_no, v.viewed_at, coalesce(v.sku, '')
    FROM buyers_views v JOIN items i ON i.level_no = 1
  ) v
  JOIN (SELECT trail_no FROM own_trails UNION SELECT trail_no FROM stratum_trails) a ON a.trail_no = v.trail_no
),
viewed_trails AS (
  SELECT DISTINCT trail_no FROM trail_views
),
viewed_lines AS (
  SELECT o.line_no, o.level_no, o.trail_no, l.asked_at, l.entered_at, l.converted_at
  FROM own_trails o
  JOIN viewed_trails t ON t.trail_no = o.trail_no
  JOIN lines l ON l.line_no = o.line_no
),
questions AS (
  SELECT trail_no, asked_at AS moment, line_no, line_no AS item_line_no, level_no, 0 AS comparison_no, 0 AS draw FROM viewed_lines
  UNION ALL
  SELECT trail_no, converted_at, line_no, line_no, level_no, 1, 0 FROM viewed_lines WHERE entered_at IS NOT NULL
  UNION ALL
  SELECT v.trail_no, d.asked_at, d.line_no, d.item_line_no, v.level_no, 2, d.draw
  FROM donors d
  JOIN viewed_lines v ON v.line_no = d.item_line_no
  WHERE d.comparison_no = 2 AND v.level_no > 1
  UNION ALL
  SELECT s.trail_no, s.asked_at, s.line_no, s.item_line_no, s.level_no, 3, s.draw
  FROM stratum_trails s
  JOIN viewed_trails t ON t.trail_no = s.trail_no
  UNION ALL
  SELECT v.trail_no, date_add('day', d.sign * 7 * s.ropo_shift_weeks, v.asked_at), v.line_no, v.line_no, v.level_no, 4, CAST(d.draw AS integer)
  FROM viewed_lines v
  CROSS JOIN settings s
  CROSS JOIN (VALUES (1, -1), (2, 1)) AS d(draw, sign)
  UNION ALL
  SELECT trail_no, date_add('day', 2, converted_at), line_no, line_no, level_no, 5, 0 FROM viewed_lines WHERE level_no < 4
),
looked_up AS (
  SELECT
    trail_no,
    moment,
    line_no,
    item_line_no,
    level_no,
    comparison_no,
    draw,
    is_view,
    max(view_no) OVER before AS last_view_no,
    max(CASE WHEN is_view = 1 THEN moment END) OVER before AS last_viewed_at,
    CAST(sum(is_view) OVER before AS bigint) AS views_before
  FROM (
    SELECT trail_no, moment, line_no, item_line_no, level_no, comparison_no, draw, 0 AS is_view, CAST(NULL AS bigint) AS view_no
    FROM questions
    UNION ALL
    SELECT trail_no, viewed_at, CAST(NULL AS bigint), CAST(NULL AS bigint), 0, 0, 0, 1, view_no
    FROM trail_views
  ) t
  WINDOW before AS (PARTITION BY trail_no ORDER BY moment, is_view ROWS UNBOUNDED PRECEDING)
),
-- Views of a trail counted off, and in runs of one SKU: the next view of another SKU is the first of the next run.
counted AS (
  SELECT
    trail_no,
    view_no,
    viewed_at,
    sku,
    row_number() OVER (PARTITION BY trail_no ORDER BY view_no) AS place,
    CASE WHEN lag(sku) OVER (PARTITION BY trail_no ORDER BY view_no) = sku THEN 0 ELSE 1 END AS starts_run
  FROM trail_views
),
in_runs AS (
  SELECT *, CAST(sum(starts_run) OVER (PARTITION BY trail_no ORDER BY view_no ROWS UNBOUNDED PRECEDING) AS bigint) AS run_no
  FROM counted
),
found AS (
  SELECT line_no, item_line_no, level_no, comparison_no, draw, moment, last_view_no AS view_no, last_viewed_at AS viewed_at
  FROM looked_up
  WHERE is_view = 0 AND comparison_no <> 5 AND last_view_no IS NOT NULL
  UNION ALL
  SELECT
    l.line_no,
    l.item_line_no,
    l.level_no,
    l.comparison_no,
    l.draw,
    l.moment,
    CASE WHEN n.sku = coalesce(o.sku, '') THEN r.view_no ELSE n.view_no END,
    CASE WHEN n.sku = coalesce(o.sku, '') THEN r.viewed_at ELSE n.viewed_at END
  FROM looked_up l
  JOIN in_runs n ON n.trail_no = l.trail_no AND n.place = l.views_before + 1
  JOIN lines o ON o.line_no = l.line_no
  LEFT JOIN in_runs r ON r.trail_no = n.trail_no AND r.run_no = n.run_no + 1 AND r.starts_run = 1
  WHERE l.is_view = 0 AND l.comparison_no = 5
),
kept AS (
  SELECT
    f.line_no,
    f.item_line_no,
    f.level_no,
    f.comparison_no,
    f.draw,
    f.view_no,
    (abs(date_diff('millisecond', f.viewed_at, f.moment)) + 999) / 1000 AS lag_seconds
  FROM found f
  LEFT JOIN (SELECT line_no, entered_at FROM lines WHERE entered_at IS NOT NULL) e ON e.line_no = f.line_no AND f.comparison_no = 1
  WHERE f.viewed_at IS NOT NULL
    AND abs(date_diff('millisecond', f.viewed_at, f.moment)) <= 5184000000
    AND (f.comparison_no <> 1 OR f.viewed_at >= e.entered_at)
),
rungs AS (
  SELECT line_no, comparison_no, draw, l.level_no, max(item_line_no) AS item_line_no, min(lag_seconds) AS lag_seconds, min_by(view_no, lag_seconds) AS view_no
  FROM kept k
  CROSS JOIN UNNEST(sequence(1, k.level_no)) AS l(level_no)
  WHERE l.level_no > 1 OR k.comparison_no NOT IN (2, 3)
  GROUP BY 1, 2, 3, 4
),
seen AS (
  SELECT v.view_no, v.viewed_at, s.channel, s.campaign
  FROM (SELECT DISTINCT view_no FROM rungs) r
  JOIN product_views v ON v.view_no = r.view_no
  LEFT JOIN session_events e ON e.event_key = v.event_key
  LEFT JOIN sessions s ON s.session_id = e.device_id || '-' || CAST(e.session_no AS varchar)
)
SELECT
  r.line_no,
  CASE r.level_no WHEN 1 THEN 'any' WHEN 2 THEN 'category' WHEN 3 THEN 'product' ELSE 'sku' END AS level,
  CASE r.comparison_no
    WHEN 0 THEN 'research'
    WHEN 1 THEN 'in_aisle'
    WHEN 2 THEN 'own_basket'
    WHEN 3 THEN 'stratum'
    WHEN 4 THEN 'week_shift'
    ELSE 'mirror'
  END AS comparison,
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
