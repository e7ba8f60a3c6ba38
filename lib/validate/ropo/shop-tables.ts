import { centsOf, PRODUCTS_OF_CATEGORY, ROPO_SKUS, SKUS_OF_PRODUCT } from '../../demo/ropo-worlds/goods.ts';
import type { RopoStore, RopoTrails } from '../../demo/ropo-worlds/simulate-ropo.ts';
import type { Warehouse } from '../../ports.ts';

/**
 * Tables of a shop that are made of trails, where a build makes them of records: what import, staging and identity
 * would give if every file were in order. The ROPO tables are made from here on by the product's own SQL.
 */
const TABLES: Record<string, string> = {
  products: `SELECT
    'k' || sku AS sku, 'm' || product AS product_id, 'c' || category AS category,
    'Item ' || sku AS product_name, CAST(NULL AS varchar) AS brand, CAST(price / 2 AS bigint) AS unit_cost_minor,
    'EUR' AS currency
  FROM trail_goods`,
  stores: `SELECT
    store_id, store_id AS store_name, world AS region, 'UTC' AS time_zone, 'EUR' AS currency, 'IT' AS country
  FROM trail_stores`,
  web_events: `SELECT
    'e' || event AS event_key, 'e' || event AS event_id, 'p' || person AS person_id, 'd' || person AS device_id,
    epoch_ms(CAST(happened_ms AS bigint)) AS occurred_at, 'Product Viewed' AS event, 'desktop' AS device,
    CAST(NULL AS varchar) AS campaign_traffic, CAST(NULL AS varchar) AS referral_traffic,
    'k' || sku AS sku, CAST(NULL AS varchar) AS product_id, CAST(NULL AS varchar) AS category,
    CAST(NULL AS varchar) AS store_id
  FROM trail_views`,
  sale_lines: `SELECT
    'l' || line AS line_id, 'r' || receipt AS document_id, 'receipt' AS document_kind,
    epoch_ms(CAST(happened_ms AS bigint)) AS occurred_at, s.store_id,
    CASE WHEN receipt % 3 = 0 THEN 'cash' ELSE 'card' END AS tender, 'EUR' AS currency,
    CAST(NULL AS varchar) AS order_id, 'r' || receipt AS receipt_id,
    CAST(NULL AS varchar) AS original_receipt_id, false AS is_whole_refund, 'sale' AS line_kind,
    'k' || l.sku AS sku, 'm' || g.product AS product_id, 'c' || g.category AS category, CAST(1 AS double) AS quantity,
    CAST(g.price AS bigint) AS amount_minor, CAST(0 AS bigint) AS tax_minor, 'receipt' AS fulfilment, 'sale' AS treatment
  FROM trail_lines l
  JOIN trail_goods g ON g.sku = l.sku
  JOIN trail_stores s ON s.store = l.store`,
  sale_persons: `SELECT
    'r' || receipt AS document_id, epoch_ms(CAST(min(happened_ms) AS bigint)) AS occurred_at, min(s.store_id) AS store_id,
    'EUR' AS currency, false AS is_consent_denied,
    CASE WHEN min(is_member) = 1 THEN 'p' || min(person) END AS person_id,
    CASE WHEN min(is_member) = 1 THEN 'loyalty_id' END AS identified_by,
    CASE WHEN min(is_member) = 1 THEN 'strong' END AS evidence_strength
  FROM trail_lines l
  JOIN trail_stores s ON s.store = l.store
  GROUP BY receipt`,
  persons: `SELECT
    CAST(NULL AS varchar) AS identifier_key, CAST(NULL AS integer) AS kind, CAST(NULL AS varchar) AS person_id,
    CAST(NULL AS timestamp) AS known_since, CAST(NULL AS boolean) AS is_withdrawn
  WHERE false`,
  person_history: `SELECT
    CAST(NULL AS varchar) AS identifier_key, CAST(NULL AS timestamp) AS known_from,
    CAST(NULL AS timestamp) AS known_until, CAST(NULL AS varchar) AS person_id
  WHERE false`,
  line_returns: 'SELECT CAST(NULL AS varchar) AS line_id, CAST(NULL AS bigint) AS revenue_minor WHERE false',
  path_steps: 'SELECT CAST(NULL AS varchar) AS conversion_id WHERE false',
};

/** Tables that are made of trails and not by SQL of the product. */
export const TRAIL_TABLES: ReadonlySet<string> = new Set(Object.keys(TABLES));

/** A store's key: short, and in the order of its number. */
export const storeKey = (store: number) => `s${String(store).padStart(6, '0')}`;

/** Makes the tables that ROPO is measured on; a store's region is the name of its world. */
export async function createTrailTables(
  warehouse: Warehouse,
  stores: readonly RopoStore[],
  trails: RopoTrails,
): Promise<void> {
  const numbers = (length: number, of: (at: number) => number) =>
    Int32Array.from({ length }, (_, at) => of(at));
  const goods = numbers(ROPO_SKUS, (sku) => sku);
  await warehouse.createColumns('trail_goods', {
    sku: goods,
    product: goods.map((sku) => Math.floor(sku / SKUS_OF_PRODUCT)),
    category: goods.map((sku) => Math.floor(sku / (SKUS_OF_PRODUCT * PRODUCTS_OF_CATEGORY))),
    price: goods.map(centsOf),
  });
  await warehouse.createColumns('trail_stores', {
    store: numbers(stores.length, (store) => store),
    store_id: stores.map((_, store) => storeKey(store)),
    world: stores.map(({ world }) => world.name),
  });
  await warehouse.createColumns('trail_views', {
    event: numbers(trails.viewAt.length, (event) => event),
    person: trails.viewPerson,
    happened_ms: trails.viewAt,
    sku: trails.viewSku,
  });
  await warehouse.createColumns('trail_lines', {
    line: numbers(trails.lineAt.length, (line) => line),
    receipt: trails.lineReceipt,
    store: trails.lineStore,
    person: trails.linePerson,
    is_member: Int32Array.from(trails.lineIsMember),
    happened_ms: trails.lineAt,
    sku: trails.lineSku,
  });
  for (const [name, select] of Object.entries(TABLES)) await warehouse.createTable(name, select);
}
