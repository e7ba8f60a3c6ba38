-- One row per journey that ended: a purchase with a path, or a journey without a purchase that is over. `ended_on` is the
-- day of the purchase, or of the last touchpoint. A journey without a purchase has no currency and stands under the first
-- of its path's. The five hundred paths with the most purchases have names of their own, the others share one.
-- key: journey_id
WITH ends AS (
  SELECT
    p.conversion_id AS journey_id,
    p.person_id,
    c.conversion_date AS ended_on,
    p.currency,
    1 AS purchases,
    p.revenue_minor AS sold_minor,
    p.path_length,
    date_diff('day', p.started_at, p.converted_at) AS days_to_purchase,
    p.channel_path,
    p.numbered_path
  FROM paths_to_conversion p
  JOIN conversions c ON c.conversion_id = p.conversion_id
  UNION ALL
  SELECT
    n.journey_id,
    n.person_id,
    CAST(at_timezone(with_timezone(n.ended_at, 'UTC'), s.reporting_zone) AS date),
    CAST(NULL AS varchar),
    0,
    0,
    n.path_length,
    CAST(NULL AS bigint),
    n.channel_path,
    n.numbered_path
  FROM paths_to_non_conversion n
  CROSS JOIN settings s
  WHERE NOT n.is_open
),
paths AS (
  SELECT
    channel_path,
    coalesce(min(currency), '') AS first_currency,
    row_number() OVER (ORDER BY sum(purchases) DESC, count(*) DESC, channel_path) AS path_rank
  FROM ends
  GROUP BY channel_path
)
SELECT
  e.journey_id,
  e.person_id,
  e.ended_on,
  coalesce(e.currency, p.first_currency) AS currency,
  CAST(e.purchases AS bigint) AS purchases,
  e.sold_minor,
  e.path_length,
  e.days_to_purchase,
  CASE WHEN p.path_rank <= 500 THEN e.channel_path ELSE '(other paths)' END AS told_path,
  e.numbered_path
FROM ends e
JOIN paths p ON p.channel_path = e.channel_path
