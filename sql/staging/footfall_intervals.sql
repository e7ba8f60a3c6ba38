-- One row per store, door and interval: heads counted. Aggregate; never joined to a person.
-- key: footfall_key
WITH versions AS (
  SELECT
    *,
    row_number() OVER (PARTITION BY record_id ORDER BY revision DESC, fingerprint) AS version_rank
  FROM raw_footfall
)
SELECT
  record_id AS footfall_key,
  store_id,
  door,
  interval_start,
  interval_minutes,
  entries,
  exits,
  is_modelled
FROM versions
WHERE version_rank = 1
