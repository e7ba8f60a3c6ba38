import type { Records } from '../temporary-shop.ts';

/** A shop small enough to work out by hand what every explanation must say. Rome is an hour ahead of UTC until 30 March. */
export const EXPLAINED_SHOP: Records = {
  stores: [
    {
      store_id: 's1',
      name: 'Rome',
      region: 'South',
      time_zone: 'Europe/Rome',
      currency: 'EUR',
      country: 'IT',
    },
    {
      store_id: 's2',
      name: 'London',
      region: 'North',
      time_zone: 'Europe/London',
      currency: 'GBP',
      country: 'GB',
    },
  ],
  products: [
    { sku: 'A1', product_id: 'A', category: 'Lamps', name: 'Lamp, red' },
    { sku: 'A2', product_id: 'A', category: 'Lamps', name: 'Lamp, blue' },
    { sku: 'B1', product_id: 'B', category: 'Rugs', name: 'Rug' },
  ],
  web_events: [
    view('e1', '2025-01-05T10:00:00Z', 'B1', {
      url: 'https://shop.example/?utm_source=news&utm_medium=email&utm_campaign=winter',
      loyalty_id: 'CARD-9',
      email: 'anna@example.com',
    }),
    view('e2', '2025-03-01T10:00:00Z', 'A2', {
      url: 'https://shop.example/a2?utm_source=google&utm_medium=cpc&utm_campaign=lamps',
    }),
    view('e3', '2025-03-18T10:00:00Z', 'A1', {}),
    view('e4', '2025-03-20T10:45:00Z', 'B1', {}),
    view('e5', '2025-03-22T10:00:00Z', 'A1', {}),
  ],
  store_visits: [
    {
      visit_id: 'v1',
      store_id: 's1',
      entered_at: '2025-03-20T10:30:00Z',
      left_at: '2025-03-20T11:30:00Z',
      method: 'app check-in',
      loyalty_id: 'CARD-9',
    },
  ],
  orders: [
    {
      order_id: 'web-1',
      occurred_at: '2025-03-10T10:00:00Z',
      currency: 'EUR',
      fulfilment: 'click_and_collect',
      store_id: 's1',
      email: 'bea@example.com',
      lines: [{ sku: 'B1', amount: '20' }],
    },
    {
      order_id: '7',
      occurred_at: '2025-03-11T10:00:00Z',
      currency: 'EUR',
      payment_token: 'tok_7',
      lines: [{ sku: 'B1', amount: '20' }],
    },
  ],
  receipts: [
    receipt('r0', '2025-02-10T11:00:00Z', { loyalty_id: 'CARD-9', lines: [{ sku: 'A2', amount: '7' }] }),
    receipt('r1', '2025-03-20T11:00:00Z', {
      loyalty_id: 'CARD-9',
      payment_token: 'tok_anna',
      tender: 'card',
      lines: [
        { sku: 'A1', amount: '10' },
        { sku: 'B1', amount: '20' },
        { line_kind: 'gift_card', amount: '5' },
        { line_kind: 'discount', amount: '-3' },
      ],
    }),
    receipt('r2', '2025-03-25T11:00:00Z', {
      loyalty_id: 'CARD-9',
      lines: [{ sku: 'A1', amount: '-9', quantity: -1, original_receipt_id: 'r1' }],
    }),
    receipt('denied', '2025-03-20T11:00:00Z', { loyalty_id: 'CARD-8', consent: 'denied' }),
    receipt('stranger', '2025-03-20T11:00:00Z', {}),
    receipt('lost-order', '2025-03-20T11:00:00Z', { order_id: 'gone' }),
    receipt('collected', '2025-03-12T11:00:00Z', { order_id: 'web-1', lines: [{ sku: 'B1', amount: '20' }] }),
    receipt('paid-by-card', '2025-03-13T11:00:00Z', { payment_token: 'tok_7' }),
    receipt('7', '2025-03-20T11:00:00Z', {}),
    { ...receipt('7', '2025-03-20T11:00:00Z', {}), store_id: 's2' },
  ],
};

function view(event_id: string, occurred_at: string, sku: string, more: object) {
  return {
    event_id,
    event: 'Product Viewed',
    occurred_at,
    url: 'https://shop.example/',
    sku,
    anonymous_id: 'phone',
    ...more,
  };
}

function receipt(receipt_id: string, occurred_at: string, more: object) {
  return { receipt_id, store_id: 's1', occurred_at, lines: [{ sku: 'A1', amount: '10' }], ...more };
}
