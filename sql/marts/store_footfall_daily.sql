-- One row per store and day with door counts or receipts. Intervals that a door lacks are not guessed: a day is
-- compared (`is_compared`) where every door that the store has in use that day has counts; a door is in use from its
-- first to its last day with counts. Never joined to a person.
-- key: store_id, day
WITH counted AS (
  SELECT
    f.store_id,
    coalesce(f.door, '') AS door,
    CAST(at_timezone(with_timezone(f.interval_start, 'UTC'), coalesce(store.time_zone, s.reporting_zone)) AS date) AS day,
    CAST(sum(f.entries) AS bigint) AS entries,
    CAST(sum(CASE WHEN f.is_modelled THEN f.entries ELSE 0 END) AS bigint) AS modelled_entries
  FROM footfall_intervals f
  CROSS JOIN settings s
  LEFT JOIN stores store ON store.store_id = f.store_id
  GROUP BY 1, 2, 3
),
door_days AS (
  SELECT store_id, day, count(*) AS doors, CAST(sum(entries) AS bigint) AS entries, CAST(sum(modelled_entries) AS bigint) AS modelled_entries
  FROM counted
  GROUP BY 1, 2
),
paid AS (
  SELECT store_id, conversion_date AS day, count(*) AS receipts
  FROM conversions
  WHERE conversion_kind IN ('receipt', 'reserve_and_collect') AND store_id IS NOT NULL
  GROUP BY 1, 2
),
days AS (
  SELECT
    coalesce(d.store_id, p.store_id) AS store_id,
    coalesce(d.day, p.day) AS day,
    coalesce(d.doors, 0) AS doors,
    coalesce(d.entries, 0) AS entries,
    coalesce(d.modelled_entries, 0) AS modelled_entries,
    coalesce(p.receipts, 0) AS receipts
  FROM door_days d
  FULL OUTER JOIN paid p ON p.store_id = d.store_id AND p.day = d.day
),
changes AS (
  SELECT store_id, day, 0 AS step, 0 AS doors FROM days
  UNION ALL
  SELECT store_id, min(day), -1, 1 FROM counted GROUP BY store_id, door
  UNION ALL
  SELECT store_id, max(day), 1, -1 FROM counted GROUP BY store_id, door
),
in_use AS (
  SELECT
    store_id,
    day,
    step,
    CAST(sum(doors) OVER (PARTITION BY store_id ORDER BY day, step ROWS UNBOUNDED PRECEDING) AS bigint) AS doors_in_use
  FROM changes
)
SELECT
  d.store_id,
  d.day,
  d.doors,
  u.doors_in_use,
  d.doors > 0 AND d.doors = u.doors_in_use AS is_compared,
  d.entries,
  d.modelled_entries,
  d.receipts
FROM days d
JOIN in_use u ON u.store_id = d.store_id AND u.day = d.day AND u.step = 0
