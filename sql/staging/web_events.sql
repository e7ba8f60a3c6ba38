-- One row per web event of a human being, with its person and the traffic that brought it. `person_id` is who it is by
-- the setting `stitching`: as known now, or as known when it happened. An event that carries any identifier of a
-- person who withdrew consent has neither person nor device, whoever else it names and whatever its own consent is.
-- key: event_key
WITH withdrawn AS (
  SELECT identifier_key FROM persons WHERE is_withdrawn
),
events AS (
  SELECT
    e.*,
    s.stitching,
    CASE
      WHEN e.consent = 'granted' OR (e.consent = 'unknown' AND s.match_unknown_consent)
      THEN coalesce(e.customer_key, e.loyalty_key, e.email_key, e.phone_key, e.anonymous_key)
    END AS linking_key,
    coalesce(
      account.identifier_key, card.identifier_key, email.identifier_key, phone.identifier_key, browser.identifier_key
    ) IS NOT NULL AS is_withdrawn,
    CASE
      WHEN e.referrer_host IS NULL OR e.referrer_host = e.page_host OR own.host IS NOT NULL THEN ''
      ELSE e.referrer_host
    END AS outside_referrer
  FROM raw_events e
  CROSS JOIN settings s
  LEFT JOIN withdrawn account ON account.identifier_key = e.customer_key
  LEFT JOIN withdrawn card ON card.identifier_key = e.loyalty_key
  LEFT JOIN withdrawn email ON email.identifier_key = e.email_key
  LEFT JOIN withdrawn phone ON phone.identifier_key = e.phone_key
  LEFT JOIN withdrawn browser ON browser.identifier_key = e.anonymous_key
  LEFT JOIN seed_own_hosts own ON own.host = e.referrer_host
  WHERE NOT e.is_bot
),
known AS (
  SELECT
    e.*,
    CASE WHEN NOT e.is_withdrawn THEN coalesce(k.person_id_now, 'p' || substr(e.linking_key, 1, 11)) END AS person_id_now,
    CASE WHEN NOT e.is_withdrawn THEN coalesce(k.person_id_then, 'p' || substr(e.linking_key, 1, 11)) END AS person_id_then
  FROM events e
  LEFT JOIN known_persons k
    ON k.identifier_key = e.linking_key
    AND e.occurred_at >= k.stood_from
    AND e.occurred_at < k.stood_until
)
SELECT
  e.fingerprint AS event_key,
  e.record_id AS event_id,
  CASE WHEN e.stitching = 'event_time' THEN e.person_id_then ELSE e.person_id_now END AS person_id,
  e.person_id_now,
  e.person_id_then,
  CASE WHEN NOT e.is_withdrawn THEN coalesce(substr(e.anonymous_key, 1, 12), e.person_id_now) END AS device_id,
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
FROM known e
