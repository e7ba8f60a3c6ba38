-- One row per way of grouping, group and currency: the people who bought in it, what they brought, and what they are
-- expected to bring. Errors add up over people, so that the interval of any union of groups follows from their sums;
-- expected figures are whole billionths, errors whole thousandths of minor units or millionths of purchases, for no order of adding to change a digit.
-- key: grouped_by, label, currency
WITH valued AS (
  SELECT v.*, p.purchases, p.revenue_minor, p.costed_minor, s.persona, s.rfm_segment, s.rfm_segment_by_place, s.first_channel, s.channels_used, s.first_purchase_date
  FROM customer_values v
  JOIN person_purchases p ON p.person_id = v.person_id AND p.currency = v.currency
  JOIN person_segments s ON s.person_id = v.person_id
),
labelled AS (
  SELECT
    g.grouped_by,
    CASE g.grouped_by
      WHEN 'persona' THEN v.persona
      WHEN 'segment' THEN v.rfm_segment
      WHEN 'segment_by_place' THEN v.rfm_segment_by_place
      WHEN 'first_channel' THEN v.first_channel
      WHEN 'channels_used' THEN CASE WHEN v.channels_used >= 10 THEN '10 or more' ELSE CAST(v.channels_used AS varchar) END
      WHEN 'cohort' THEN date_format(CAST(v.first_purchase_date AS timestamp(6)), '%Y-%m')
      ELSE 'all'
    END AS label,
    v.*
  FROM valued v
  CROSS JOIN (
    VALUES ('persona'), ('segment'), ('segment_by_place'), ('first_channel'), ('channels_used'), ('cohort'), ('all')
  ) AS g(grouped_by)
)
SELECT
  grouped_by,
  label,
  currency,
  count(*) AS customers,
  CAST(sum(purchases) AS bigint) AS purchases,
  CAST(sum(revenue_minor) AS bigint) AS revenue_minor,
  CAST(sum(costed_minor) AS bigint) AS costed_minor,
  CAST(sum(CAST(margin_minor AS bigint)) AS bigint) AS margin_minor,
  CAST(sum(CAST(round(alive_chance * 1e9) AS bigint)) AS bigint) AS alive_billionths,
  CAST(sum(CAST(is_churned AS bigint)) AS bigint) AS churned,
  CAST(sum(CAST(is_overdue AS bigint)) AS bigint) AS overdue,
  CAST(sum(CAST(round(expected_purchases_12m * 1e9) AS bigint)) AS bigint) AS expected_billionths,
  CAST(sum(CAST(round(expected_variance * 1e6) AS decimal(38, 0))) AS double) AS expected_variance_millionths,
  CAST(sum(CAST(round(expected_error_1 * 1e6) AS bigint)) AS bigint) AS expected_error_1_millionths,
  CAST(sum(CAST(round(expected_error_2 * 1e6) AS bigint)) AS bigint) AS expected_error_2_millionths,
  CAST(sum(CAST(round(expected_error_3 * 1e6) AS bigint)) AS bigint) AS expected_error_3_millionths,
  CAST(sum(CAST(round(expected_error_4 * 1e6) AS bigint)) AS bigint) AS expected_error_4_millionths,
  CAST(sum(CAST(round(expected_error_5 * 1e6) AS bigint)) AS bigint) AS expected_error_5_millionths,
  CAST(sum(CAST(clv_minor AS bigint)) AS bigint) AS clv_minor,
  CAST(sum(CAST(clv_variance AS decimal(38, 0))) AS double) AS clv_variance,
  CAST(sum(CAST(round(clv_error_1 * 1e3) AS bigint)) AS bigint) AS clv_error_1_thousandths,
  CAST(sum(CAST(round(clv_error_2 * 1e3) AS bigint)) AS bigint) AS clv_error_2_thousandths,
  CAST(sum(CAST(round(clv_error_3 * 1e3) AS bigint)) AS bigint) AS clv_error_3_thousandths,
  CAST(sum(CAST(round(clv_error_4 * 1e3) AS bigint)) AS bigint) AS clv_error_4_thousandths,
  CAST(sum(CAST(round(clv_error_5 * 1e3) AS bigint)) AS bigint) AS clv_error_5_thousandths,
  CAST(sum(CAST(round(clv_error_6 * 1e3) AS bigint)) AS bigint) AS clv_error_6_thousandths,
  CAST(sum(CAST(round(clv_error_7 * 1e3) AS bigint)) AS bigint) AS clv_error_7_thousandths,
  CAST(sum(CAST(round(clv_error_8 * 1e3) AS bigint)) AS bigint) AS clv_error_8_thousandths
FROM labelled
GROUP BY 1, 2, 3
