-- One row per group and currency: web orders of the period, those placed after a visit to a store, and what chance
-- alone finds. x is what visits exceed chance by, y the room that chance leaves, per person, summed with their squares.
-- key: label, currency
WITH wanted AS (
  SELECT CAST(? AS date) AS from_day, CAST(? AS date) AS to_day, CAST(? AS varchar) AS model, CAST(? AS varchar) AS grouped_by
),
orders AS (
  SELECT
    CASE w.grouped_by
      WHEN 'conversion_kind' THEN o.conversion_kind
      WHEN 'persona' THEN k.persona
      WHEN 'day' THEN date_format(CAST(o.conversion_date AS timestamp(6)), '%Y-%m-%d')
      WHEN 'week' THEN date_format(CAST(date_trunc('week', o.conversion_date) AS timestamp(6)), '%Y-%m-%d')
      WHEN 'month' THEN date_format(CAST(o.conversion_date AS timestamp(6)), '%Y-%m')
      ELSE 'all'
    END AS label,
    o.*,
    o.is_observable AND o.is_covered AS is_seen,
    o.is_observable AND o.is_covered AND o.visited_at IS NOT NULL AS is_showroomed,
    o.is_observable AND o.is_covered AND o.shift_draws > 0 AS is_compared
  FROM showrooming_orders o
  CROSS JOIN wanted w
  LEFT JOIN customers k ON k.person_id = o.person_id
  WHERE (w.from_day IS NULL OR o.conversion_date >= w.from_day)
    AND (w.to_day IS NULL OR o.conversion_date <= w.to_day)
),
persons AS (
  SELECT
    label,
    currency,
    person_id,
    count(*) AS orders,
    sum(CASE WHEN is_seen THEN 1 ELSE 0 END) AS seen_orders,
    sum(CASE WHEN is_showroomed THEN 1 ELSE 0 END) AS showroomed_orders,
    sum(CASE WHEN is_showroomed AND in_aisle_lines > 0 THEN 1 ELSE 0 END) AS in_aisle_orders,
    sum(CASE WHEN is_showroomed THEN lag_seconds ELSE 0 END) AS lag_seconds,
    sum(CASE WHEN is_compared THEN 1e0 ELSE 0e0 END) AS compared,
    sum(CASE WHEN is_compared AND is_showroomed THEN 1e0 ELSE 0e0 END) AS found,
    sum(CASE WHEN is_compared THEN CAST(shift_found AS double) / shift_draws ELSE 0e0 END) AS chance
  FROM orders
  GROUP BY 1, 2, 3
)
SELECT
  label,
  currency,
  CAST(sum(orders) AS bigint) AS orders,
  count(person_id) AS people,
  CAST(sum(seen_orders) AS bigint) AS seen_orders,
  CAST(sum(showroomed_orders) AS bigint) AS showroomed_orders,
  CAST(sum(in_aisle_orders) AS bigint) AS in_aisle_orders,
  CAST(sum(lag_seconds) AS double) / 86400e0 AS lag_days,
  CAST(sum(CASE WHEN compared > 0 THEN 1 ELSE 0 END) AS bigint) AS persons,
  sum(compared) AS compared,
  sum(found) AS found,
  sum(chance) AS chance,
  sum(found - chance) AS x,
  sum(compared - chance) AS y,
  sum((found - chance) * (found - chance)) AS xx,
  sum((found - chance) * (compared - chance)) AS xy,
  sum((compared - chance) * (compared - chance)) AS yy,
  max(settings.ropo_min_persons) AS min_persons
FROM persons
CROSS JOIN settings
GROUP BY 1, 2
ORDER BY 3 DESC, 1, 2
