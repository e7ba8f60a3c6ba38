import { describe, expect, test } from 'vitest';
import { type AcceptContext, accept } from '../../lib/domain/accept/index.ts';
import { isBot } from '../../lib/domain/bots.ts';
import type { RecordKind } from '../../lib/domain/contract/index.ts';
import { createIdentify } from '../../lib/domain/identifier.ts';

const receivedAt = Date.UTC(2025, 5, 1);
const context: AcceptContext = {
  identify: createIdentify('a secret that is long enough'),
  isBot,
  store: (id) => (id === 's1' ? { time_zone: 'Europe/Rome', currency: 'EUR', country: 'IT' } : undefined),
  receivedAt,
  receivedAtText: new Date(receivedAt).toISOString(),
};

const take = (kind: RecordKind, value: unknown) =>
  accept(kind, value, context, { original: JSON.stringify(value) });
const rows = (kind: RecordKind, value: unknown) => {
  const outcome = take(kind, value);
  if (!outcome.ok) throw new Error(outcome.detail);
  return outcome.lines.map(({ table, json }) => ({ table, ...JSON.parse(json) }));
};
const receipt = (more: object) => ({
  receipt_id: 'r1',
  store_id: 's1',
  occurred_at: '2025-05-01T10:00:00',
  lines: [{ amount: '1' }],
  ...more,
});

describe('records that are refused, each with its reason', () => {
  test.each<[string, RecordKind, unknown, string]>([
    ['schema', 'receipts', { receipt_id: 'r1' }, 'receipts: store_id is missing'],
    [
      'schema',
      'touches',
      { touch_id: 't', occurred_at: '2025-05-01T10:00:00Z', touch_type: 'smoke' },
      'touches: touch_type = "smoke": it must be one of click, impression',
    ],
    ['unknown_store', 'receipts', receipt({ store_id: 's9' }), 'store_id "s9" is not among the stores'],
    [
      'naive_time',
      'orders',
      { order_id: 'o', occurred_at: '2025-05-01T10:00:00', currency: 'EUR', lines: [{ amount: 1 }] },
      'has no offset',
    ],
    [
      'in_future',
      'receipts',
      receipt({ occurred_at: '2025-06-02T00:00:01Z' }),
      'more than 24 hours after arrival',
    ],
    ['too_old', 'receipts', receipt({ occurred_at: '1970-01-01T00:00:00Z' }), 'before 2000-01-01'],
    ['unknown_currency', 'receipts', receipt({ currency: 'XYZ' }), 'currency "XYZ"'],
    [
      'no_currency',
      'orders',
      { order_id: 'o', occurred_at: '2025-05-01T10:00:00Z', lines: [{ amount: 1 }] },
      'has no currency',
    ],
    ['total_mismatch', 'receipts', receipt({ total: '2.00' }), 'has total 2.00 but its lines come to 1'],
    [
      'negative_amount',
      'receipts',
      receipt({ lines: [{ amount: '-1', quantity: 1 }] }),
      'it must be zero or more',
    ],
    [
      'negative_amount',
      'receipts',
      receipt({ lines: [{ amount: '1', line_kind: 'return' }] }),
      'it must be zero or less',
    ],
    [
      'negative_amount',
      'refunds',
      { refund_id: 'f', occurred_at: '2025-05-01T10:00:00Z', currency: 'EUR', amount: '-5' },
      'refunds are positive',
    ],
    [
      'zero_quantity',
      'receipts',
      receipt({ lines: [{ amount: '1', quantity: 0 }] }),
      'quantity 0 and amount 1',
    ],
    [
      'amount_too_large',
      'receipts',
      receipt({ lines: [{ amount: '1000000000000.01' }] }),
      'the limit is 100000000000000',
    ],
    [
      'bad_time_zone',
      'stores',
      { store_id: 's', time_zone: 'Mars/Base', currency: 'EUR' },
      'no IANA time zone',
    ],
    [
      'bad_text',
      'web_events',
      { event_id: 'a\ud800', event: 'x', occurred_at: '2025-05-01T10:00:00Z' },
      'unpaired surrogates',
    ],
  ])('%s: %s', (reason, kind, value, detail) => {
    const outcome = take(kind, value);
    expect(outcome).toMatchObject({ ok: false, reason });
    expect(!outcome.ok && outcome.detail).toContain(detail);
  });

  test('a message never holds who it is about', () => {
    const outcome = take('receipts', receipt({ email: 42 }));
    expect(!outcome.ok && outcome.detail).toContain('receipts: email = its value');
  });
});

