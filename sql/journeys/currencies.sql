-- One row per currency of purchases, numbered by code from 0.
-- key: currency_no
SELECT CAST(row_number() OVER (ORDER BY currency) - 1 AS integer) AS currency_no, currency
FROM (SELECT DISTINCT currency FROM conversions) d
