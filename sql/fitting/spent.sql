-- One row per channel with touchpoints and currency: what was spent on it in all.
-- key: channel_no, currency_no
SELECT
  n.channel_no,
  y.currency_no,
  CAST(sum(s.cost_minor) AS double) AS spend_minor
FROM spend_days s
JOIN traffic_sources t ON t.traffic = s.traffic
JOIN channels n ON n.channel = coalesce(s.channel, t.channel)
JOIN currencies y ON y.currency = s.currency
GROUP BY 1, 2
