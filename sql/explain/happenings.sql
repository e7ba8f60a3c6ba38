-- One row per thing that the person of a document did or met: touchpoints, product views, store visits, purchases.
-- `place` is where it stands to the document: on its path, in reach of it or why not. Of each kind and place the latest
-- `most` rows (all where that is null), of what is out of reach one, with the number of all.
-- key: happening_id
WITH wanted AS (
  SELECT CAST(? AS varchar) AS document_id, CAST(? AS bigint) AS most
),
entries AS (
  SELECT conversion_id, min(entered_at) AS entered_at FROM ropo_lines GROUP BY 1
),
purchase AS (
  SELECT
    p.document_id,
    p.person_id,
    p.store_id,
    p.occurred_at,
    e.entered_at,
    w.most,
    coalesce(k.lookback_days, 30) AS lookback_days,
    coalesce(k.reuses_touches, true) AS reuses_touches,
    greatest(coalesce(k.lookback_days, 30), 60) AS reach_days,
    c.conversion_id IS NOT NULL AS is_purchase,
    coalesce(s.time_zone, settings.reporting_zone) AS time_zone
  FROM wanted w
  JOIN sale_persons p ON p.document_id = w.document_id
  CROSS JOIN settings
  LEFT JOIN conversions c ON c.conversion_id = p.document_id
  LEFT JOIN seed_conversion_kinds k ON k.conversion_kind = c.conversion_kind
  LEFT JOIN entries e ON e.conversion_id = p.document_id
  LEFT JOIN stores s ON s.store_id = p.store_id
),
before AS (
  SELECT max(c.converted_at) AS purchased_before
  FROM conversions c
  JOIN purchase b ON b.person_id = c.person_id
  WHERE c.converted_at < b.occurred_at OR (c.converted_at = b.occurred_at AND c.conversion_id < b.document_id)
),
steps AS (
  SELECT s.touch_id, s.position
  FROM path_steps s
  JOIN wanted w ON w.document_id = s.conversion_id
),
happened AS (
  SELECT
    'touchpoint' AS kind,
    'touchpoint/' || t.touch_id AS happening_id,
    t.touched_at AS happened_at,
    CASE
      WHEN s.position IS NOT NULL THEN 'path'
      WHEN t.touched_at > b.occurred_at THEN 'after'
      WHEN date_diff('millisecond', t.touched_at, b.occurred_at) > b.lookback_days * 86400000 THEN 'older'
      WHEN NOT b.is_purchase THEN 'reach'
      WHEN NOT b.reuses_touches AND t.touched_at <= f.purchased_before THEN 'used_before'
      ELSE 'beyond_steps'
    END AS place,
    s.position,
    t.touch_type AS what,
    t.channel,
    t.source,
    t.medium,
    t.campaign,
    CAST(NULL AS varchar) AS sku,
    CAST(NULL AS varchar) AS product_id,
    CAST(NULL AS varchar) AS category,
    CAST(NULL AS varchar) AS store_id,
    CAST(NULL AS bigint) AS revenue_minor,
    CAST(NULL AS varchar) AS currency,
    CAST(NULL AS bigint) AS view_no
  FROM touchpoints t
  JOIN purchase b ON b.person_id = t.person_id
  CROSS JOIN before f
  LEFT JOIN steps s ON s.touch_id = t.touch_id
  UNION ALL
  SELECT
    'product_view',
    'product_view/' || v.event_key,
    v.viewed_at,
    CASE
      WHEN v.viewed_at >= b.occurred_at THEN 'after'
      WHEN v.viewed_at >= b.entered_at THEN 'in_store'
      WHEN date_diff('millisecond', v.viewed_at, coalesce(b.entered_at, b.occurred_at)) > b.reach_days * 86400000 THEN 'older'
      ELSE 'reach'
    END,
    CAST(NULL AS bigint),
    'product_view',
    CAST(NULL AS varchar),
    CAST(NULL AS varchar),
    CAST(NULL AS varchar),
    CAST(NULL AS varchar),
    v.sku,
    v.product_id,
    v.category,
    v.store_id,
    CAST(NULL AS bigint),
    CAST(NULL AS varchar),
    v.view_no
  FROM product_views v
  JOIN purchase b ON b.person_id = v.person_id
  UNION ALL
  SELECT
    'store_visit',
    'store_visit/' || v.visit_key,
    v.visited_at,
    CASE
      WHEN v.visited_at > b.occurred_at THEN 'after'
      WHEN date_diff('millisecond', v.visited_at, b.occurred_at) > b.reach_days * 86400000 THEN 'older'
      WHEN v.visited_at = b.entered_at AND v.store_id = b.store_id THEN 'this_visit'
      ELSE 'reach'
    END,
    CAST(NULL AS bigint),
    coalesce(v.method, 'visit'),
    CAST(NULL AS varchar),
    CAST(NULL AS varchar),
    CAST(NULL AS varchar),
    CAST(NULL AS varchar),
    CAST(NULL AS varchar),
    CAST(NULL AS varchar),
    CAST(NULL AS varchar),
    v.store_id,
    CAST(NULL AS bigint),
    CAST(NULL AS varchar),
    CAST(NULL AS bigint)
  FROM store_visits v
  JOIN purchase b ON b.person_id = v.person_id
  UNION ALL
  SELECT
    'purchase',
    'purchase/' || c.conversion_id,
    c.converted_at,
    CASE
      WHEN c.converted_at > b.occurred_at THEN 'after'
      WHEN date_diff('millisecond', c.converted_at, b.occurred_at) > b.reach_days * 86400000 THEN 'older'
      ELSE 'reach'
    END,
    CAST(NULL AS bigint),
    c.conversion_kind,
    CAST(NULL AS varchar),
    CAST(NULL AS varchar),
    CAST(NULL AS varchar),
    CAST(NULL AS varchar),
    CAST(NULL AS varchar),
    CAST(NULL AS varchar),
    CAST(NULL AS varchar),
    c.store_id,
    c.revenue_minor,
    c.currency,
    CAST(NULL AS bigint)
  FROM conversions c
  JOIN purchase b ON b.person_id = c.person_id
  WHERE c.conversion_id <> b.document_id
),
ranked AS (
  SELECT
    *,
    count(*) OVER (PARTITION BY kind, place) AS happenings,
    row_number() OVER (
      PARTITION BY kind, place
      ORDER BY CASE WHEN place = 'after' THEN happened_at END, happened_at DESC, happening_id
    ) AS recency
  FROM happened
)
SELECT
  r.kind,
  r.happening_id,
  r.place,
  r.position,
  r.what,
  r.channel,
  r.source,
  r.medium,
  r.campaign,
  r.sku,
  r.product_id,
  p.product_name,
  r.category,
  r.store_id,
  s.store_name,
  r.revenue_minor,
  r.currency,
  r.view_no,
  date_format(r.happened_at, '%Y-%m-%dT%H:%i:%sZ') AS happened_at,
  date_format(at_timezone(with_timezone(r.happened_at, 'UTC'), b.time_zone), '%Y-%m-%d %H:%i:%s') AS local_at,
  date_diff('second', r.happened_at, b.occurred_at) AS seconds_before,
  r.happenings
FROM ranked r
CROSS JOIN purchase b
LEFT JOIN products p ON p.sku = r.sku
LEFT JOIN stores s ON s.store_id = r.store_id
WHERE b.most IS NULL OR r.recency <= CASE WHEN r.place IN ('path', 'reach', 'in_store', 'this_visit') THEN b.most ELSE 1 END
ORDER BY r.happened_at, r.kind DESC, r.happening_id
