-- One row per figure, channel (or all of them) and currency: its two sums over the whole months inside the period, and how
-- many known people stand behind them. Where people of a month are counted, the lower sum is the number of months.
-- key: figure, label, currency
WITH wanted AS (
  SELECT CAST(? AS date) AS from_day, CAST(? AS date) AS to_day, CAST(? AS varchar) AS model, CAST(? AS varchar) AS grouped_by
)
SELECT
  f.figure,
  f.channel AS label,
  nullif(f.currency, '') AS currency,
  CAST(sum(f.numerator) AS bigint) AS numerator,
  CASE WHEN f.figure IN ('reach_online', 'active_members') THEN count(DISTINCT f.month) ELSE CAST(sum(f.denominator) AS bigint) END AS denominator,
  CAST(sum(CASE WHEN f.month_before IS NULL OR f.month_before < w.from_day THEN f.known_people ELSE 0 END) AS bigint) AS people
FROM stage_figures f
CROSS JOIN wanted w
WHERE (w.from_day IS NULL OR f.month >= w.from_day)
  AND (w.to_day IS NULL OR CAST(date_trunc('month', date_add('day', 31, f.month)) AS date) <= date_add('day', 1, w.to_day))
  AND CASE WHEN f.channel = '(all channels)' THEN 'all' ELSE 'channel' END = w.grouped_by
GROUP BY 1, 2, 3
ORDER BY 1, 2, 3
