import { createHash } from 'node:crypto';
import type { Records } from '../temporary-shop.ts';

export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** Anna, who is to be erased; she shares a tablet and a household card with Bruno. */
export const ANNA = {
  customer_id: 'customer-anna-1',
  email: 'Anna.Rossi@example.com',
  phone: '+39 347 123 4567',
  phone_e164: '+393471234567',
  device: 'device-of-anna-77',
  token: 'tok_anna_444',
};
export const BRUNO = {
  customer_id: 'customer-bruno-2',
  email: 'bruno@example.com',
  device: 'device-of-bruno',
};
export const TABLET = 'tablet-in-the-kitchen';
export const CARD = 'household-card-5';

const view = (event_id: string, day: number, more: object) => ({
  event_id,
  event: 'Product Viewed',
  occurred_at: `2025-02-${String(day).padStart(2, '0')}T10:00:00Z`,
  sku: 'A',
  ...more,
});
const receipt = (receipt_id: string, amount: string, more: object) => ({
  receipt_id,
  store_id: 's1',
  occurred_at: `2025-02-1${receipt_id.length}T1${receipt_id.length}:00:00`,
  lines: [{ sku: 'A', amount }],
  ...more,
});

/** What both left behind, in every raw table. */
export const TWO_PEOPLE: Records = {
  stores: [{ store_id: 's1', name: 'Rome', time_zone: 'Europe/Rome', currency: 'EUR', country: 'IT' }],
  products: [{ sku: 'A', product_id: 'P', category: 'Lamps' }],
  web_events: [
    view('a1', 1, { anonymous_id: ANNA.device }),
    view('a2', 2, { anonymous_id: ANNA.device, customer_id: ANNA.customer_id }),
    view('a3', 3, { anonymous_id: TABLET, customer_id: ANNA.customer_id }),
    view('b1', 3, { anonymous_id: TABLET, customer_id: BRUNO.customer_id }),
    view('b2', 4, { anonymous_id: BRUNO.device, customer_id: BRUNO.customer_id }),
    view('t1', 5, { anonymous_id: TABLET }),
  ],
  touches: [
    {
      touch_id: 't1',
      occurred_at: '2025-02-03T09:00:00Z',
      touch_type: 'email_click',
      utm_source: 'newsletter',
      utm_medium: 'email',
      email: ANNA.email,
    },
    {
      touch_id: 't2',
      occurred_at: '2025-02-03T09:00:00Z',
      touch_type: 'email_click',
      utm_source: 'newsletter',
      utm_medium: 'email',
      email: BRUNO.email,
    },
  ],
  orders: [
    {
      order_id: 'o1',
      occurred_at: '2025-02-06T10:00:00Z',
      currency: 'EUR',
      customer_id: ANNA.customer_id,
      email: ANNA.email,
      phone: ANNA.phone,
      lines: [
        { sku: 'A', amount: '100.01' },
        { sku: 'A', amount: '9.99' },
      ],
    },
    {
      order_id: 'o2',
      occurred_at: '2025-02-06T10:00:00Z',
      currency: 'EUR',
      customer_id: BRUNO.customer_id,
      email: BRUNO.email,
      lines: [{ sku: 'A', amount: '50.00' }],
    },
  ],
  receipts: [
    receipt('r', '20.00', { customer_id: ANNA.customer_id, payment_token: ANNA.token }),
    receipt('rr', '21.00', { loyalty_id: CARD, customer_id: ANNA.customer_id }),
    receipt('rrr', '22.00', { loyalty_id: CARD, customer_id: BRUNO.customer_id }),
    receipt('rrrr', '23.00', { loyalty_id: CARD }),
    receipt('rrrrr', '24.00', { payment_token: ANNA.token }),
    receipt('rrrrrr', '25.00', {}),
  ],
  store_visits: [
    {
      visit_id: 'v1',
      store_id: 's1',
      entered_at: '2025-02-11T11:00:00',
      method: 'app',
      phone: '347 1234567',
    },
    { visit_id: 'v2', store_id: 's1', entered_at: '2025-02-11T11:00:00', method: 'app', email: BRUNO.email },
  ],
  feedback: [
    {
      feedback_id: 'f1',
      kind: 'nps',
      score: 3,
      occurred_at: '2025-02-12T11:00:00Z',
      place: 'online',
      email: ANNA.email,
    },
    {
      feedback_id: 'f2',
      kind: 'nps',
      score: 9,
      occurred_at: '2025-02-12T11:00:00Z',
      place: 'online',
      email: BRUNO.email,
    },
  ],
};

/** Records that no contract takes, and a text that nobody can read: each holds Anna in another way. */
export const REFUSED: Records = {
  web_events: [
    { event_id: 'x1', event: 'Product Viewed', occurred_at: 'yesterday', email: ANNA.email.toUpperCase() },
    {
      event_id: 'x2',
      event: 'Product Viewed',
      occurred_at: 'yesterday',
      phone_sha256: sha256(ANNA.phone_e164),
    },
    { event_id: 'x3', event: 'Product Viewed', occurred_at: 'yesterday', customer_id: BRUNO.customer_id },
  ],
  receipts: [
    {
      receipt_id: 'late',
      store_id: 'not-known-yet',
      occurred_at: '2025-02-11T11:00:00Z',
      lines: [{ sku: 'A', amount: '1' }],
      customer_id: ANNA.customer_id,
    },
  ],
};
