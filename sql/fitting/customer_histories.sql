-- One row per person and currency they bought in: the person's history of days with a purchase, to the end of what was
-- observed and to the day from which on the estimate is tested; and what they brought in the currency.
-- Times are whole days. `early_` is until the test begins, -1 where the person's first purchase was not before it.
-- key: person_id, currency
WITH observed AS (
  SELECT
    min(v.conversion_date) AS first_day,
    max(date_diff('day', b.first_day, v.conversion_date)) AS last_day_no,
    CAST(floor(max(date_diff('day', b.first_day, v.conversion_date)) * (1e0 - max(s.value_holdout_share))) AS bigint) AS cut_day_no
  FROM conversions v
  CROSS JOIN (SELECT min(conversion_date) AS first_day FROM conversions) b
  CROSS JOIN settings s
),
days AS (
  SELECT DISTINCT c.person_id, date_diff('day', o.first_day, c.conversion_date) AS day_no
  FROM conversions c
  CROSS JOIN observed o
  WHERE c.person_id IS NOT NULL
),
histories AS (
  SELECT
    d.person_id,
    count(*) AS purchase_days,
    min(d.day_no) AS first_day_no,
    max(d.day_no) AS latest_day_no,
    CAST(sum(CASE WHEN d.day_no <= o.cut_day_no THEN 1 ELSE 0 END) AS bigint) AS early_days,
    max(CASE WHEN d.day_no <= o.cut_day_no THEN d.day_no END) AS early_latest_day_no
  FROM days d
  CROSS JOIN observed o
  GROUP BY 1
)
SELECT
  h.person_id,
  p.currency,
  CAST(row_number() OVER (PARTITION BY h.person_id ORDER BY p.currency) AS integer) AS currency_place,
  CAST(h.purchase_days - 1 AS integer) AS repeat_days,
  CAST(h.latest_day_no - h.first_day_no AS integer) AS recency_days,
  CAST(o.last_day_no - h.first_day_no AS integer) AS observed_days,
  CAST(CASE WHEN h.early_days > 0 THEN h.early_days - 1 ELSE -1 END AS integer) AS early_repeat_days,
  CAST(CASE WHEN h.early_days > 0 THEN h.early_latest_day_no - h.first_day_no ELSE -1 END AS integer) AS early_recency_days,
  CAST(CASE WHEN h.early_days > 0 THEN o.cut_day_no - h.first_day_no ELSE -1 END AS integer) AS early_observed_days,
  CAST(h.purchase_days - h.early_days AS integer) AS late_days,
  CAST(o.last_day_no - o.cut_day_no AS integer) AS holdout_days,
  CAST(o.last_day_no AS integer) AS history_days,
  CAST(p.purchase_days AS integer) AS currency_days,
  CAST(p.revenue_minor AS double) AS revenue_minor,
  CAST(p.costed_minor AS double) AS costed_minor,
  CAST(p.goods_cost_minor AS double) AS goods_cost_minor
FROM histories h
JOIN person_purchases p ON p.person_id = h.person_id
CROSS JOIN observed o
ORDER BY h.person_id, p.currency
