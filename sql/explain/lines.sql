-- One row per line of a document, in every version of it; what ROPO is measured on has a `line_no`.
-- key: line_id
WITH wanted AS (
  SELECT CAST(? AS varchar) AS document_id
)
SELECT
  l.line_id,
  nullif(regexp_extract(l.line_id, '#([^#~]*)~[^~]*$', 1), '') AS stated_no,
  l.treatment,
  l.line_kind,
  l.sku,
  coalesce(r.product_id, l.product_id) AS product_id,
  p.product_name,
  coalesce(r.category, l.category) AS category,
  l.quantity,
  l.amount_minor,
  l.tax_minor,
  l.currency,
  r.line_no,
  r.purchase_class,
  r.sold_minor,
  r.returned_minor,
  r.unidentified_reason,
  date_format(r.entered_at, '%Y-%m-%dT%H:%i:%sZ') AS entered_at,
  date_format(r.first_seen_online, '%Y-%m-%dT%H:%i:%sZ') AS first_seen_online,
  r.first_seen_online < r.converted_at AS is_seen_online,
  r.observed_days,
  r.observed_days_after,
  r.is_covered,
  r.back_draws,
  r.ahead_draws,
  r.is_mirrored,
  r.basket_draws,
  r.stratum_draws,
  r.is_credited
FROM sale_lines l
JOIN wanted w ON w.document_id = l.document_id
LEFT JOIN products p ON p.sku = l.sku
LEFT JOIN ropo_lines r ON r.line_id = l.line_id
ORDER BY
  CASE WHEN l.treatment IN ('superseded_version', 'reported_by_event_too') THEN 1 ELSE 0 END,
  length(nullif(regexp_extract(l.line_id, '#([^#~]*)~[^~]*$', 1), '')),
  l.line_id
