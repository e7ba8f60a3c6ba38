-- One row per booking with credit, kind of touchpoint and set of models: which of the models credit it, as a sum of
-- their bits. People behind any breakdown are counted from these, for all models at once.
-- key: day, booking_no, origin_no, model_set
SELECT
  p.day,
  p.booking_no,
  p.origin_no,
  p.buyer_group_no,
  p.person_no,
  m.model_set,
  CAST(sum(m.model_bit) AS bigint) AS model_bits
FROM credit_parts p
JOIN credit_models m ON m.model_no = p.model_no
JOIN credit_bookings b ON b.booking_no = p.booking_no AND b.day = p.day
GROUP BY 1, 2, 3, 4, 5, 6
ORDER BY 1, 2, 3, 6
