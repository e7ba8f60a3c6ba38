-- One row per document of sale and version of it, ranked: back office before event, then the highest revision.
-- A document whose lines came one by one (partial) is one version.
-- key: document_id, version
WITH versions AS (
  SELECT
    document_id,
    CASE WHEN is_partial THEN '' ELSE fingerprint END AS version,
    max(CASE WHEN source = 'web_event' THEN 1 ELSE 0 END) AS is_event,
    max(revision) AS revision,
    min(currency) AS currency
  FROM raw_sales
  GROUP BY 1, 2
)
SELECT
  document_id,
  version,
  currency,
  row_number() OVER (PARTITION BY document_id ORDER BY is_event, revision DESC, version DESC) AS version_rank
FROM versions
