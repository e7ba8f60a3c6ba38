-- One row per stage, figure, channel (and all of them), currency, month, and the month before it in which the same people
-- stood there last: the two sums that a figure is made of, and the known people behind them (see stage_awareness).
-- key: figure, channel, currency, month, month_before
SELECT 'awareness' AS stage, * FROM stage_awareness
UNION ALL
SELECT 'consideration', * FROM stage_consideration
UNION ALL
SELECT 'decision', * FROM stage_decision
UNION ALL
SELECT 'service', * FROM stage_service
UNION ALL
SELECT 'loyalty', * FROM stage_loyalty
