import { ZONE } from './complete-journey-reference.ts';
import { columnsOf, csvBatches, csvOriginal } from './csv-rows.ts';
import type { FoundRecord, InputFile } from './format.ts';

const COLUMNS = [
  'household_id',
  'store_id',
  'basket_id',
  'product_id',
  'quantity',
  'sales_value',
  'transaction_timestamp',
] as const;

/**
 * Each row is one line of a basket whose other lines may stand anywhere, so each becomes a partial receipt of one
 * line. A store becomes a record of its own when it is first seen, ahead of its receipts. `sales_value` is what the
 * retailer received; the discount columns are not part of it. Times are local and have no offset.
 */
export async function* readTransactions(file: InputFile): AsyncGenerator<FoundRecord[]> {
  const stores = new Set<string>();
  for await (const { header, rows } of csvBatches(file)) {
    const at = columnsOf(file, header, COLUMNS);
    const found: FoundRecord[] = [];
    for (const row of rows) {
      const place = { kind: 'receipts' as const, original: csvOriginal(header, row), line: row.line };
      if (row.unreadable !== undefined) {
        found.push({ ...place, unreadable: row.unreadable });
        continue;
      }
      const { cells } = row;
      const store = cells[at.store_id]!;
      if (!stores.has(store)) {
        stores.add(store);
        found.push({ ...place, kind: 'stores', value: storeOf(store) });
      }
      const product = cells[at.product_id]!;
      const value = {
        receipt_id: cells[at.basket_id]!,
        store_id: store,
        occurred_at: cells[at.transaction_timestamp]!,
        loyalty_id: cells[at.household_id] || null,
        currency: 'USD',
        partial: true,
        lines: [
          {
            sku: product,
            product_id: product,
            quantity: cells[at.quantity]!,
            amount: cells[at.sales_value]!,
          },
        ],
      };
      found.push({ ...place, value });
    }
    yield found;
  }
}

function storeOf(id: string) {
  return { store_id: id, region: 'Complete Journey', time_zone: ZONE, currency: 'USD', country: 'US' };
}
