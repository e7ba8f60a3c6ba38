-- One row per purchase, model and touchpoint whose returns took back more credit than it was given.
-- key: conversion_id, model, touch_id
WITH given_back AS (
  SELECT DISTINCT conversion_id FROM returns WHERE revenue_minor < 0
)
SELECT c.conversion_id, c.model, c.touch_id, CAST(sum(c.revenue_minor) AS bigint) AS revenue_minor
FROM credits c
JOIN given_back g ON g.conversion_id = c.conversion_id
GROUP BY 1, 2, 3
HAVING sum(c.revenue_minor) < 0
