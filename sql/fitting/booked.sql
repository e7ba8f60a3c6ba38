-- One row per model, channel and currency: what was credited in all, net of returns.
-- key: model, channel_no, currency_no
SELECT
  r.model,
  n.channel_no,
  y.currency_no,
  CAST(sum(r.revenue_minor) AS double) AS net_minor
FROM credits r
JOIN channels n ON n.channel = r.channel
JOIN currencies y ON y.currency = r.currency
GROUP BY 1, 2, 3
