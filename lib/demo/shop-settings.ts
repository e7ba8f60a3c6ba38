/** Settings of the demo shop's own: cost rates and targets that are made up, like the shop. */

const MADE_UP = 'Made up for the demo shop';

const RATES = [
  ['payment', 'share_of_revenue', 'variable', '', '', 0.011, ''],
  ['parcel', 'per_order', 'variable', 'order', '', 5.9, 'EUR'],
  ['picking_parcel', 'per_line', 'variable', 'order', '', 0.65, 'EUR'],
  ['picking_collected', 'per_line', 'variable', 'click_and_collect', '', 0.65, 'EUR'],
  ['affiliate_commission', 'share_of_revenue', 'variable', '', 'Affiliates', 0.06, ''],
  ['return_parcel', 'per_return', 'downstream', 'order', '', 6.4, 'EUR'],
  ['return_in_store', 'per_return', 'downstream', 'receipt', '', 1.2, 'EUR'],
  ['markdown', 'share_of_returns', 'downstream', '', '', 0.25, ''],
  ['service_contact', 'per_contact', 'downstream', '', '', 3.5, 'EUR'],
  ['pick_up_labour', 'per_pick_up', 'downstream', '', '', 1.8, 'EUR'],
] as const;

/** Fixed cost per month and channel of a shop of a thousand people. */
const MONTHLY = [
  ['search_agency', 'Paid Search', 150],
  ['video_production', 'Paid Video', 50],
  ['mail_platform', 'Email', 60],
] as const;

const COLUMNS = [
  'rate:varchar',
  'what:varchar',
  'stage:varchar',
  'conversion_kind:varchar',
  'channel:varchar',
];

/** The cost table: header and rows. Monthly cost grows with the shop. */
export function demoCostRates(persons: number): { header: string[]; rows: (string | number)[][] } {
  const header = [...COLUMNS, 'category:varchar', 'amount:double', 'currency:varchar', 'note:varchar'];
  const rates = RATES.map(([rate, what, stage, kind, channel, amount, currency]) => [
    rate,
    what,
    stage,
    kind,
    channel,
    '',
    amount,
    currency,
    MADE_UP,
  ]);
  const fixed = MONTHLY.map(([rate, channel, perThousand]) => [
    rate,
    'per_month',
    'fixed',
    '',
    channel,
    '',
    scaled(perThousand, persons),
    'EUR',
    MADE_UP,
  ]);
  return { header, rows: [...rates, ...fixed] };
}

/** Targets by quarter, for a thousand people. */
const TARGETS = [
  ['q1_sold', '2025-Q1', 'purchases', 'sold', 140_000, 'EUR', '', ''],
  ['q2_sold', '2025-Q2', 'purchases', 'sold', 170_000, 'EUR', '', ''],
  ['q2_purchases', '2025-Q2', 'purchases', 'purchases', 1_720, '', '', ''],
  ['q2_email', '2025-Q2', 'attribution', 'revenue', 14_500, 'EUR', 'position_based', 'Email'],
  ['q2_spend', '2025-Q2', 'attribution', 'spend', 12_500, 'EUR', '', ''],
  ['q2_researched', '2025-Q2', 'ropo', 'revenue', 15_000, 'EUR', '', ''],
  ['q2_new_customers', '2025-Q2', 'customers', 'new_customers', 280, '', '', ''],
  ['q3_sold', '2025-Q3', 'purchases', 'sold', 175_000, 'EUR', '', ''],
] as const;

/** The targets: header and rows, in proportion to the shop. */
export function demoTargets(persons: number): { header: string[]; rows: (string | number)[][] } {
  const header = [
    'target:varchar',
    'quarter:varchar',
    'kpi:varchar',
    'measure:varchar',
    'value:double',
    'currency:varchar',
    'model:varchar',
    'channel:varchar',
    'store_id:varchar',
    'meaning:varchar',
  ];
  const rows = TARGETS.map(([target, quarter, kpi, measure, perThousand, currency, model, channel]) => [
    target,
    quarter,
    kpi,
    measure,
    scaled(perThousand, persons),
    currency,
    model,
    channel,
    '',
    MADE_UP,
  ]);
  return { header, rows };
}

const scaled = (perThousand: number, persons: number) =>
  Math.max(1, Math.round((perThousand * persons) / 1000));
