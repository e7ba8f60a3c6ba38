-- One row per web event of a human being, with its person and the traffic that brought it.
-- key: event_key
WITH events AS (
  SELECT
    e.*,
    CASE
      WHEN e.consent = 'granted' OR (e.consent = 'unknown' AND s.match_unknown_consent)
      THEN coalesce(e.customer_key, e.loyalty_key, e.email_key, e.phone_key, e.anonymous_key)
    END AS identifier_key,
    CASE
      WHEN e.referrer_host IS NULL OR e.referrer_host = e.page_host OR own.host IS NOT NULL THEN ''
      ELSE e.referrer_host
    END AS outside_referrer
  FROM raw_events e
  CROSS JOIN settings s
  LEFT JOIN seed_own_hosts own ON own.host = e.referrer_host
  WHERE NOT e.is_bot
)
SELECT
  e.fingerprint AS event_key,
  e.record_id AS event_id,
  coalesce(p.person_id, 'p' || substr(e.identifier_key, 1, 11)) AS person_id,
  coalesce(substr(e.anonymous_key, 1, 12), p.person_id, 'p' || substr(e.identifier_key, 1, 11)) AS device_id,
  e.occurred_at,
  e.event,
  e.device,
  CASE
    WHEN e.utm_source IS NOT NULL
    THEN lower(e.utm_source || '|' || coalesce(e.utm_medium, '')) || '|' || coalesce(e.utm_campaign, '') || '||'
    WHEN e.click_id IS NOT NULL OR e.utm_medium IS NOT NULL OR e.utm_campaign IS NOT NULL
    THEN '|' || lower(coalesce(e.utm_medium, '')) || '|' || coalesce(e.utm_campaign, '') || '|' || coalesce(e.click_id, '') || '|' || e.outside_referrer
  END AS campaign_traffic,
  CASE WHEN e.outside_referrer <> '' THEN '||||' || e.outside_referrer END AS referral_traffic,
  e.sku,
  e.product_id,
  e.category,
  e.store_id
FROM events e
LEFT JOIN persons p ON p.identifier_key = e.identifier_key
