-- One row per stage, figure, channel (and all of them), currency, month, and the month before it in which the same people
-- stood there last: the two sums that a figure is made of, and the known people behind them (see stage_awareness).
-- The five tables end alike, in sums by month and person: stored apart, the facts that they sum would be 35 million
-- rows at 10 million touchpoints. tests/pipeline/stages.test.ts holds the five ends equal.
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
