import type { FoundRecord, ImportFormat } from './format.ts';
import { type JsonDocument, orderDocuments } from './json-documents.ts';
import { jsonWithout } from './json-fields.ts';
import type { JsonObject } from './jsonl.ts';
import { cancellationOf, orderRecord } from './shopify-order.ts';
import { refundRecord } from './shopify-refund.ts';

/** A record of a contract, or why a part of an order is none. */
export type Made = { kind: 'orders' | 'receipts' | 'refunds'; value: JsonObject } | { unreadable: string };

/** What an order says of people and devices beyond what identifies them here; kept nowhere, not in rejections either. */
const DROPPED = new Set(
  'billing_address shipping_address default_address first_name last_name company note note_attributes client_details browser_ip payment_details payment_terms landing_site referring_site order_status_url token cart_token checkout_token user_id receipt attributed_staffs customer_locale tax_exemptions marketing_opt_in_level email_marketing_consent sms_marketing_consent'.split(
    ' ',
  ),
);

/**
 * Orders as Shopify's webhooks and REST Admin API write them: `source_name` "pos" becomes receipts, the rest orders; the
 * refunds of both become refunds, whether they stand in an order or come alone. Test orders are no records.
 */
export const shopifyOrders: ImportFormat = {
  name: 'shopify-orders',
  describes:
    'Shopify orders and refunds (JSON of webhooks and REST Admin API): receipts where sold at a till, else orders; refunds',
  read: orderDocuments(recordsOf),
};

function recordsOf({ value, line, repeatsName = false }: JsonDocument): FoundRecord[] {
  if (value.test === true) return [];
  const place = { original: jsonWithout(value, DROPPED), line };
  return madeOf(value).map(
    (made): FoundRecord =>
      'unreadable' in made
        ? { kind: null, unreadable: made.unreadable, ...place }
        : { ...made, ...place, repeatsName },
  );
}

function madeOf(document: JsonObject): Made[] {
  if (Array.isArray(document.refund_line_items)) return [refundRecord(document, null)].filter(isMade);
  const order = orderRecord(document);
  if ('unreadable' in order) return [order];
  const refunds = Array.isArray(document.refunds) ? document.refunds : [];
  return [
    order,
    ...refunds.map((refund) => refundRecord(refund as JsonObject, document)),
    cancellationOf(document),
  ].filter(isMade);
}

const isMade = (made: Made | null): made is Made => made !== null;
