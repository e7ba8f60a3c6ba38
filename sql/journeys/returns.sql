-- One row per return: what a refund or receipt gives back for one purchase, up to what that purchase came to.
-- `traced_by` says how the purchase is known: named by order or receipt number, or, where a return names neither, the
-- person's latest earlier purchase of the SKU that is not wholly given back yet and no older than `return_match_days`.
-- A whole refund is what is left of its order. `revenue_minor` is negative; `excess_minor` is what went beyond the
-- purchase, or has none, and `orphan_reason` why.
-- key: return_id
WITH gathered AS (
  SELECT
    return_id,
    min(document_id) AS document_id,
    min(returned_at) AS returned_at,
    min(store_id) AS store_id,
    min(currency) AS currency,
    min(conversion_id) AS named_id,
    min(traced_by) AS named_by,
    min(orphan_reason) AS orphan_reason,
    CAST(sum(returned_minor) AS bigint) AS returned_minor,
    max(CASE WHEN is_whole_refund THEN 1 ELSE 0 END) = 1 AS is_whole_refund
  FROM returned_goods
  GROUP BY 1
),
sized AS (
  SELECT
    g.return_id,
    g.document_id,
    c.conversion_id,
    g.currency,
    g.returned_at,
    g.store_id,
    g.is_whole_refund,
    CASE WHEN g.named_id IS NOT NULL THEN g.named_by WHEN c.conversion_id IS NOT NULL THEN 'person_and_sku' END AS traced_by,
    g.orphan_reason,
    c.revenue_minor AS sold_minor,
    CASE WHEN g.is_whole_refund THEN coalesce(c.revenue_minor, 0) ELSE g.returned_minor END AS returned_minor
  FROM gathered g
  LEFT JOIN sku_matches m ON m.return_id = g.return_id
  LEFT JOIN conversions c ON c.conversion_id = coalesce(g.named_id, m.conversion_id)
),
running AS (
  SELECT
    *,
    coalesce(CAST(sum(returned_minor) OVER (
      PARTITION BY conversion_id ORDER BY returned_at, return_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS bigint), 0) AS returned_before
  FROM sized
),
creditable AS (
  SELECT
    *,
    CASE
      WHEN conversion_id IS NULL OR returned_before >= sold_minor THEN 0
      ELSE least(returned_minor, sold_minor - returned_before)
    END AS creditable_minor
  FROM running
),
capped AS (
  SELECT
    c.*,
    CASE WHEN is_whole_refund THEN 0 ELSE returned_minor - creditable_minor END AS beyond_minor
  FROM creditable c
)
SELECT
  c.return_id,
  c.document_id,
  c.conversion_id,
  c.returned_at,
  CAST(at_timezone(with_timezone(c.returned_at, 'UTC'), coalesce(store.time_zone, settings.reporting_zone)) AS date) AS return_date,
  c.store_id,
  c.currency,
  -c.creditable_minor AS revenue_minor,
  -c.beyond_minor AS excess_minor,
  c.traced_by,
  CASE
    WHEN c.conversion_id IS NULL THEN c.orphan_reason
    WHEN c.beyond_minor <> 0 THEN 'beyond_purchase'
  END AS orphan_reason
FROM capped c
CROSS JOIN settings
LEFT JOIN stores store ON store.store_id = c.store_id
