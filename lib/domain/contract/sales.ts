import { type Static, Type } from '@sinclair/typebox';
import {
  amount,
  choice,
  currency,
  date,
  id,
  identifiers,
  instant,
  maybe,
  paymentToken,
  quantity,
  revision,
  text,
} from './fields.ts';

/**
 * What a line is. Only `sale`, `return` and `discount` are merchandise and count as revenue; the rest is
 * listed as excluded, by kind, so that a receipt still adds up.
 */
export const LINE_KINDS = [
  'sale',
  'return',
  'discount',
  'gift_card',
  'deposit',
  'tip',
  'shipping',
  'service',
  'donation',
] as const;

export const FULFILMENTS = ['ship', 'click_and_collect', 'reserve_and_collect'] as const;

export const Line = Type.Object({
  line_no: maybe(
    Type.Union([Type.Integer({ minimum: 0 }), id('')], { description: 'Number of the line in its document' }),
  ),
  line_kind: maybe(
    choice(LINE_KINDS, 'What the line is; absent: return when quantity and amount are negative, else sale'),
  ),
  sku: maybe(id('Stock keeping unit: the exact variant')),
  product_id: maybe(id('Product: all its variants')),
  category: maybe(text('Category; absent: taken from the products')),
  quantity: maybe(quantity('Pieces or weight; negative on a return. Absent is 1, or -1 on a return')),
  amount: amount('What the line comes to after its discounts; negative on a return or a discount'),
  tax: maybe(amount('Tax of the line: inside `amount` where `tax_included`, else on top of it')),
  original_receipt_id: maybe(id('On a return: receipt the goods were bought with')),
});
export type Line = Static<typeof Line>;

const document = {
  currency: maybe(currency),
  total: maybe(amount('What the document comes to, tax included; must equal its lines')),
  tax_included: maybe(Type.Boolean({ description: 'Whether amounts contain their tax; absent is true' })),
  lines: Type.Array(Line, { minItems: 1, maxItems: 5000, description: 'At least one line' }),
  partial: maybe(
    Type.Boolean({
      description:
        'The record holds some lines of its document and others come in other records. Lines that are equal in every field are then one line',
    }),
  ),
  revision,
};

/** An order of the web shop. A web order and its "Order Completed" event are counted once, by `order_id`. */
export const Order = Type.Object(
  {
    order_id: id('Unique per order'),
    occurred_at: instant('When the order was placed'),
    fulfilment: maybe(choice(FULFILMENTS, 'How the goods reach the customer; absent is ship')),
    store_id: maybe(id('Store of collection')),
    ...identifiers,
    payment_token: paymentToken,
    ...document,
  },
  { $id: 'ropo/orders/1', title: 'orders', description: 'An order of the web shop' },
);
export type Order = Static<typeof Order>;

/** Money given back for a web order: amounts are positive. Without lines and amount it is the whole order. */
export const Refund = Type.Object(
  {
    refund_id: id('Unique per refund'),
    order_id: maybe(id('Order the money is given back for; absent when the feed does not say')),
    occurred_at: instant('When the money was given back'),
    ...identifiers,
    ...document,
    lines: maybe(Type.Array(Line, { maxItems: 5000, description: 'What was refunded; amounts positive' })),
    amount: maybe(amount('What was given back, where there are no lines')),
  },
  { $id: 'ropo/refunds/1', title: 'refunds', description: 'Money given back for a web order' },
);
export type Refund = Static<typeof Refund>;

/** A till receipt. Its key is store, till, business date and receipt number: send the same parts in every feed. */
export const Receipt = Type.Object(
  {
    receipt_id: id('Receipt number'),
    store_id: id('Store; must be one of the stores'),
    till_id: maybe(id('Till; part of the key where receipt numbers restart per till')),
    business_date: maybe(date('Business day of the till; part of the key where receipt numbers restart')),
    occurred_at: instant('When it was paid'),
    tender: maybe(text('How it was paid: cash, card, voucher. Never a card number', 60)),
    order_id: maybe(id('Web order that this receipt hands over or collects the money for')),
    original_receipt_id: maybe(id('Receipt that returned goods were bought with, for all lines')),
    ...identifiers,
    payment_token: paymentToken,
    ...document,
  },
  { $id: 'ropo/receipts/1', title: 'receipts', description: 'A till receipt with its lines' },
);
export type Receipt = Static<typeof Receipt>;
