-- One row per channel and campaign that models tell apart, in the order of its number.
-- key: channel_campaign_no
SELECT g.channel_campaign_no, min(c.channel_no) AS channel_no, min(g.channel) AS channel, min(g.campaign_group) AS campaign_group
FROM channel_campaigns g
JOIN channels c ON c.channel = g.channel
GROUP BY 1
ORDER BY 1
