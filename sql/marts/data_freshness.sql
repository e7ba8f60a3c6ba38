-- One row per source of data, and one for the shop: how much came, when the last was, the last day of which it has told
-- all, and whether it still delivers: fresh, late (silent longer than it usually is), stopped (for days longer), never.
-- Measured on the data's own clock, the last whole day of any source. The shop is complete through the earliest such day
-- of the sources that still deliver.
-- key: source
WITH came AS (
  SELECT source, CAST(sum(records) AS bigint) AS records, max(last_at) AS last_at
  FROM source_days
  GROUP BY 1
  UNION ALL
  SELECT 'shop', CAST(coalesce(sum(records), 0) AS bigint), max(CASE WHEN source <> 'spend' THEN last_at END)
  FROM source_days
)
SELECT
  r.source,
  coalesce(c.records, 0) AS records,
  c.last_at,
  CAST(r.complete_day AS date) AS complete_through,
  r.status,
  CAST(r.longest_gap_days AS bigint) AS longest_gap_days,
  CAST(r.silent_days AS bigint) AS silent_days
FROM source_rhythms r
LEFT JOIN came c ON c.source = r.source
