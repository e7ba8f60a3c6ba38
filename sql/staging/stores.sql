-- One row per store: its latest revision.
-- key: store_id
WITH versions AS (
  SELECT
    *,
    row_number() OVER (PARTITION BY store_id ORDER BY revision DESC, fingerprint) AS version_rank
  FROM raw_stores
)
SELECT
  store_id,
  coalesce(name, store_id) AS store_name,
  coalesce(region, '(not set)') AS region,
  time_zone,
  currency,
  country
FROM versions
WHERE version_rank = 1
