-- One row per figure that alerts watch and day with something of it: days since 1970. Of shares `out_of` is what they are of;
-- of sums it is missing.
-- key: subject, currency, day_no
WITH one_model AS (
  SELECT min(model) AS model FROM seed_attribution_models WHERE is_enabled
),
figures AS (
  SELECT 'Sold' AS subject, currency, day, amount, CAST(NULL AS bigint) AS out_of
  FROM series_daily
  WHERE kpi = 'purchases' AND measure = 'sold' AND store_id = ''
  UNION ALL
  SELECT 'Spend', currency, day, amount, NULL
  FROM series_daily
  WHERE kpi = 'attribution' AND measure = 'spend' AND channel = ''
  UNION ALL
  SELECT 'New customers', currency, day, amount, NULL
  FROM series_daily
  WHERE kpi = 'customers' AND measure = 'new_customers'
  UNION ALL
  SELECT
    CASE measure
      WHEN 'purchases_online' THEN 'Purchases online'
      WHEN 'purchases_in_store' THEN 'Purchases in store'
      WHEN 'returns' THEN 'Returns'
      WHEN 'web_events' THEN 'Web events'
      ELSE 'Store visits'
    END,
    '',
    day,
    records,
    NULL
  FROM data_quality_daily
  WHERE measure IN ('purchases_online', 'purchases_in_store', 'returns', 'web_events', 'store_visits')
  UNION ALL
  SELECT
    'Share of store purchases with a known buyer',
    '',
    day,
    CAST(sum(CASE WHEN measure = 'purchases_in_store_identified' THEN records ELSE 0 END) AS bigint),
    CAST(sum(CASE WHEN measure = 'purchases_in_store' THEN records ELSE 0 END) AS bigint)
  FROM data_quality_daily
  WHERE measure IN ('purchases_in_store', 'purchases_in_store_identified')
  GROUP BY 3
  UNION ALL
  SELECT
    'Share of sales that no model credits',
    e.currency,
    e.day,
    CAST(sum(CASE WHEN e.channel = '(unattributed)' THEN e.sold_minor ELSE 0 END) AS bigint),
    CAST(sum(e.sold_minor) AS bigint)
  FROM economics_daily e
  JOIN one_model m ON m.model = e.model
  GROUP BY 2, 3
  HAVING sum(e.sold_minor) > 0
)
SELECT
  subject,
  currency,
  CAST(date_diff('day', CAST('1970-01-01' AS date), day) AS integer) AS day_no,
  CAST(amount AS double) AS amount,
  CAST(out_of AS double) AS out_of
FROM figures
ORDER BY subject, currency, day