describe('records that are accepted', () => {
  test('lines finer than a cent are rounded so that they sum to the total', () => {
    const lines = [{ amount: '3.333' }, { amount: '3.333' }, { amount: '3.334' }];
    expect(rows('receipts', receipt({ lines, total: '10.00' })).map((row) => row.amount_minor)).toEqual([
      333, 333, 334,
    ]);
    const thirds = Array.from({ length: 3 }, () => ({ amount: '0.335' }));
    expect(
      rows('receipts', receipt({ lines: thirds, total: '1.01' })).map((row) => row.amount_minor),
    ).toEqual([34, 34, 33]);
  });

  test('tax inside and on top come to the same', () => {
    const inside = rows('receipts', receipt({ lines: [{ amount: '12.20', tax: '2.20' }], total: '12.20' }));
    const onTop = rows(
      'receipts',
      receipt({ lines: [{ amount: '10.00', tax: '2.20' }], total: '12.20', tax_included: false }),
    );
    for (const [row] of [inside, onTop]) expect(row).toMatchObject({ amount_minor: 1000, tax_minor: 220 });
  });

  test('what is negative twice is a return, and the value of noise is zero', () => {
    expect(rows('receipts', receipt({ lines: [{ amount: '-2', quantity: -1 }] }))[0]).toMatchObject({
      line_kind: 'return',
    });
    expect(rows('receipts', receipt({ lines: [{ amount: '4.440892e-16', quantity: 0 }] }))[0]).toMatchObject({
      amount_minor: 0,
    });
  });

  test('denied consent keeps the event and no identifier', () => {
    const [row] = rows('web_events', {
      event_id: 'e',
      event: 'x',
      occurred_at: '2025-05-01T10:00:00Z',
      anonymous_id: 'd',
      customer_id: 'c',
      consent: 'denied',
    });
    expect(row).toMatchObject({ consent: 'denied' });
    expect(Object.keys(row).filter((name) => name.endsWith('_key'))).toEqual([]);
  });

  test('personal data leaves pages and campaigns, click ids and utm come out of the address', () => {
    const [row] = rows('web_events', {
      event_id: 'e',
      event: 'page_view',
      occurred_at: '2025-05-01T10:00:00Z',
      url: 'https://www.Shop.example/account/anna@example.com/?utm_source=Mail&utm_medium=email&utm_campaign=for%20anna%40example.com&gclid=1#top',
      referrer: 'https://user:pw@www.google.com/search?q=anna',
      user_agent: 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
    });
    expect(row).toMatchObject({
      event: 'Page Viewed',
      page_host: 'shop.example',
      page_path: '/account/[email]/',
      referrer_host: 'google.com',
      utm_source: 'Mail',
      utm_campaign: 'for [email]',
      click_id: 'gclid',
      is_bot: true,
    });
    expect(JSON.stringify(row)).not.toContain('anna');
  });

  test('a clock that runs fast by less than a day is believed', () => {
    const occurred_at = new Date(receivedAt + 3_600_000).toISOString();
    const [row] = rows('web_events', { event_id: 'e', event: 'x', occurred_at });
    expect(row.occurred_at).toBe(occurred_at);
  });

  test('equal records have equal fingerprints whatever the spelling; other records do not', () => {
    const print = (more: object) => rows('receipts', receipt(more)).map((row) => row.fingerprint as string);
    expect(print({ lines: [{ amount: 1 }] })).toEqual(
      print({ lines: [{ amount: '1.00', quantity: 1 }], currency: 'EUR' }),
    );
    expect(print({ occurred_at: '2025-05-01T08:00:00Z' })).toEqual(print({}));
    expect(print({ tender: 'cash' })).not.toEqual(print({}));
    const lines = rows('receipts', receipt({ lines: [{ amount: 1 }, { amount: 1 }] }));
    expect(new Set(lines.map((row) => row.record_id)).size).toBe(2);
  });
});
