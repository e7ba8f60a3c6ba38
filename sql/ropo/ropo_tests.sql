-- One row per weight, kind of buyer, level, person, day and group of store lines that can be tested: what they weigh
-- (level '(lines)'), and at each level how much of that was researched and how much a placebo finds, under the category,
-- channel and campaign of what was found. Sizes are threefold, so that one to four draws divide into halves at most and
-- sums do not depend on their order.
-- key: weight, level, person_no, day, currency, purchase_class, store_id, category, newness, identified_by, evidence_strength, daypart, basket_band, tender, is_repeat, channel, campaign
WITH numbers AS (
  SELECT person_id, CAST(row_number() OVER (ORDER BY person_id) - 1 AS integer) AS person_no
  FROM (SELECT DISTINCT person_id FROM ropo_lines WHERE person_id IS NOT NULL) t
),
lines AS (
  SELECT
    l.line_no,
    n.person_no,
    l.conversion_date AS day,
    l.currency,
    l.purchase_class,
    l.store_id,
    coalesce(s.store_name, l.store_id) AS store_name,
    coalesce(s.region, '(not set)') AS region,
    coalesce(l.category, '(unmapped)') AS category,
    coalesce(l.persona, '(unidentified)') AS persona,
    CASE WHEN l.person_id IS NULL THEN '(unidentified)' WHEN l.is_new_customer THEN 'new' ELSE 'returning' END AS newness,
    l.identified_by,
    l.evidence_strength,
    l.daypart,
    l.basket_band,
    l.tender,
    l.basket_draws > 0 AS is_repeat,
    l.revenue_minor,
    CAST(l.basket_draws + l.stratum_draws AS double) AS draws,
    l.back_draws,
    l.ahead_draws,
    l.is_mirrored
  FROM ropo_lines l
  JOIN numbers n ON n.person_id = l.person_id
  LEFT JOIN stores s ON s.store_id = l.store_id
  WHERE l.is_covered AND l.basket_draws + l.stratum_draws > 0
),
found AS (
  SELECT
    m.line_no, m.level, m.comparison, m.revenue_minor AS drawn_minor,
    coalesce(m.category, '(unmapped)') AS category, coalesce(m.channel, '(unknown)') AS channel, coalesce(m.campaign, '(unknown)') AS campaign
  FROM ropo_matches m
  JOIN lines l ON l.line_no = m.line_no
  CROSS JOIN settings s
  WHERE m.lag_seconds <= s.ropo_window_days * 86400
    AND (m.comparison IN ('research', 'own_basket', 'stratum')
      OR (m.comparison = 'mirror' AND l.is_mirrored)
      OR (m.comparison = 'week_shift' AND ((m.draw = 1 AND l.back_draws = 1) OR (m.draw = 2 AND l.ahead_draws = 1))))
),
found_by_line AS (
  SELECT
    line_no, level, category, channel, campaign,
    count(*) AS findings,
    sum(CASE WHEN comparison = 'research' THEN 1 ELSE 0 END) AS researched,
    sum(CASE WHEN comparison IN ('own_basket', 'stratum') THEN 1 ELSE 0 END) AS drawn,
    sum(CASE WHEN comparison IN ('own_basket', 'stratum') THEN drawn_minor ELSE 0 END) AS drawn_minor,
    sum(CASE WHEN comparison = 'week_shift' THEN 1 ELSE 0 END) AS shifted,
    sum(CASE WHEN comparison = 'mirror' THEN 1 ELSE 0 END) AS mirrored
  FROM found
  GROUP BY 1, 2, 3, 4, 5
),
weights AS (
  SELECT * FROM (VALUES ('lines'), ('revenue')) AS t(weight)
),
counted AS (
  SELECT
    w.weight, '(lines)' AS level, l.*, CAST(NULL AS varchar) AS channel, CAST(NULL AS varchar) AS campaign,
    3e0 * l.draws * CASE w.weight WHEN 'lines' THEN 1e0 ELSE CAST(l.revenue_minor AS double) END AS size,
    1 AS lines, 0 AS findings, 0 AS researched, 0e0 AS chance, 0e0 AS chance_of_own, 0 AS shifted, 0 AS mirrored
  FROM lines l
  CROSS JOIN weights w
  UNION ALL
  SELECT
    w.weight, f.level, l.line_no, l.person_no, l.day, l.currency, l.purchase_class, l.store_id, l.store_name, l.region, f.category, l.persona, l.newness,
    l.identified_by, l.evidence_strength, l.daypart, l.basket_band, l.tender, l.is_repeat, 0, l.draws, l.back_draws, l.ahead_draws, l.is_mirrored, f.channel, f.campaign,
    3e0 * l.draws * CASE w.weight WHEN 'lines' THEN 1e0 ELSE CAST(l.revenue_minor AS double) END,
    0, f.findings, f.researched,
    3e0 * CAST(CASE w.weight WHEN 'lines' THEN f.drawn ELSE f.drawn_minor END AS double),
    3e0 * CAST(f.drawn AS double) * CASE w.weight WHEN 'lines' THEN 1e0 ELSE CAST(l.revenue_minor AS double) END,
    f.shifted, f.mirrored
  FROM found_by_line f
  JOIN lines l ON l.line_no = f.line_no
  CROSS JOIN weights w
)
SELECT
  weight,
  level,
  person_no,
  day,
  currency,
  purchase_class,
  store_id,
  store_name,
  region,
  category,
  persona,
  newness,
  identified_by,
  evidence_strength,
  daypart,
  basket_band,
  tender,
  is_repeat,
  channel,
  campaign,
  CAST(sum(lines) AS integer) AS tested_lines,
  sum(CASE WHEN lines = 1 THEN size ELSE 0e0 END) AS tested_size,
  sum(CASE WHEN lines = 1 AND back_draws + ahead_draws > 0 THEN size ELSE 0e0 END) AS shift_size,
  sum(CASE WHEN lines = 1 AND is_mirrored THEN size ELSE 0e0 END) AS mirror_size,
  CAST(sum(findings) AS integer) AS findings,
  sum(CASE WHEN researched > 0 THEN size ELSE 0e0 END) AS researched_size,
  sum(chance) AS chance_size,
  sum(chance_of_own) AS chance_of_own_size,
  sum(CASE WHEN researched > 0 AND back_draws + ahead_draws > 0 THEN size ELSE 0e0 END) AS shift_researched,
  sum(CASE WHEN shifted > 0 THEN CAST(shifted AS double) * size / CAST(back_draws + ahead_draws AS double) ELSE 0e0 END) AS shift_chance,
  sum(CASE WHEN researched > 0 AND is_mirrored THEN size ELSE 0e0 END) AS mirror_researched,
  sum(CASE WHEN mirrored > 0 THEN CAST(mirrored AS double) * size ELSE 0e0 END) AS mirror_chance
FROM counted
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20
ORDER BY weight, is_repeat, level, day, person_no
