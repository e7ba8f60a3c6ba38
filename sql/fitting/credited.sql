-- One row per person, rule model, channel and currency: what was credited, net of returns. By model and person.
-- key: person_no, model, channel_no, currency_no
SELECT
  t.person_no,
  r.model,
  n.channel_no,
  y.currency_no,
  CAST(sum(r.revenue_minor) AS double) AS net_minor
FROM credits r
JOIN fitted_models m ON m.model = r.model AND m.method = 'rule'
JOIN conversions c ON c.conversion_id = r.conversion_id
JOIN touched_persons t ON t.person_id = c.person_id
JOIN channels n ON n.channel = r.channel
JOIN currencies y ON y.currency = r.currency
GROUP BY 1, 2, 3, 4
ORDER BY 2, 1, 3, 4
