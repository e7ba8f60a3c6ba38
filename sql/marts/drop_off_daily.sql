-- One row per day and place where people may stop: of journeys each channel on them, of visits to the web shop each stage
-- of the funnel that they reach. A visit that reaches a stage counts at every stage before it. Whoever goes on to buy in a
-- store, or comes back another time, has left the visit too.
-- key: day, stop_kind, stop_place
WITH visits AS (
  SELECT
    session_date,
    person_id,
    CASE WHEN orders > 0 THEN 4 WHEN checkouts > 0 THEN 3 WHEN product_adds > 0 THEN 2 ELSE 1 END AS furthest
  FROM sessions
  WHERE orders > 0 OR checkouts > 0 OR product_adds > 0 OR product_views > 0
),
reached AS (
  SELECT
    v.session_date AS day,
    'funnel' AS stop_kind,
    CASE r.stage_no WHEN 1 THEN 'product_viewed' WHEN 2 THEN 'product_added' WHEN 3 THEN 'checkout_started' ELSE 'purchase' END AS stop_place,
    v.person_id,
    CASE WHEN v.furthest = r.stage_no AND r.stage_no < 4 THEN 1 ELSE 0 END AS ended_here,
    CASE WHEN v.furthest = 4 THEN 1 ELSE 0 END AS purchases
  FROM visits v
  CROSS JOIN UNNEST(sequence(1, v.furthest)) AS r(stage_no)
  UNION ALL
  SELECT
    ended_on,
    'channel',
    channel,
    person_id,
    CASE WHEN purchases = 0 AND (is_last OR is_only) THEN 1 ELSE 0 END,
    purchases
  FROM journey_channels
)
SELECT
  day,
  stop_kind,
  stop_place,
  count(*) AS journeys,
  CAST(sum(ended_here) AS bigint) AS ended_here,
  CAST(sum(purchases) AS bigint) AS purchases,
  count(DISTINCT person_id) AS day_people
FROM reached
GROUP BY 1, 2, 3
