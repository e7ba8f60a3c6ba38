/**
 * Tables of a shop with stores, made of numbers by the engine itself, where a build makes them of records: what staging
 * and paths would give. Names are as long as real ones. Everything is drawn by hashing, so the same size is the same shop.
 */
export interface StoreShop {
  events: number;
  /** Part of the events and receipts that carry one and the same identifier, as of a till's own customer card. */
  sharedPart: number;
}

/** Receipt lines are a tenth of the events, as in a shop whose buyers look up much. */
const EVENTS_PER_LINE = 10;
const EVENTS_PER_PERSON = 50;
const EVENTS_PER_SESSION = 5;
const STORES = 40;
const ARTICLES = 5_000;
/** Articles that one person looks at and buys among. */
const FAVOURITES = 12;
const DAYS = 360;
/** One session in so many is on the phone in a store, ten minutes before paying. */
const IN_AISLE_EVERY = 50;
const SHARED_PERSON = "'pSharedBySo'";

export const linesOf = ({ events }: StoreShop): number => Math.max(10, Math.floor(events / EVENTS_PER_LINE));

/** A whole number from 0 up to `limit`, another for every row and `use`. */
const drawn = (row: string, use: number, limit: number) =>
  `CAST(hash(${row} * 32 + ${use}) % ${limit} AS bigint)`;
const text = (name: string, number: string, digits: number) =>
  `'${name}' || lpad(CAST(${number} AS varchar), ${digits}, '0')`;

const personOf = (number: string) => text('p', number, 11);
const storeOf = (row: string) => text('store-', drawn(row, 9, STORES), 3);
/** One of the person's own few, so that research and purchase can meet. */
const articleOf = (person: string, row: string) =>
  `(${person} * 31 + ${drawn(row, 7, FAVOURITES)} * 97) % ${ARTICLES}`;
/** When a receipt was paid, from eight in the morning to eight in the evening: milliseconds since the start. */
const paidMs = (receipt: string) =>
  `(${drawn(receipt, 10, DAYS)} * 86400000 + 28800000 + ${drawn(receipt, 11, 43_200)} * 1000)`;
const at = (ms: string) => `epoch_ms(CAST(1704067200000 + ${ms} AS bigint))`;
const receiptOf = (number: string) => text('receipt/store-000/1/2024-01-01/', number, 14);
const orderOf = (number: string) => text('order/', number, 20);

/** What people do: half of all of it is done by the first few, who look much and buy much. */
function people(shop: StoreShop) {
  const persons = Math.max(50, Math.floor(shop.events / EVENTS_PER_PERSON));
  const heavy = (row: string, few: number, many: number) =>
    `CASE WHEN ${drawn(row, 1, 2)} = 0 THEN ${drawn(row, 2, few)} ELSE ${drawn(row, 3, many)} END`;
  return {
    browser: (row: string) => heavy(row, Math.ceil(persons / 5), persons),
    buyer: (receipt: string) =>
      heavy(`(${receipt} + 1000000007)`, Math.ceil(persons / 20), Math.ceil((persons * 2) / 5)),
    isShared: (row: string) => `${drawn(row, 4, 10_000)} < ${Math.round(shop.sharedPart * 10_000)}`,
  };
}

