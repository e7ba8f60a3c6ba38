/**
 * Records that no shop should send and every shop does. A dozen, whatever the size; each must be rejected for its
 * reason and must not harm its neighbours.
 */
export interface Fault {
  file: string;
  /** What the rejection must say. */
  reason:
    | 'unreadable'
    | 'schema'
    | 'naive_time'
    | 'bad_time'
    | 'unknown_store'
    | 'unknown_currency'
    | 'total_mismatch';
  after: number;
  line: string;
}

const fault = (file: string, reason: Fault['reason'], after: number, record: object | string): Fault => ({
  file,
  reason,
  after,
  line: typeof record === 'string' ? record : JSON.stringify(record),
});

const till = {
  till_id: '1',
  business_date: '2025-01-11',
  tender: 'card',
  currency: 'EUR',
  tax_included: true,
};
const oneLine = [{ line_no: 1, sku: '101-1', quantity: 1, amount: '89.90', tax: '16.21' }];
const order = { fulfilment: 'ship', email: 'fault@example.com', tax_included: true, lines: oneLine };
const january = 'receipts-2025-01.jsonl.gz';

export const FAULTS: readonly Fault[] = [
  fault(
    'web.segment.jsonl.gz',
    'unreadable',
    30,
    '{"type":"track","messageId":"fault-1","anonymousId":"fault-browser","timest',
  ),
  fault('web.segment.jsonl.gz', 'schema', 90, {
    type: 'track',
    messageId: 'fault-2',
    anonymousId: 'fault-browser',
    event: 'Product Viewed',
    properties: { sku: '101-1' },
    context: {},
  }),
  fault('app.web_events.jsonl', 'naive_time', 12, {
    event_id: 'fault-3',
    event: 'view_item',
    occurred_at: '2025-01-11T10:00:00',
    sku: '101-1',
    anonymous_id: 'fault-app',
  }),
  fault('app.web_events.jsonl', 'schema', 25, {
    event: 'view_item',
    occurred_at: '2025-01-11T10:00:00Z',
    sku: '101-1',
    anonymous_id: 'fault-app',
  }),
  fault('touches.jsonl', 'naive_time', 18, {
    touch_id: 'fault-5',
    occurred_at: '2025-01-11 10:00:00',
    touch_type: 'email_open',
    email_sha256: '0'.repeat(64),
  }),
  fault('touches.jsonl', 'schema', 44, {
    touch_id: 'fault-6',
    occurred_at: '2025-01-11T10:00:00Z',
    touch_type: 'fax',
    anonymous_id: 'fault-fax',
  }),
  fault('orders.jsonl', 'unknown_currency', 5, {
    order_id: 'FAULT7',
    occurred_at: '2025-01-11T10:00:00Z',
    currency: 'EUX',
    total: '89.90',
    ...order,
  }),
  fault('orders.jsonl', 'total_mismatch', 9, {
    order_id: 'FAULT8',
    occurred_at: '2025-01-11T10:00:00Z',
    currency: 'EUR',
    total: '98.90',
    ...order,
  }),
  fault(january, 'unknown_store', 3, {
    receipt_id: 'FAULT9',
    store_id: 'IT-XX-99',
    occurred_at: '2025-01-11T10:00:00+01:00',
    ...till,
    total: '89.90',
    lines: oneLine,
  }),
  fault(january, 'total_mismatch', 7, {
    receipt_id: 'FAULT10',
    store_id: 'IT-MI-01',
    occurred_at: '2025-01-11T10:00:00+01:00',
    ...till,
    total: '79.90',
    lines: oneLine,
  }),
  fault(january, 'bad_time', 11, {
    receipt_id: 'FAULT11',
    store_id: 'IT-MI-01',
    occurred_at: '2025-02-30T10:00:00+01:00',
    ...till,
    total: '89.90',
    lines: oneLine,
  }),
  fault(
    'late-receipts.jsonl',
    'unreadable',
    2,
    '{"receipt_id":"FAULT12","store_id":"IT-MI-01","lines":[{"sku":"101-1"',
  ),
];

export const faultsOf = (file: string): Fault[] => FAULTS.filter((one) => one.file === file);
