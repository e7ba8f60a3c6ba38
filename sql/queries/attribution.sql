-- One row per group, model and currency: what was credited and what was spent in the period, and how many people are
-- behind it: of whole channels over all time from channel_people, else counted anew from the credits of the period.
-- Persons are numbers here, which are told apart much faster than texts. Of figures that were kept when their
-- persons went (closed periods after retention, restatements) the purchases stand for people: at least one.
-- key: model, label, currency
WITH wanted AS (
  SELECT CAST(? AS date) AS from_day, CAST(? AS date) AS to_day, CAST(? AS varchar) AS model, CAST(? AS varchar) AS grouped_by
),
counted AS (
  SELECT * FROM wanted WHERE grouped_by <> 'channel' OR from_day IS NOT NULL OR to_day IS NOT NULL
),
numbered AS (
  SELECT v.conversion_id, t.person_no
  FROM conversions v
  JOIN touched_persons t ON t.person_id = v.person_id
),
buyers AS (
  SELECT p.model, p.channel AS label, p.currency, p.known_buyers AS people
  FROM channel_people p
  JOIN wanted w ON w.grouped_by = 'channel' AND w.from_day IS NULL AND w.to_day IS NULL
  UNION ALL
  SELECT
    c.model,
    CASE w.grouped_by
      WHEN 'channel' THEN c.channel
      WHEN 'source_medium' THEN c.source || ' / ' || c.medium
      WHEN 'campaign' THEN c.channel || ' / ' || c.campaign
      WHEN 'day' THEN date_format(CAST(c.booking_date AS timestamp(6)), '%Y-%m-%d')
      WHEN 'week' THEN date_format(CAST(date_trunc('week', c.booking_date) AS timestamp(6)), '%Y-%m-%d')
      WHEN 'month' THEN date_format(CAST(c.booking_date AS timestamp(6)), '%Y-%m')
      ELSE 'all'
    END AS label,
    c.currency,
    count(DISTINCT n.person_no) AS people
  FROM credits c
  JOIN numbered n ON n.conversion_id = c.conversion_id
  CROSS JOIN counted w
  WHERE c.share_billionths > 0
    AND (w.from_day IS NULL OR c.booking_date >= w.from_day)
    AND (w.to_day IS NULL OR c.booking_date <= w.to_day)
    AND (w.model IS NULL OR c.model = w.model)
  GROUP BY 1, 2, 3
),
grouped AS (
  SELECT
    d.model,
    CASE w.grouped_by
      WHEN 'channel' THEN d.channel
      WHEN 'source_medium' THEN d.source || ' / ' || d.medium
      WHEN 'campaign' THEN d.channel || ' / ' || d.campaign
      WHEN 'day' THEN date_format(CAST(d.day AS timestamp(6)), '%Y-%m-%d')
      WHEN 'week' THEN date_format(CAST(date_trunc('week', d.day) AS timestamp(6)), '%Y-%m-%d')
      WHEN 'month' THEN date_format(CAST(d.day AS timestamp(6)), '%Y-%m')
      ELSE 'all'
    END AS label,
    d.currency,
    CAST(sum(d.credit_billionths) AS bigint) AS credit_billionths,
    CAST(sum(d.sold_minor) AS bigint) AS sold_minor,
    CAST(sum(d.returned_minor) AS bigint) AS returned_minor,
    CAST(sum(d.revenue_minor) AS bigint) AS revenue_minor,
    CAST(sum(d.accrued_minor) AS bigint) AS accrued_minor,
    CAST(sum(d.store_revenue_minor) AS bigint) AS store_revenue_minor,
    CAST(sum(d.spend_minor) AS bigint) AS spend_minor,
    CAST(sum(d.clicks) AS bigint) AS clicks,
    CAST(sum(d.impressions) AS bigint) AS impressions
  FROM channel_daily d
  CROSS JOIN wanted w
  WHERE (w.from_day IS NULL OR d.day >= w.from_day)
    AND (w.to_day IS NULL OR d.day <= w.to_day)
    AND (w.model IS NULL OR d.model = w.model)
  GROUP BY 1, 2, 3
)
SELECT
  g.*,
  CASE
    WHEN b.people IS NOT NULL THEN b.people
    WHEN g.credit_billionths = 0 AND g.sold_minor = 0 AND g.returned_minor = 0 AND g.accrued_minor = 0 AND g.store_revenue_minor = 0 THEN 0
    ELSE greatest(1, g.credit_billionths / 1000000000)
  END AS people
FROM grouped g
LEFT JOIN buyers b ON b.model = g.model AND b.label = g.label AND b.currency = g.currency
ORDER BY g.model, g.revenue_minor DESC, g.label, g.currency
