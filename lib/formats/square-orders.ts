import type { FoundRecord, ImportFormat } from './format.ts';
import { type JsonDocument, orderDocuments } from './json-documents.ts';
import { jsonWithout } from './json-fields.ts';
import { documentsOf } from './square-order.ts';

/** What an order says of people and cards beyond the customer's number; kept nowhere, not in rejections either. */
const DROPPED = new Set(
  'recipient card_details cash_details bank_account_details note ticket_name metadata pickup_details delivery_details shipment_details'.split(
    ' ',
  ),
);

/**
 * Orders as Square's API answers them (SearchOrders, BatchRetrieveOrders, RetrieveOrder). Only completed ones are
 * records: what is open, drafted or cancelled took no money.
 */
export const squareOrders: ImportFormat = {
  name: 'square-orders',
  describes: 'Square orders (JSON of its API): receipts, orders where sold online, returns',
  read: orderDocuments(recordsOf),
};

function recordsOf({ value, line, repeatsName = false }: JsonDocument): FoundRecord[] {
  if (value.state !== 'COMPLETED') return [];
  const place = { original: jsonWithout(value, DROPPED), line };
  const documents = documentsOf(value);
  if (typeof documents === 'string') return [{ kind: null, unreadable: documents, ...place }];
  return documents.map((document): FoundRecord => ({ ...document, ...place, repeatsName }));
}
