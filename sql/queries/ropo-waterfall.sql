-- One row per group, currency and step from all store purchases to the SKU researched, and after each step one per reason
-- why lines do not reach the next: step = its remainders + next step, in receipts, lines and money. `credited` is a part
-- of those researched at any level. A receipt is as far as the farthest of its lines. Steps of research have beside them,
-- for the lines that can be tested, how many are researched (r of n) and how many a placebo finds (c), each line weighing as often as it swaps items.
-- key: label, currency, position, remainder
WITH wanted AS (
  SELECT w.*, s.ropo_window_days AS window_days, s.ropo_min_persons AS min_persons,
    CASE WHEN s.ropo_window_days <= 7 * s.ropo_shift_weeks THEN 7 * s.ropo_shift_weeks END AS shift_days
  FROM (
    SELECT CAST(? AS date) AS from_day, CAST(? AS date) AS to_day, CAST(? AS varchar) AS model, CAST(? AS varchar) AS grouped_by,
      CAST(? AS varchar) AS identified_by, CAST(? AS varchar) AS evidence_strength
  ) w
  CROSS JOIN settings s
),
lines AS (
  SELECT
    l.line_no,
    l.conversion_id,
    l.person_id,
    l.currency,
    l.category,
    l.unidentified_reason,
    l.first_seen_online,
    l.converted_at,
    l.observed_days,
    l.sold_minor,
    l.revenue_minor,
    l.is_credited,
    l.basket_draws,
    l.back_draws,
    l.ahead_draws,
    CASE w.grouped_by
      WHEN 'store' THEN coalesce(s.store_name, l.store_id)
      WHEN 'region' THEN coalesce(s.region, '(not set)')
      WHEN 'category' THEN coalesce(l.category, '(unmapped)')
      WHEN 'day' THEN date_format(CAST(l.conversion_date AS timestamp(6)), '%Y-%m-%d')
      WHEN 'week' THEN date_format(CAST(date_trunc('week', l.conversion_date) AS timestamp(6)), '%Y-%m-%d')
      WHEN 'month' THEN date_format(CAST(l.conversion_date AS timestamp(6)), '%Y-%m')
      WHEN 'quarter' THEN date_format(CAST(l.conversion_date AS timestamp(6)), '%Y') || '-Q' || CAST(quarter(l.conversion_date) AS varchar)
      WHEN 'year' THEN date_format(CAST(l.conversion_date AS timestamp(6)), '%Y')
      ELSE 'all'
    END AS label,
    l.person_id IS NOT NULL
      AND (w.identified_by IS NULL OR l.identified_by = w.identified_by)
      AND (w.evidence_strength IS NULL OR l.evidence_strength = w.evidence_strength) AS is_identified,
    l.is_covered AS is_observed
  FROM ropo_lines l
  CROSS JOIN wanted w
  LEFT JOIN stores s ON s.store_id = l.store_id
  WHERE (w.from_day IS NULL OR l.conversion_date >= w.from_day)
    AND (w.to_day IS NULL OR l.conversion_date <= w.to_day)
    AND l.purchase_class = 'store'
),
found AS (
  SELECT m.line_no, m.comparison, m.draw, m.category,
    CASE m.level WHEN 'any' THEN 1 WHEN 'category' THEN 2 WHEN 'product' THEN 3 ELSE 4 END AS rung
  FROM ropo_matches m
  CROSS JOIN wanted w
  WHERE m.lag_seconds <= w.window_days * 86400
    AND (m.comparison IN ('research', 'in_aisle', 'own_basket') OR (m.comparison = 'week_shift' AND m.level = 'any'))
),
research AS (
  SELECT line_no, max(CASE WHEN comparison = 'research' THEN rung END) AS rung, max(CASE WHEN comparison = 'in_aisle' THEN 1 END) AS in_aisle
  FROM found
  WHERE comparison IN ('research', 'in_aisle')
  GROUP BY 1
),
reached AS (
  SELECT
    l.*,
    r.in_aisle,
    CASE
      WHEN NOT l.is_identified THEN 1
      WHEN l.first_seen_online IS NULL OR l.first_seen_online >= l.converted_at THEN 2
      WHEN NOT l.is_observed OR r.rung IS NULL THEN 3
      ELSE 3 + r.rung
    END AS depth
  FROM lines l
  LEFT JOIN research r ON r.line_no = l.line_no
),
reasons AS (
  SELECT
    *,
    CASE
      WHEN depth = 1 THEN CASE coalesce(unidentified_reason, '') WHEN 'consent_denied' THEN 'no consent' WHEN '' THEN 'identified by another key' ELSE 'no identifier' END
      WHEN depth = 2 AND first_seen_online IS NULL THEN 'never seen online'
      WHEN depth = 2 THEN 'seen online only afterwards'
      WHEN depth = 3 AND NOT is_observed THEN 'clickstream does not cover the window'
      WHEN depth = 3 AND in_aisle = 1 THEN 'viewed only in the store'
      WHEN depth = 3 THEN 'no product viewed in the window'
      WHEN depth = 4 AND category IS NULL THEN 'category not known'
      WHEN depth = 4 THEN 'only other categories viewed'
      WHEN depth = 5 THEN 'only other products viewed'
      WHEN depth = 6 THEN 'only other SKUs viewed'
    END AS reason
  FROM reached
),
cells AS (
  SELECT label, currency, depth, reason, is_credited,
    sum(CASE WHEN place = 1 THEN 1 ELSE 0 END) AS receipts, count(*) AS lines, sum(sold_minor) AS sold_minor, sum(revenue_minor) AS net_minor
  FROM (
    SELECT *, row_number() OVER (PARTITION BY conversion_id, label ORDER BY depth DESC, reason, line_no) AS place FROM reasons
  ) t
  GROUP BY 1, 2, 3, 4, 5
),
steps AS (
  SELECT * FROM (VALUES
    (1, 1, 'all store purchases'), (2, 2, 'person identified'), (3, 3, 'person seen online before'), (4, 4, 'researched: any product'),
    (6, 5, 'researched: category'), (7, 6, 'researched: product'), (8, 7, 'researched: SKU')
  ) AS t(position, depth, step)
),
rows_of_steps AS (
  SELECT c.label, c.currency, s.position, s.step, CAST(NULL AS varchar) AS remainder, c.receipts, c.lines, c.sold_minor, c.net_minor
  FROM cells c
  JOIN steps s ON c.depth >= s.depth
  UNION ALL
  SELECT c.label, c.currency, s.position, s.step, c.reason, c.receipts, c.lines, c.sold_minor, c.net_minor
  FROM cells c
  JOIN steps s ON c.depth = s.depth AND c.reason IS NOT NULL
  UNION ALL
  SELECT label, currency, 5, 'of these credited', CASE WHEN NOT is_credited THEN 'researched, but no touchpoint on its path' END, receipts, lines, sold_minor, net_minor
  FROM cells
  WHERE depth >= 4
  UNION ALL
  SELECT c.label, c.currency, s.position, s.step, CAST(NULL AS varchar), 0, 0, 0, 0
  FROM (SELECT DISTINCT label, currency FROM cells) c
  CROSS JOIN (SELECT position, step FROM steps UNION ALL SELECT 5, 'of these credited') s
),
lines_of_steps AS (
  SELECT r.label, r.currency, s.position, s.step, CAST(NULL AS varchar) AS remainder, r.person_id
  FROM reasons r
  JOIN steps s ON r.depth >= s.depth
  UNION ALL
  SELECT r.label, r.currency, s.position, s.step, r.reason, r.person_id
  FROM reasons r
  JOIN steps s ON r.depth = s.depth AND r.reason IS NOT NULL
  UNION ALL
  SELECT label, currency, 5, 'of these credited', CASE WHEN NOT is_credited THEN 'researched, but no touchpoint on its path' END, person_id
  FROM reasons
  WHERE depth >= 4
),
people_of_steps AS (
  SELECT label, currency, position, coalesce(remainder, '') AS remainder, count(DISTINCT person_id) AS people
  FROM lines_of_steps
  GROUP BY 1, 2, 3, 4
),
tested AS (
  SELECT line_no, person_id, label, currency, CAST(basket_draws AS double) AS draws, back_draws, ahead_draws
  FROM lines
  WHERE is_identified AND is_observed AND basket_draws > 0
),
tests AS (
  SELECT label, currency, 1 AS rung, CASE WHEN back_draws + ahead_draws > 0 THEN 3e0 * draws ELSE 0e0 END AS n, 0e0 AS r, 0e0 AS c FROM tested
  UNION ALL
  SELECT t.label, t.currency, s.depth - 3, 3e0 * t.draws, 0e0, 0e0 FROM tested t CROSS JOIN steps s WHERE s.depth > 4
  UNION ALL
  SELECT
    CASE w.grouped_by WHEN 'category' THEN coalesce(f.category, '(unmapped)') ELSE t.label END,
    t.currency,
    f.rung,
    0e0,
    CASE WHEN f.comparison = 'research' AND (f.rung > 1 OR t.back_draws + t.ahead_draws > 0) THEN 3e0 * t.draws ELSE 0e0 END,
    CASE
      WHEN f.comparison = 'own_basket' THEN 3e0
      WHEN f.comparison = 'week_shift' AND ((f.draw = 1 AND t.back_draws = 1) OR (f.draw = 2 AND t.ahead_draws = 1))
        THEN 3e0 * t.draws / CAST(t.back_draws + t.ahead_draws AS double)
      ELSE 0e0
    END
  FROM found f
  JOIN tested t ON t.line_no = f.line_no
  CROSS JOIN wanted w
  WHERE f.comparison <> 'in_aisle'
),
shares AS (
  SELECT label, currency, rung, sum(n) AS n, sum(r) AS r, sum(c) AS c FROM tests GROUP BY 1, 2, 3
),
tested_persons AS (
  SELECT label, currency, count(DISTINCT person_id) AS persons FROM tested GROUP BY 1, 2
),
sums AS (
  SELECT label, currency, position, step, remainder, sum(receipts) AS receipts, sum(lines) AS lines, sum(sold_minor) AS sold_minor, sum(net_minor) AS net_minor
  FROM rows_of_steps
  GROUP BY 1, 2, 3, 4, 5
)
SELECT
  r.label,
  r.currency,
  r.position,
  r.step,
  r.remainder,
  w.window_days,
  w.min_persons,
  w.shift_days,
  CAST(r.receipts AS bigint) AS receipts,
  CAST(r.lines AS bigint) AS lines,
  CAST(r.sold_minor AS bigint) AS sold_minor,
  CAST(r.net_minor AS bigint) AS net_minor,
  CAST(max(CASE WHEN r.position = 1 AND r.remainder IS NULL THEN r.net_minor END) OVER (PARTITION BY r.label, r.currency) AS bigint) AS all_minor,
  r.remainder IS NULL AND r.position IN (4, 6, 7, 8) AS is_research,
  coalesce(k.people, 0) AS people,
  max(CASE WHEN r.position = 1 AND r.remainder IS NULL THEN coalesce(k.people, 0) END) OVER (PARTITION BY r.label, r.currency) AS group_people,
  coalesce(p.persons, 0) AS persons,
  s.n,
  s.r,
  s.c
FROM sums r
CROSS JOIN wanted w
LEFT JOIN steps d ON d.position = r.position AND r.remainder IS NULL
LEFT JOIN shares s ON s.label = r.label AND s.currency = r.currency AND s.rung = d.depth - 3
LEFT JOIN people_of_steps k ON k.label = r.label AND k.currency = r.currency AND k.position = r.position AND k.remainder = coalesce(r.remainder, '')
LEFT JOIN tested_persons p ON p.label = r.label AND p.currency = r.currency
ORDER BY all_minor DESC, r.label, r.currency, r.position, r.remainder NULLS FIRST, r.lines DESC
