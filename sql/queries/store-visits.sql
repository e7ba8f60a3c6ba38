-- One row per group: visits of the period, research before and inside them, purchases, and what chance alone finds.
-- x is what research exceeds chance by, y the room that chance leaves, both per person and then summed with their squares.
-- key: label
WITH wanted AS (
  SELECT CAST(? AS date) AS from_day, CAST(? AS date) AS to_day, CAST(? AS varchar) AS model, CAST(? AS varchar) AS grouped_by
),
visits AS (
  SELECT
    CASE w.grouped_by
      WHEN 'store' THEN coalesce(s.store_name, v.store_id)
      WHEN 'region' THEN coalesce(s.region, '(not set)')
      WHEN 'day' THEN date_format(CAST(v.visit_date AS timestamp(6)), '%Y-%m-%d')
      WHEN 'week' THEN date_format(CAST(date_trunc('week', v.visit_date) AS timestamp(6)), '%Y-%m-%d')
      WHEN 'month' THEN date_format(CAST(v.visit_date AS timestamp(6)), '%Y-%m')
      ELSE 'all'
    END AS label,
    v.*,
    v.person_id IS NOT NULL AS is_known,
    v.is_covered AND v.researched_at IS NOT NULL AS is_researched,
    v.is_covered AND v.shift_draws > 0 AS is_compared
  FROM visit_outcomes v
  CROSS JOIN wanted w
  LEFT JOIN stores s ON s.store_id = v.store_id
  WHERE (w.from_day IS NULL OR v.visit_date >= w.from_day)
    AND (w.to_day IS NULL OR v.visit_date <= w.to_day)
),
persons AS (
  SELECT
    label,
    person_id,
    count(*) AS visits,
    sum(CASE WHEN is_known THEN 1 ELSE 0 END) AS known_visits,
    sum(CASE WHEN is_covered THEN 1 ELSE 0 END) AS covered_visits,
    sum(CASE WHEN is_researched THEN 1 ELSE 0 END) AS researched_visits,
    sum(CASE WHEN is_researched THEN lag_seconds ELSE 0 END) AS lag_seconds,
    sum(CASE WHEN in_aisle_views > 0 THEN 1 ELSE 0 END) AS in_aisle_visits,
    sum(CASE WHEN purchases > 0 THEN 1 ELSE 0 END) AS purchase_visits,
    sum(CASE WHEN purchases = 0 AND pick_ups > 0 THEN 1 ELSE 0 END) AS pick_up_visits,
    sum(CASE WHEN is_known AND purchases = 0 AND pick_ups = 0 THEN 1 ELSE 0 END) AS empty_visits,
    sum(CASE WHEN is_researched AND purchases > 0 THEN 1 ELSE 0 END) AS researched_purchase_visits,
    sum(CASE WHEN is_compared THEN 1e0 ELSE 0e0 END) AS compared,
    sum(CASE WHEN is_compared AND is_researched THEN 1e0 ELSE 0e0 END) AS found,
    sum(CASE WHEN is_compared THEN CAST(shift_found AS double) / shift_draws ELSE 0e0 END) AS chance
  FROM visits
  GROUP BY 1, 2
)
SELECT
  label,
  CAST(sum(visits) AS bigint) AS visits,
  CAST(sum(known_visits) AS bigint) AS known_visits,
  count(person_id) AS people,
  CAST(sum(covered_visits) AS bigint) AS covered_visits,
  CAST(sum(researched_visits) AS bigint) AS researched_visits,
  CAST(sum(lag_seconds) AS double) / 86400e0 AS lag_days,
  CAST(sum(in_aisle_visits) AS bigint) AS in_aisle_visits,
  CAST(sum(purchase_visits) AS bigint) AS purchase_visits,
  CAST(sum(pick_up_visits) AS bigint) AS pick_up_visits,
  CAST(sum(empty_visits) AS bigint) AS empty_visits,
  CAST(sum(researched_purchase_visits) AS bigint) AS researched_purchase_visits,
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
GROUP BY 1
ORDER BY 2 DESC, 1
