-- One row per channel that touchpoints came from, numbered by name from 0.
-- key: channel_no
SELECT CAST(row_number() OVER (ORDER BY channel) - 1 AS integer) AS channel_no, channel
FROM (SELECT DISTINCT channel FROM channel_campaigns) d
