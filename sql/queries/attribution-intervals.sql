-- One row per group, model and currency: beside the row of `attribution` that is asked for the same, what its intervals
-- are made of: sums and sums of squares over persons of what each is credited with, gains (up) and losses (down) apart,
-- and of how far that is from what the person was credited with in the period before; parts of the calendar meet by
-- their place in the period. Squares are summed as decimals, so that no order of summing changes them. Of whole channels
-- over all time there are the intervals of the bootstrap; of all models at once these alone, so that not all credit is read.
-- key: model, label, currency
WITH wanted AS (
  SELECT
    CAST(? AS date) AS from_day,
    CAST(? AS date) AS to_day,
    CAST(? AS varchar) AS model,
    CAST(? AS varchar) AS grouped_by,
    CAST(? AS varchar) AS channel,
    CAST(? AS varchar) AS campaign,
    CAST(? AS varchar) AS store,
    CAST(? AS varchar) AS region,
    CAST(? AS varchar) AS category,
    CAST(? AS varchar) AS device,
    CAST(? AS varchar) AS persona,
    CAST(? AS varchar) AS customer_type,
    CAST(? AS date) AS before_from,
    CAST(? AS date) AS before_to
),
asked AS (
  SELECT
    *,
    grouped_by IN ('category', 'product') OR category IS NOT NULL AS is_of_goods,
    grouped_by = 'channel' AND coalesce(campaign, store, region, category, device, persona, customer_type) IS NULL AND from_day IS NULL AND to_day IS NULL AS is_whole
  FROM wanted
),
models AS (
  SELECT m.* FROM credit_models m JOIN wanted w ON w.model IS NULL OR m.model = w.model
),
dated AS (
  SELECT
    d.*,
    w.grouped_by,
    CASE WHEN d.day >= w.before_from AND d.day <= w.before_to THEN 0 ELSE 1 END AS is_now,
    coalesce(CASE WHEN d.day >= w.before_from AND d.day <= w.before_to THEN w.before_from ELSE w.from_day END, DATE '2001-01-01') AS start_day
  FROM credit_days d
  JOIN wanted w
    ON ((w.from_day IS NULL OR d.day >= w.from_day) AND (w.to_day IS NULL OR d.day <= w.to_day))
    OR (d.day >= w.before_from AND d.day <= w.before_to)
),
days AS (
  SELECT
    day,
    is_now,
    CASE grouped_by WHEN 'day' THEN day_label WHEN 'week' THEN week_label WHEN 'month' THEN month_label WHEN 'quarter' THEN quarter_label END AS day_label,
    CASE grouped_by
      WHEN 'day' THEN date_diff('day', CAST(start_day AS timestamp(6)), CAST(day AS timestamp(6)))
      WHEN 'week' THEN date_diff('day', CAST(date_trunc('week', start_day) AS timestamp(6)), CAST(date_trunc('week', day) AS timestamp(6))) / 7
      WHEN 'month' THEN 12 * (year(day) - year(start_day)) + month(day) - month(start_day)
      WHEN 'quarter' THEN 4 * (year(day) - year(start_day)) + quarter(day) - quarter(start_day)
    END AS place
  FROM dated
),
origins AS (
  SELECT
    o.origin_no,
    CASE w.grouped_by WHEN 'channel' THEN o.channel WHEN 'source_medium' THEN o.source || ' / ' || o.medium WHEN 'campaign' THEN o.channel || ' / ' || o.campaign WHEN 'device' THEN o.device END AS origin_label
  FROM credit_origins o
  JOIN wanted w
    ON (w.channel IS NULL OR o.channel = w.channel)
    AND (w.campaign IS NULL OR o.campaign = w.campaign OR o.channel || ' / ' || o.campaign = w.campaign)
    AND (w.device IS NULL OR o.device = w.device)
),
buyers AS (
  SELECT
    g.buyer_group_no,
    g.currency,
    CASE w.grouped_by WHEN 'store' THEN g.store_name WHEN 'region' THEN g.region WHEN 'persona' THEN g.persona WHEN 'customer_type' THEN g.customer_type END AS buyer_label
  FROM buyer_groups g
  JOIN wanted w
    ON (w.store IS NULL OR g.store_id = w.store OR g.store_name = w.store)
    AND (w.region IS NULL OR g.region = w.region)
    AND (w.persona IS NULL OR g.persona = w.persona)
    AND (w.customer_type IS NULL OR g.customer_type = w.customer_type)
),
goods AS (
  SELECT
    b.booking_no,
    CAST(b.product_to_minor AS double) / b.booking_minor AS amount_to,
    CAST(b.product_to_minor - b.product_minor AS double) / b.booking_minor AS amount_before,
    CASE a.grouped_by WHEN 'category' THEN p.category WHEN 'product' THEN p.product_title END AS goods_label
  FROM booking_goods b
  JOIN credited_products p ON p.product_no = b.product_no
  JOIN asked a ON a.is_of_goods AND (a.category IS NULL OR p.category = a.category)
),
parts AS (
  SELECT
    p.model_no, coalesce(o.origin_label, b.buyer_label, 'all') AS label, t.place, t.day_label, t.is_now, b.currency, p.person_no,
    p.credit_billionths AS credit,
    p.sold_minor + p.returned_minor AS minor
  FROM credit_parts p
  JOIN asked a ON NOT a.is_of_goods AND (NOT a.is_whole OR a.model IS NOT NULL)
  JOIN models m ON m.model_no = p.model_no
  JOIN days t ON t.day = p.day
  JOIN origins o ON o.origin_no = p.origin_no
  JOIN buyers b ON b.buyer_group_no = p.buyer_group_no
  UNION ALL
  SELECT
    p.model_no, coalesce(o.origin_label, b.buyer_label, g.goods_label, 'all'), t.place, t.day_label, t.is_now, b.currency, p.person_no,
    CAST(round(p.credit_billionths * g.amount_to) - round(p.credit_billionths * g.amount_before) AS bigint),
    CAST(round(p.sold_minor * g.amount_to) - round(p.sold_minor * g.amount_before) + round(p.returned_minor * g.amount_to) - round(p.returned_minor * g.amount_before) AS bigint)
  FROM credit_parts p
  JOIN goods g ON g.booking_no = p.booking_no
  JOIN models m ON m.model_no = p.model_no
  JOIN days t ON t.day = p.day
  JOIN origins o ON o.origin_no = p.origin_no
  JOIN buyers b ON b.buyer_group_no = p.buyer_group_no
),
persons AS (
  SELECT
    model_no,
    label,
    place,
    currency,
    person_no,
    max(CASE WHEN is_now = 1 THEN day_label END) AS day_label,
    CAST(sum(is_now * minor) AS decimal(38, 0)) AS minor,
    CAST(sum((2 * is_now - 1) * minor) AS decimal(38, 0)) AS minor_change,
    CAST(sum(is_now * credit) AS decimal(38, 0)) AS credit,
    CAST(sum((2 * is_now - 1) * credit) AS decimal(38, 0)) AS credit_change
  FROM parts
  GROUP BY 1, 2, 3, 4, 5
),
beside_all AS (
  SELECT *, CAST(sum(minor) OVER (PARTITION BY model_no, currency, person_no) AS decimal(38, 0)) AS whole_minor
  FROM persons
),
counted AS (
  SELECT
    m.model,
    CASE WHEN p.place IS NULL THEN p.label ELSE max(p.day_label) END AS label,
    p.currency,
    CAST(sum(greatest(p.minor, 0)) AS double) AS minor_up,
    CAST(sum(greatest(p.minor, 0) * greatest(p.minor, 0)) AS double) AS minor_up_squares,
    CAST(sum(greatest(-p.minor, 0)) AS double) AS minor_down,
    CAST(sum(greatest(-p.minor, 0) * greatest(-p.minor, 0)) AS double) AS minor_down_squares,
    CAST(sum(p.minor * p.whole_minor) AS double) AS minor_by_whole,
    CAST(sum(p.credit) AS double) AS credit_up,
    CAST(sum(p.credit * p.credit) AS double) AS credit_up_squares,
    CAST(sum(greatest(p.minor_change, 0)) AS double) AS minor_change_up,
    CAST(sum(greatest(p.minor_change, 0) * greatest(p.minor_change, 0)) AS double) AS minor_change_up_squares,
    CAST(sum(greatest(-p.minor_change, 0)) AS double) AS minor_change_down,
    CAST(sum(greatest(-p.minor_change, 0) * greatest(-p.minor_change, 0)) AS double) AS minor_change_down_squares,
    CAST(sum(greatest(p.credit_change, 0)) AS double) AS credit_change_up,
    CAST(sum(greatest(p.credit_change, 0) * greatest(p.credit_change, 0)) AS double) AS credit_change_up_squares,
    CAST(sum(greatest(-p.credit_change, 0)) AS double) AS credit_change_down,
    CAST(sum(greatest(-p.credit_change, 0) * greatest(-p.credit_change, 0)) AS double) AS credit_change_down_squares
  FROM beside_all p
  JOIN models m ON m.model_no = p.model_no
  GROUP BY m.model, p.label, p.place, p.currency
),
-- What the bootstrap of the build says of whole channels, those without credit too.
bounded AS (
  SELECT i.*, a.channel AS asked_channel, coalesce(p.known_buyers, 0) AS people
  FROM channel_intervals i
  JOIN asked a ON a.is_whole AND (a.model IS NULL OR i.model = a.model) AND (a.channel IS NULL OR i.channel = a.channel)
  LEFT JOIN channel_people p ON p.model = i.model AND p.channel = i.channel AND p.currency = i.currency
),
joined AS (
  SELECT
    coalesce(b.model, c.model) AS model,
    coalesce(b.channel, c.label) AS label,
    coalesce(b.currency, c.currency) AS currency,
    CAST(b.net_minor AS bigint) AS bounded_minor,
    CAST(b.net_low_minor AS bigint) AS revenue_low_minor,
    CAST(b.net_high_minor AS bigint) AS revenue_high_minor,
    CASE WHEN b.asked_channel IS NULL THEN b.share_low END AS share_low,
    CASE WHEN b.asked_channel IS NULL THEN b.share_high END AS share_high,
    b.roas_low,
    b.roas_high,
    b.people,
    b.is_refitted,
    b.replicates,
    c.minor_up, c.minor_up_squares, c.minor_down, c.minor_down_squares, c.minor_by_whole, c.credit_up, c.credit_up_squares,
    c.minor_change_up, c.minor_change_up_squares, c.minor_change_down, c.minor_change_down_squares,
    c.credit_change_up, c.credit_change_up_squares, c.credit_change_down, c.credit_change_down_squares
  FROM counted c
  FULL JOIN bounded b ON b.model = c.model AND b.channel = c.label AND b.currency = c.currency
)
SELECT
  j.*,
  f.method,
  f.config_hash,
  CAST(f.model_version AS varchar) AS model_version,
  CAST(f.random_seed AS varchar) AS random_seed,
  s.interval_level AS level,
  -- As a decimal: each engine writes a double its own way.
  regexp_replace(CAST(CAST(s.interval_level AS decimal(18, 9)) AS varchar), '\.?0+$', '') AS interval_level
FROM joined j
JOIN fitted_models f ON f.model = j.model
CROSS JOIN settings s
WHERE j.label IS NOT NULL
ORDER BY 1, 2, 3
