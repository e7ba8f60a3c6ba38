-- One row per merchandise line handed over in a store, its person known or not: the purchases that ROPO is measured on.
-- Amounts are without tax and after the line's part of the receipt's discounts. `observed_days` is how long the
-- clickstream had run (clickstream_days).
-- A placebo draws items from a pool: the person's other receipts, or, where there is no other, the receipts of persons
-- with one receipt who are alike in activity (twentieths by product views) and taste (category viewed most). Lines of a
-- pool swap items in pairs: a line with the one `swap_1` places further on in it and the one as far back, and the same
-- with `swap_2`, never within a receipt. So every item is drawn as often as its own line is tested: what is compared
-- with chance has the same items, revenue and categories on both sides.
-- key: line_no
WITH lines AS (
  SELECT
    l.line_id,
    c.conversion_id,
    CASE WHEN c.conversion_kind = 'receipt' THEN 'store' ELSE c.conversion_kind END AS purchase_class,
    c.converted_at,
    c.conversion_date,
    c.store_id,
    c.person_id,
    c.identified_by,
    c.evidence_strength,
    c.is_consent_denied,
    c.revenue_minor AS receipt_minor,
    l.sku,
    coalesce(p.product_id, l.product_id) AS product_id,
    coalesce(p.category, l.category) AS category,
    l.quantity,
    s.sold_minor,
    l.currency,
    l.tender
  FROM sold_lines s
  JOIN sale_lines l ON l.line_id = s.line_id
  JOIN conversions c ON c.conversion_id = s.conversion_id
  LEFT JOIN products p ON p.sku = l.sku
  WHERE l.document_kind = 'receipt' OR c.conversion_kind = 'click_and_collect'
),
observed AS (
  SELECT min(day) AS first_day, max(day) AS last_day FROM clickstream_days
),
views AS (
  SELECT person_id, category, count(*) AS views FROM product_views GROUP BY 1, 2
),
viewers AS (
  SELECT person_id, category AS taste, all_views AS views
  FROM (
    SELECT
      person_id,
      coalesce(category, '') AS category,
      CAST(sum(views) OVER (PARTITION BY person_id) AS bigint) AS all_views,
      row_number() OVER (PARTITION BY person_id ORDER BY views DESC, category) AS place
    FROM views
  ) t
  WHERE place = 1
),
receipts AS (
  SELECT
    conversion_id,
    min(person_id) AS person_id,
    min(purchase_class) AS purchase_class,
    min(store_id) AS store_id,
    min(converted_at) AS converted_at,
    ntile(3) OVER (PARTITION BY min(currency) ORDER BY min(receipt_minor), conversion_id) AS third
  FROM lines
  GROUP BY conversion_id
),
receipt_counts AS (
  SELECT person_id, purchase_class, count(*) AS receipts
  FROM receipts
  WHERE person_id IS NOT NULL
  GROUP BY 1, 2
),
single_buyers AS (
  SELECT
    r.person_id,
    r.purchase_class,
    r.purchase_class || '|' || CAST(ntile(20) OVER (PARTITION BY r.purchase_class ORDER BY v.views, r.person_id) AS varchar) || '|' || v.taste AS pool
  FROM receipt_counts r
  JOIN viewers v ON v.person_id = r.person_id
  WHERE r.receipts = 1
),
visits AS (
  SELECT
    row_number() OVER (ORDER BY v.visited_at, v.visit_key) AS visit_no,
    v.person_id,
    v.store_id,
    v.visited_at,
    coalesce(v.left_at, date_add('hour', s.visit_hours, v.visited_at)) AS left_at
  FROM store_visits v
  CROSS JOIN settings s
  WHERE v.person_id IS NOT NULL
),
presence AS (
  SELECT person_id, store_id, visited_at AS moment, 0 AS is_receipt, visit_no, CAST(NULL AS varchar) AS conversion_id FROM visits
  UNION ALL
  SELECT person_id, store_id, converted_at, 1, CAST(NULL AS bigint), conversion_id FROM receipts WHERE person_id IS NOT NULL
),
last_visits AS (
  SELECT *, max(visit_no) OVER (PARTITION BY person_id, store_id ORDER BY moment, is_receipt ROWS UNBOUNDED PRECEDING) AS last_visit_no
  FROM presence
),
entries AS (
  SELECT l.conversion_id, v.visited_at AS entered_at
  FROM last_visits l
  JOIN visits v ON v.visit_no = l.last_visit_no
  WHERE l.is_receipt = 1 AND l.moment <= v.left_at
),
taken_back AS (
  SELECT line_id, CAST(sum(revenue_minor) AS bigint) AS returned_minor FROM line_returns GROUP BY 1
),
credited AS (
  SELECT DISTINCT conversion_id FROM path_steps
),
pooled AS (
  SELECT
    s.*,
    row_number() OVER (ORDER BY s.converted_at, s.line_id) AS line_no,
    coalesce(pc.category, s.category) AS item_category,
    CASE
      WHEN r.receipts > 1 THEN s.person_id || '|' || s.purchase_class
      WHEN b.pool IS NOT NULL THEN b.pool
      WHEN s.person_id IS NOT NULL THEN '|' || s.purchase_class
    END AS pool,
    coalesce(r.receipts, 0) AS receipts
  FROM lines s
  LEFT JOIN product_categories pc ON pc.product_id = s.product_id
  LEFT JOIN receipt_counts r ON r.person_id = s.person_id AND r.purchase_class = s.purchase_class
  LEFT JOIN single_buyers b ON b.person_id = s.person_id AND b.purchase_class = s.purchase_class
),
counted AS (
  SELECT
    *,
    row_number() OVER (PARTITION BY pool ORDER BY converted_at, conversion_id, line_no) AS pool_place,
    count(*) OVER (PARTITION BY pool) AS pool_lines,
    count(*) OVER (PARTITION BY pool, conversion_id) AS receipt_lines,
    min(line_no) OVER (PARTITION BY pool) AS pool_start
  FROM pooled
),
shifted AS (
  SELECT
    c.*,
    c.pool_place - row_number() OVER (PARTITION BY c.pool, c.conversion_id ORDER BY c.pool_place) + 1 AS receipt_place,
    (c.pool_start * 2654435761 + s.random_seed * 40503000017) / 65536 AS drawn
  FROM counted c
  CROSS JOIN settings s
),
swapped AS (
  SELECT
    *,
    CASE WHEN pool_lines >= 2 THEN 1 + drawn % greatest(1, (pool_lines - 1) / 2) END AS swap_1,
    CASE
      WHEN pool_lines >= 5 THEN 1 + (drawn % ((pool_lines - 1) / 2) + 1 + drawn / 1000 % ((pool_lines - 1) / 2 - 1)) % ((pool_lines - 1) / 2)
      WHEN pool_lines = 4 THEN 2
    END AS swap_2
  FROM shifted
),
partners AS (
  SELECT
    *,
    CASE WHEN swap_1 IS NULL OR (pool_place - 1 + swap_1) % pool_lines + 1 BETWEEN receipt_place AND receipt_place + receipt_lines - 1 THEN 0 ELSE 1 END
      + CASE WHEN swap_1 IS NULL OR 2 * swap_1 = pool_lines OR (pool_place - 1 + pool_lines - swap_1) % pool_lines + 1 BETWEEN receipt_place AND receipt_place + receipt_lines - 1 THEN 0 ELSE 1 END
      + CASE WHEN swap_2 IS NULL OR (pool_place - 1 + swap_2) % pool_lines + 1 BETWEEN receipt_place AND receipt_place + receipt_lines - 1 THEN 0 ELSE 1 END
      + CASE WHEN swap_2 IS NULL OR 2 * swap_2 = pool_lines OR (pool_place - 1 + pool_lines - swap_2) % pool_lines + 1 BETWEEN receipt_place AND receipt_place + receipt_lines - 1 THEN 0 ELSE 1 END
      AS draws
  FROM swapped
),
described AS (
  SELECT
    p.line_no,
    p.line_id,
    p.conversion_id,
    p.purchase_class,
    p.store_id,
    p.converted_at,
    p.conversion_date,
    e.entered_at,
    p.person_id,
    p.identified_by,
    p.evidence_strength,
    CASE WHEN p.is_consent_denied THEN 'consent_denied' WHEN p.person_id IS NULL THEN 'no_identifier' END AS unidentified_reason,
    p.sku,
    p.product_id,
    p.item_category AS category,
    p.quantity,
    p.sold_minor,
    coalesce(t.returned_minor, 0) AS returned_minor,
    p.sold_minor + coalesce(t.returned_minor, 0) AS revenue_minor,
    p.currency,
    p.tender,
    CASE
      WHEN hour(at_timezone(with_timezone(p.converted_at, 'UTC'), coalesce(store.time_zone, settings.reporting_zone))) < 12 THEN 'morning'
      WHEN hour(at_timezone(with_timezone(p.converted_at, 'UTC'), coalesce(store.time_zone, settings.reporting_zone))) < 17 THEN 'afternoon'
      ELSE 'evening'
    END AS daypart,
    CASE r.third WHEN 1 THEN 'low third' WHEN 2 THEN 'middle third' ELSE 'high third' END AS basket_band,
    k.persona,
    k.first_purchase_at = p.converted_at AS is_new_customer,
    o.first_seen_online,
    greatest(0, coalesce(date_diff('day', CAST(observed.first_day AS timestamp(6)), p.converted_at), 0)) AS observed_days,
    greatest(0, coalesce(date_diff('day', p.converted_at, date_add('day', 1, CAST(observed.last_day AS timestamp(6)))), 0)) AS observed_days_after,
    p.pool,
    p.pool_place,
    p.receipt_place,
    p.receipt_lines,
    p.pool_lines,
    p.swap_1,
    p.swap_2,
    CASE WHEN p.receipts > 1 THEN CAST(p.draws AS bigint) ELSE 0 END AS basket_draws,
    CASE WHEN p.receipts = 1 THEN CAST(p.draws AS bigint) ELSE 0 END AS stratum_draws,
    c.conversion_id IS NOT NULL AS is_credited
  FROM partners p
  JOIN receipts r ON r.conversion_id = p.conversion_id
  CROSS JOIN settings
  CROSS JOIN observed
  LEFT JOIN stores store ON store.store_id = p.store_id
  LEFT JOIN entries e ON e.conversion_id = p.conversion_id
  LEFT JOIN customers k ON k.person_id = p.person_id
  LEFT JOIN online_reach o ON o.person_id = p.person_id
  LEFT JOIN taken_back t ON t.line_id = p.line_id
  LEFT JOIN credited c ON c.conversion_id = p.conversion_id
)
SELECT
  d.*,
  d.observed_days >= s.ropo_window_days AS is_covered,
  CAST(CASE WHEN s.ropo_window_days <= 7 * s.ropo_shift_weeks AND d.observed_days >= s.ropo_window_days + 7 * s.ropo_shift_weeks THEN 1 ELSE 0 END AS bigint) AS back_draws,
  CAST(CASE WHEN s.ropo_window_days <= 7 * s.ropo_shift_weeks AND d.observed_days_after >= 7 * s.ropo_shift_weeks THEN 1 ELSE 0 END AS bigint) AS ahead_draws,
  d.observed_days_after >= s.ropo_window_days + 2 AS is_mirrored
FROM described d
CROSS JOIN settings s
