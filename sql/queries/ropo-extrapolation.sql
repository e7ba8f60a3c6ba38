-- One row per group and currency: store revenue, the part whose buyer is known, the part that could be tested, and what
-- the corrected shares of their strata make of each, with the sums over persons behind the interval. Strata are store,
-- category, basket band, daypart and tender. A stratum with fewer than `ropo_min_persons` testable persons, or where
-- chance explains more than nine tenths, takes the share of store and category, then of the category, then of the group.
-- Inside a stratum lines weigh alike; what chance finds belongs to the category of the item drawn. A line
-- weighs as often as it swaps items.
-- key: label, currency
WITH wanted AS (
  SELECT w.*, s.ropo_window_days AS window_days, s.ropo_min_persons AS min_persons, s.loyalty_fraction, s.transaction_upload_fraction
  FROM (
    SELECT CAST(? AS date) AS from_day, CAST(? AS date) AS to_day, CAST(? AS varchar) AS model, CAST(? AS varchar) AS grouped_by,
      CAST(? AS varchar) AS level
  ) w
  CROSS JOIN settings s
),
lines AS (
  SELECT
    CASE w.grouped_by
      WHEN 'store' THEN l.store_name
      WHEN 'region' THEN l.region
      WHEN 'month' THEN date_format(CAST(l.day AS timestamp(6)), '%Y-%m')
      WHEN 'quarter' THEN date_format(CAST(l.day AS timestamp(6)), '%Y') || '-Q' || CAST(quarter(l.day) AS varchar)
      WHEN 'year' THEN date_format(CAST(l.day AS timestamp(6)), '%Y')
      ELSE 'all'
    END || '|' || l.currency AS group_key,
    coalesce(l.store_id, '') AS store,
    l.category,
    coalesce(l.basket_band, '') || '|' || coalesce(l.daypart, '') || '|' || coalesce(l.tender, '') AS moment,
    l.person_no,
    l.revenue_minor,
    CASE WHEN l.is_repeat THEN l.tested_minor ELSE 0 END AS tested_minor
  FROM ropo_buyers l
  CROSS JOIN wanted w
  WHERE (w.from_day IS NULL OR l.day >= w.from_day)
    AND (w.to_day IS NULL OR l.day <= w.to_day)
    AND l.purchase_class = 'store'
),
counted AS (
  SELECT
    CASE w.grouped_by
      WHEN 'store' THEN l.store_name
      WHEN 'region' THEN l.region
      WHEN 'month' THEN date_format(CAST(l.day AS timestamp(6)), '%Y-%m')
      WHEN 'quarter' THEN date_format(CAST(l.day AS timestamp(6)), '%Y') || '-Q' || CAST(quarter(l.day) AS varchar)
      WHEN 'year' THEN date_format(CAST(l.day AS timestamp(6)), '%Y')
      ELSE 'all'
    END || '|' || l.currency AS group_key,
    coalesce(l.store_id, '') AS store,
    l.category,
    coalesce(l.basket_band, '') || '|' || coalesce(l.daypart, '') || '|' || coalesce(l.tender, '') AS moment,
    l.person_no,
    l.tested_size AS n,
    l.researched_size AS r,
    l.chance_size AS c
  FROM ropo_tests l
  CROSS JOIN wanted w
  WHERE l.weight = 'lines' AND l.is_repeat AND l.level IN ('(lines)', w.level)
    AND (w.from_day IS NULL OR l.day >= w.from_day)
    AND (w.to_day IS NULL OR l.day <= w.to_day)
    AND l.purchase_class = 'store'
),
buyers AS (
  SELECT group_key, count(DISTINCT person_no) AS people FROM lines GROUP BY 1
),
revenues AS (
  SELECT group_key, store, category, moment,
    sum(revenue_minor) AS all_minor,
    sum(CASE WHEN person_no IS NOT NULL THEN revenue_minor ELSE 0 END) AS identified_minor,
    sum(tested_minor) AS tested_minor
  FROM lines
  GROUP BY 1, 2, 3, 4
),
finest AS (
  SELECT group_key, store, category, moment, person_no, sum(n) AS n, sum(r) - sum(c) AS x, sum(n) - sum(c) AS y FROM counted GROUP BY 1, 2, 3, 4, 5
),
levels AS (
  SELECT
    d.depth,
    f.group_key,
    CASE WHEN d.depth <= 2 THEN f.store ELSE '' END AS store,
    CASE WHEN d.depth <= 3 THEN f.category ELSE '' END AS category,
    CASE WHEN d.depth = 1 THEN f.moment ELSE '' END AS moment,
    f.person_no,
    sum(f.n) AS n,
    sum(f.x) AS x,
    sum(f.y) AS y
  FROM finest f
  CROSS JOIN UNNEST(sequence(1, 4)) AS d(depth)
  GROUP BY 1, 2, 3, 4, 5, 6
),
cells AS (
  SELECT depth, group_key, store, category, moment, sum(CASE WHEN n > 0 THEN 1 ELSE 0 END) AS persons, sum(n) AS n, sum(x) AS x, sum(y) AS y
  FROM levels
  GROUP BY 1, 2, 3, 4, 5
),
usable AS (
  SELECT c.* FROM cells c CROSS JOIN wanted w WHERE c.persons >= w.min_persons AND c.y * 10 >= c.n AND c.n > 0
),
placed AS (
  SELECT r.group_key, r.store, r.category, r.moment, r.all_minor, r.identified_minor, r.tested_minor, min(u.depth) AS depth
  FROM revenues r
  CROSS JOIN UNNEST(sequence(1, 4)) AS d(depth)
  LEFT JOIN usable u
    ON u.depth = d.depth
    AND u.group_key = r.group_key
    AND u.store = CASE WHEN d.depth <= 2 THEN r.store ELSE '' END
    AND u.category = CASE WHEN d.depth <= 3 THEN r.category ELSE '' END
    AND u.moment = CASE WHEN d.depth = 1 THEN r.moment ELSE '' END
  GROUP BY 1, 2, 3, 4, 5, 6, 7
),
amounts AS (
  SELECT
    depth,
    group_key,
    CASE WHEN depth <= 2 THEN store ELSE '' END AS store,
    CASE WHEN depth <= 3 THEN category ELSE '' END AS category,
    CASE WHEN depth = 1 THEN moment ELSE '' END AS moment,
    count(*) AS strata,
    CAST(sum(all_minor) AS double) AS all_minor,
    CAST(sum(identified_minor) AS double) AS identified_minor,
    CAST(sum(tested_minor) AS double) AS tested_minor
  FROM placed
  GROUP BY 1, 2, 3, 4, 5
),
weighed AS (
  SELECT
    a.*,
    u.x / u.y AS theta,
    a.identified_minor / u.y AS identified_slope,
    (a.all_minor - a.identified_minor) / u.y AS unidentified_slope
  FROM amounts a
  LEFT JOIN usable u ON u.depth = a.depth AND u.group_key = a.group_key AND u.store = a.store AND u.category = a.category AND u.moment = a.moment
),
influences AS (
  SELECT f.group_key, f.person_no, w.identified_slope * (f.x - w.theta * f.y) AS identified, w.unidentified_slope * (f.x - w.theta * f.y) AS unidentified
  FROM levels f
  JOIN weighed w ON w.depth = f.depth AND w.group_key = f.group_key AND w.store = f.store AND w.category = f.category AND w.moment = f.moment
),
per_person AS (
  SELECT group_key, person_no, sum(identified) AS identified, sum(unidentified) AS unidentified FROM influences GROUP BY 1, 2
),
spread AS (
  SELECT group_key, sum(identified * identified) AS ii, sum(identified * unidentified) AS iu, sum(unidentified * unidentified) AS uu FROM per_person GROUP BY 1
),
totals AS (
  SELECT
    group_key,
    sum(strata) AS strata,
    sum(CASE WHEN depth = 1 THEN strata ELSE 0 END) AS own_strata,
    sum(all_minor) AS all_minor,
    sum(identified_minor) AS identified_minor,
    sum(tested_minor) AS tested_minor,
    sum(theta * identified_minor) AS identified_ropo,
    sum(theta * (all_minor - identified_minor)) AS unidentified_ropo,
    sum(theta * tested_minor) AS tested_ropo
  FROM weighed
  GROUP BY 1
),
people AS (
  SELECT group_key, sum(CASE WHEN n > 0 THEN 1 ELSE 0 END) AS persons, count(*) AS clusters, sum(y) AS y, sum(y * y) AS yy FROM levels WHERE depth = 4 GROUP BY 1
)
SELECT
  substr(t.group_key, 1, length(t.group_key) - 4) AS label,
  substr(t.group_key, length(t.group_key) - 2) AS currency,
  w.level,
  w.window_days,
  w.min_persons,
  'repeat' AS buyers,
  'lines inside strata, revenue across' AS weight,
  w.loyalty_fraction,
  w.transaction_upload_fraction,
  CAST(coalesce(p.persons, 0) AS bigint) AS persons,
  CAST(coalesce(b.people, 0) AS bigint) AS people,
  CAST(coalesce(p.clusters, 0) AS bigint) AS clusters,
  coalesce(p.y, 0e0) AS y,
  coalesce(p.yy, 0e0) AS yy,
  CAST(t.strata AS bigint) AS strata,
  CAST(t.own_strata AS bigint) AS own_strata,
  t.all_minor,
  t.identified_minor,
  t.tested_minor,
  t.identified_ropo,
  t.unidentified_ropo,
  t.tested_ropo,
  s.ii,
  s.iu,
  s.uu
FROM totals t
CROSS JOIN wanted w
LEFT JOIN people p ON p.group_key = t.group_key
LEFT JOIN buyers b ON b.group_key = t.group_key
LEFT JOIN spread s ON s.group_key = t.group_key
ORDER BY t.all_minor DESC, 1, 2
