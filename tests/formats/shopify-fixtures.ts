/** Orders as Shopify writes them, cut down to what is looked at and what must not be kept. */

const euro = (amount: string) => ({
  shop_money: { amount, currency_code: 'EUR' },
  presentment_money: { amount, currency_code: 'EUR' },
});

const people = {
  billing_address: { first_name: 'Jörg', last_name: 'Müßig', address1: 'Domstraße 1', phone: '0221 1' },
  shipping_address: { name: 'Jörg Müßig', city: 'Köln' },
  client_details: { browser_ip: '203.0.113.9' },
  note: 'bitte beim Nachbarn Grünwald abgeben',
};

/** Three lines: one with a discount, one for nothing and without a SKU, a gift card; sent; partly given back. */
export const webOrder = {
  id: 5001,
  name: '#1001',
  source_name: 'web',
  created_at: '2025-03-09T23:58:00+01:00',
  processed_at: '2025-03-09T23:59:30+01:00',
  updated_at: '2025-03-20T10:00:00+01:00',
  currency: 'EUR',
  presentment_currency: 'EUR',
  taxes_included: true,
  total_price: '104.87',
  total_tip_received: '0.0',
  buyer_accepts_marketing: true,
  email: 'Joerg.Muessig@Example.org',
  customer: { id: 900719925474, first_name: 'Jörg', last_name: 'Müßig', email: 'joerg.muessig@example.org' },
  ...people,
  payment_details: { credit_card_number: '•••• •••• •••• 4242' },
  line_items: [
    {
      id: 1,
      sku: 'MÜTZE-01',
      product_id: 71,
      variant_id: 711,
      quantity: 3,
      price: '19.99',
      discount_allocations: [{ amount: '7.50' }, { amount: '2.50' }],
      tax_lines: [{ price: '7.98', rate: 0.19 }],
    },
    {
      id: 2,
      sku: '',
      product_id: 72,
      variant_id: 44871,
      quantity: 1,
      price: '5.00',
      discount_allocations: [{ amount: '5.00' }],
      tax_lines: [],
    },
    { id: 3, sku: 'GUTSCHEIN', product_id: 73, quantity: 1, price: '50.00', gift_card: true, tax_lines: [] },
  ],
  shipping_lines: [{ price: '4.90', discount_allocations: [], tax_lines: [{ price: '0.78' }] }],
  refunds: [
    {
      id: 801,
      order_id: 5001,
      created_at: '2025-03-20T09:59:00+01:00',
      processed_at: '2025-03-20T09:59:00+01:00',
      refund_line_items: [
        {
          line_item_id: 1,
          quantity: 1,
          subtotal: 16.66,
          total_tax: 2.66,
          subtotal_set: euro('16.66'),
          total_tax_set: euro('2.66'),
          line_item: { id: 1, sku: 'MÜTZE-01', product_id: 71, variant_id: 711, quantity: 3 },
        },
      ],
      order_adjustments: [{ kind: 'shipping_refund', amount: '-4.12', tax_amount: '-0.78' }],
      transactions: [{ kind: 'refund', status: 'success', amount: '20.78', currency: 'EUR', receipt: {} }],
    },
  ],
};

/** Sold at a till, with the tax on top, a tip, and two ways of payment. */
export const tillOrder = {
  id: 5002,
  source_name: 'pos',
  location_id: 77,
  device_id: 12,
  user_id: 31337,
  created_at: '2025-03-12T18:30:00-04:00',
  processed_at: '2025-03-12T18:30:00-04:00',
  updated_at: '2025-03-12T18:30:05-04:00',
  currency: 'USD',
  taxes_included: false,
  total_price: '67.80',
  total_tip_received: '3.00',
  email: 'joerg.muessig@example.org',
  payment_gateway_names: ['shopify_payments', 'cash', 'cash'],
  line_items: [
    { id: 9, sku: 'CAP-7', product_id: 75, quantity: 2, price: '30.00', tax_lines: [{ price: '4.80' }] },
  ],
  shipping_lines: [],
  refunds: [],
};

/** What `refunds/create` tells of one of the two caps. */
export const tillRefund = {
  id: 802,
  order_id: 5002,
  created_at: '2025-03-15T12:00:00-04:00',
  user_id: 31337,
  refund_line_items: [
    {
      line_item_id: 9,
      quantity: 1,
      subtotal: '30.00',
      total_tax: '2.40',
      subtotal_set: { shop_money: { amount: '30.00', currency_code: 'USD' } },
      line_item: { id: 9, sku: 'CAP-7', product_id: 75, quantity: 2 },
    },
  ],
  order_adjustments: [],
  transactions: [{ kind: 'refund', status: 'success', amount: '32.40', currency: 'USD' }],
};

/** Shown in Swiss francs; each amount was converted by itself, and the total is a cent off. */
export const francOrder = {
  id: 5003,
  source_name: 'web',
  processed_at: '2025-03-13T08:00:00Z',
  updated_at: '2025-03-13T08:00:00Z',
  currency: 'EUR',
  presentment_currency: 'CHF',
  taxes_included: true,
  total_price: '31.18',
  total_price_set: {
    shop_money: { amount: '31.18', currency_code: 'EUR' },
    presentment_money: { amount: '30.00', currency_code: 'CHF' },
  },
  line_items: [
    {
      sku: 'SCHAL',
      quantity: 1,
      price: '20.79',
      price_set: {
        shop_money: { amount: '20.79', currency_code: 'EUR' },
        presentment_money: { amount: '20.00', currency_code: 'CHF' },
      },
    },
    { sku: 'SOCKE', quantity: 2, price: '5.20' },
  ],
};

export const cancelledOrder = {
  id: 5004,
  source_name: 'web',
  processed_at: '2025-03-14T08:00:00Z',
  updated_at: '2025-03-14T09:00:00Z',
  cancelled_at: '2025-03-14T09:00:00Z',
  currency: 'EUR',
  taxes_included: true,
  total_price: '12.00',
  line_items: [{ sku: 'SOCKE', quantity: 2, price: '6.00' }],
};