/** SELECTs by the name of their table; `sessions_drawn` and `receipts_drawn` come first and are read by the others. */
export function storeShopTables(shop: StoreShop): Record<string, string> {
  const { browser, buyer, isShared } = people(shop);
  const sessions = Math.floor(shop.events / EVENTS_PER_SESSION);
  const receipts = Math.floor((linesOf(shop) * 2) / 5);
  const orders = Math.floor(receipts / 20);
  const unknown = 'CAST(NULL AS varchar)';
  const goods = (article: string) => `
    ${text('sku-', article, 16)} AS sku, ${text('product-', `${article} / 4`, 12)} AS product_id,
    'category ' || CAST(${article} * 60 / ${ARTICLES} AS varchar) AS category`;
  const line = (kind: string, document: string, order: string, fulfilment: string) => `
    line_id, ${document} AS document_id, '${kind}' AS document_kind, sold_at AS occurred_at, store_id, tender, 'EUR' AS currency,
    ${order} AS order_id, CASE WHEN '${kind}' = 'receipt' THEN ${document} END AS receipt_id,
    ${unknown} AS original_receipt_id, false AS is_whole_refund, 'sale' AS line_kind, ${goods('article')},
    CAST(1 AS double) AS quantity, CAST(199 + article * 7919 % 200 * 50 AS bigint) AS amount_minor, CAST(0 AS bigint) AS tax_minor,
    ${fulfilment} AS fulfilment, 'sale' AS treatment`;
  return {
    sessions_drawn: `SELECT s AS session, ${isShared('s')} AS is_shared,
        CASE WHEN is_in_aisle THEN ${buyer('visited')} ELSE ${browser('s')} END AS person,
        CASE WHEN is_in_aisle THEN ${paidMs('visited')} - 600000 ELSE ${drawn('s', 5, DAYS * 86_400)} * 1000 END AS began_ms
      FROM (
        SELECT s, s / ${IN_AISLE_EVERY} * 16 AS visited, s % ${IN_AISLE_EVERY} = 0 AND s / ${IN_AISLE_EVERY} * 16 < ${receipts} AS is_in_aisle
        FROM range(${sessions}) r(s)
      )`,
    receipts_drawn: `SELECT r AS receipt, ${buyer('r')} AS person, ${isShared('(r + 1000000007)')} AS is_shared,
        ${drawn('r', 6, 10)} < 6 AS is_known, ${storeOf('r')} AS store_id, ${at(paidMs('r'))} AS sold_at
      FROM range(${receipts}) t(r)`,
    products: `SELECT ${goods('a')}, 'Article ' || CAST(a AS varchar) AS product_name, ${unknown} AS brand,
        CAST(100 AS bigint) AS unit_cost_minor, 'EUR' AS currency FROM range(${ARTICLES}) t(a)`,
    stores: `SELECT ${text('store-', 's', 3)} AS store_id, 'Store ' || CAST(s AS varchar) AS store_name,
        'Region ' || CAST(s % 5 AS varchar) AS region,
        CASE WHEN s % 2 = 0 THEN 'Europe/Rome' ELSE 'Europe/Lisbon' END AS time_zone, 'EUR' AS currency, 'IT' AS country
      FROM range(${STORES}) t(s)`,
    web_events: `SELECT
        ${text('event-', 'session * 5 + step', 16)} AS event_key, ${text('', 'session * 5 + step', 16)} AS event_id,
        CASE WHEN is_shared THEN ${SHARED_PERSON} ELSE ${personOf('person')} END AS person_id,
        ${text('d', 'person', 11)} AS device_id, ${at(`began_ms + step * 40000`)} AS occurred_at,
        CASE WHEN step IN (1, 3) THEN 'Product Viewed' ELSE 'Page Viewed' END AS event, 'desktop' AS device,
        ${unknown} AS campaign_traffic, ${unknown} AS referral_traffic,
        CASE WHEN step IN (1, 3) THEN ${text('sku-', articleOf('person', '(session * 5 + step)'), 16)} END AS sku,
        ${unknown} AS product_id, ${unknown} AS category, ${unknown} AS store_id
      FROM sessions_drawn CROSS JOIN range(${EVENTS_PER_SESSION}) t(step)`,
    session_events: `SELECT ${text('event-', 'session * 5 + step', 16)} AS event_key, ${text('d', 'person', 11)} AS device_id,
        session AS session_no FROM sessions_drawn CROSS JOIN range(${EVENTS_PER_SESSION}) t(step)`,
    sessions: `SELECT ${text('d', 'person', 11)} || '-' || CAST(session AS varchar) AS session_id,
        'Channel ' || CAST(session % 12 AS varchar) AS channel, 'campaign-' || CAST(session % 500 AS varchar) AS campaign
      FROM sessions_drawn`,
    sale_lines: `SELECT ${line('receipt', receiptOf('receipt'), unknown, "'receipt'")} FROM (
        SELECT *, ${text('receipt/store-000/1/2024-01-01/', 'receipt', 14)} || '#' || CAST(n AS varchar) || '~k-mGBKhggIDYt_8Chh6Fkt' AS line_id,
          ${articleOf('person', '(receipt * 8 + n)')} AS article, CASE WHEN receipt % 3 = 0 THEN 'cash' ELSE 'card' END AS tender
        FROM receipts_drawn CROSS JOIN range(4) t(n) WHERE n < 2 + receipt % 2
      )
      UNION ALL
      SELECT ${line('order', orderOf('receipt'), orderOf('receipt'), "CASE WHEN receipt % 4 = 0 THEN 'click_and_collect' ELSE 'ship' END")} FROM (
        SELECT *, ${orderOf('receipt')} || '#' || CAST(n AS varchar) || '~k-mGBKhggIDYt_8Chh6Fkt' AS line_id,
          ${articleOf('person', '(receipt * 8 + n + 5)')} AS article, 'card' AS tender
        FROM receipts_drawn CROSS JOIN range(2) t(n) WHERE receipt < ${orders}
      )`,
    sale_persons: `SELECT ${receiptOf('receipt')} AS document_id, sold_at AS occurred_at, store_id, 'EUR' AS currency,
        false AS is_consent_denied,
        CASE WHEN is_shared THEN ${SHARED_PERSON} WHEN is_known THEN ${personOf('person')} END AS person_id,
        CASE WHEN is_known OR is_shared THEN 'loyalty_id' END AS identified_by,
        CASE WHEN is_known OR is_shared THEN 'strong' END AS evidence_strength
      FROM receipts_drawn
      UNION ALL
      SELECT ${orderOf('receipt')}, sold_at, CASE WHEN receipt % 4 = 0 THEN store_id END, 'EUR', false, ${personOf('person')},
        'customer_id', 'strong' FROM receipts_drawn WHERE receipt < ${orders}`,
    store_visits: `SELECT ${text('visit-', 'receipt', 16)} AS visit_key, ${text('v', 'receipt', 35)} AS visit_id, store_id,
        CASE WHEN is_shared THEN ${SHARED_PERSON} ELSE ${personOf('person')} END AS person_id,
        CASE WHEN receipt % 2 = 0 THEN date_add('minute', -20, sold_at) ELSE date_add('day', -3, sold_at) END AS visited_at,
        CASE WHEN receipt % 2 = 0 THEN date_add('minute', 5, sold_at) END AS left_at, 'app check-in' AS method
      FROM receipts_drawn WHERE is_known AND receipt % 16 < 4`,
    line_returns: `SELECT 'return-' || line_id AS return_id, document_id AS conversion_id, line_id,
        CAST(date_add('day', 9, occurred_at) AS date) AS return_date, currency, -amount_minor AS revenue_minor
      FROM sale_lines WHERE ${drawn('hash(line_id) % 1000000', 12, 100)} < 3`,
    path_steps: `SELECT document_id AS conversion_id, CAST(n AS bigint) AS step_no FROM sale_persons
      CROSS JOIN range(3) t(n) WHERE person_id IS NOT NULL AND ${drawn('hash(document_id) % 1000000', 13, 2)} = 0`,
    persons: `SELECT ${unknown} AS identifier_key, ${unknown} AS kind, ${unknown} AS person_id,
      CAST(NULL AS timestamp) AS known_since, false AS is_withdrawn WHERE false`,
    person_history: `SELECT ${unknown} AS identifier_key, CAST(NULL AS timestamp) AS known_from,
      CAST(NULL AS timestamp) AS known_until, ${unknown} AS person_id WHERE false`,
  };
}
