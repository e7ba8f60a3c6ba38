-- One row per day, channel and currency with media cost: as channel_daily has it, of every model alike.
-- key: day, channel, currency
SELECT day, channel, currency, CAST(sum(spend_minor) AS bigint) AS spend_minor
FROM channel_daily
WHERE model = (SELECT min(model) FROM channel_daily)
GROUP BY 1, 2, 3
HAVING sum(spend_minor) > 0
