-- One row per person with purchases: the groups that they belong to.
-- Recency, frequency and money have scores from 1 to 5 by rank: how many persons are strictly behind, in fifths. Persons
-- alike have the same score, so that a fifth may be empty where many are alike. Recency is of the last purchase,
-- frequency counts days with a purchase, money is revenue net of returns in the currency the person buys in most, among
-- those who do too. `rfm_segment` is read off recency and the mean of the other two.
-- `persona` is the first of the shop's `persona_rules` that the person meets, in order of their numbers, else the one of
-- `customers`.
-- key: person_id
WITH main_currency AS (
  SELECT
    person_id,
    currency,
    revenue_minor,
    row_number() OVER (PARTITION BY person_id ORDER BY purchases DESC, currency) AS place
  FROM person_purchases
),
timed AS (
  SELECT
    person_id,
    min(conversion_date) AS first_purchase_date,
    max(conversion_date) AS last_purchase_date,
    count(DISTINCT conversion_date) AS purchase_days
  FROM conversions
  WHERE person_id IS NOT NULL
  GROUP BY 1
),
ranked AS (
  SELECT
    t.*,
    m.currency AS main_currency,
    count(*) OVER () AS persons,
    count(*) OVER (PARTITION BY m.currency) AS persons_of_currency,
    rank() OVER (ORDER BY t.last_purchase_date) AS recency_rank,
    rank() OVER (ORDER BY t.purchase_days) AS frequency_rank,
    rank() OVER (PARTITION BY m.currency ORDER BY m.revenue_minor) AS money_rank
  FROM timed t
  JOIN main_currency m ON m.person_id = t.person_id AND m.place = 1
),
scored AS (
  SELECT
    *,
    CAST(floor((recency_rank - 1) * 5e0 / persons) AS bigint) + 1 AS recency_score,
    CAST(floor((frequency_rank - 1) * 5e0 / persons) AS bigint) + 1 AS frequency_score,
    CAST(floor((money_rank - 1) * 5e0 / persons_of_currency) AS bigint) + 1 AS money_score
  FROM ranked
),
segmented AS (
  SELECT
    *,
    CASE
      WHEN recency_score >= 4 AND frequency_score + money_score >= 8 THEN 'champions'
      WHEN recency_score = 3 AND frequency_score + money_score >= 8 THEN 'loyal'
      WHEN recency_score >= 4 AND frequency_score + money_score >= 4 THEN 'promising'
      WHEN recency_score >= 4 THEN 'newcomers'
      WHEN recency_score = 3 AND frequency_score + money_score >= 4 THEN 'needing attention'
      WHEN recency_score = 3 THEN 'about to sleep'
      WHEN frequency_score + money_score >= 8 THEN 'at risk'
      WHEN frequency_score + money_score >= 4 THEN 'hibernating'
      ELSE 'lost'
    END AS rfm_segment
  FROM scored
),
described AS (
  SELECT
    s.*,
    c.purchases,
    c.persona AS default_persona,
    CAST(c.receipts AS double) / c.purchases AS store_share,
    CASE WHEN c.orders = 0 THEN 'store only' WHEN c.receipts = 0 THEN 'online only' ELSE 'omnichannel' END AS buys_in,
    p.first_channel,
    p.channels_used
  FROM segmented s
  JOIN customers c ON c.person_id = s.person_id
  JOIN person_channels p ON p.person_id = s.person_id
),
bought AS (
  SELECT DISTINCT c.person_id, l.category
  FROM sold_lines l
  JOIN conversions c ON c.conversion_id = l.conversion_id
  JOIN seed_persona_rules r ON r.bought_category = l.category
  WHERE c.person_id IS NOT NULL
),
met AS (
  SELECT d.person_id, min(r.rule) AS rule
  FROM described d
  CROSS JOIN seed_persona_rules r
  LEFT JOIN bought b ON b.person_id = d.person_id AND b.category = r.bought_category
  WHERE d.purchases >= coalesce(r.min_purchases, 0)
    AND (r.max_purchases IS NULL OR d.purchases <= r.max_purchases)
    AND d.store_share >= coalesce(r.min_store_share, 0e0)
    AND (r.max_store_share IS NULL OR d.store_share <= r.max_store_share)
    AND d.channels_used >= coalesce(r.min_channels_used, 0)
    AND (r.max_channels_used IS NULL OR d.channels_used <= r.max_channels_used)
    AND (r.first_channel IS NULL OR r.first_channel = d.first_channel)
    AND (r.rfm_segment IS NULL OR r.rfm_segment = d.rfm_segment)
    AND (r.bought_category IS NULL OR b.category IS NOT NULL)
  GROUP BY 1
)
SELECT
  d.person_id,
  coalesce(r.persona, d.default_persona) AS persona,
  d.rfm_segment,
  d.rfm_segment || ', ' || d.buys_in AS rfm_segment_by_place,
  d.buys_in,
  d.first_channel,
  d.channels_used,
  d.purchases,
  d.purchase_days,
  d.store_share,
  d.first_purchase_date,
  d.last_purchase_date,
  d.main_currency,
  d.recency_score,
  d.frequency_score,
  d.money_score
FROM described d
LEFT JOIN met m ON m.person_id = d.person_id
LEFT JOIN seed_persona_rules r ON r.rule = m.rule
