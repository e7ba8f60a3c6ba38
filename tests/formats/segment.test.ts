import fc from 'fast-check';
import { expect, test } from 'vitest';
import { segment } from '../../lib/formats/segment.ts';
import { allOf, contractErrors, fileOf, unreadableOf, valuesOf } from './input.ts';

const read = (...messages: unknown[]) => {
  const lines = messages.map((message) => (typeof message === 'string' ? message : JSON.stringify(message)));
  return allOf(segment.read([fileOf('messages.jsonl', lines.join('\n'))]));
};

/** The event that one message becomes. */
async function eventOf(message: Record<string, unknown>) {
  const records = await read({
    messageId: 'm1',
    timestamp: '2025-03-09T13:05:00.000Z',
    type: 'track',
    ...message,
  });
  expect(contractErrors(records)).toEqual([]);
  return valuesOf(records)[0]!;
}

test('a page call of a browser becomes a page view with its traffic and its person', async () => {
  const event = await eventOf({
    type: 'page',
    anonymousId: 'anon-1',
    userId: 4711,
    context: {
      userAgent: 'Mozilla/5.0',
      page: { url: 'https://shop.example/shoes?gclid=x', referrer: 'https://www.google.com/' },
      campaign: { source: 'google', medium: 'cpc', name: 'spring', content: 'blue', term: 'boots' },
      traits: { email: 'a@example.org', phone: '+4930123456' },
      consent: { measurement: 'granted' },
    },
  });
  expect(event).toEqual({
    event_id: 'm1',
    event: 'Page Viewed',
    occurred_at: '2025-03-09T13:05:00.000Z',
    url: 'https://shop.example/shoes?gclid=x',
    referrer: 'https://www.google.com/',
    user_agent: 'Mozilla/5.0',
    utm_source: 'google',
    utm_medium: 'cpc',
    utm_campaign: 'spring',
    utm_content: 'blue',
    utm_term: 'boots',
    anonymous_id: 'anon-1',
    customer_id: '4711',
    email: 'a@example.org',
    phone: '+4930123456',
    consent: 'granted',
  });
});

test('an order carries its total before its revenue, and its products', async () => {
  const event = await eventOf({
    event: 'Order Completed',
    properties: {
      order_id: 5001,
      total: '27.50',
      revenue: 25,
      value: 1,
      currency: 'EUR',
      store_id: 's1',
      products: [{ sku: 'a', product_id: 1, price: 12.5, quantity: 2, name: 'Boots', position: 1 }, 'odd'],
    },
  });
  expect(event).toMatchObject({
    event: 'Order Completed',
    order_id: '5001',
    value: '27.50',
    currency: 'EUR',
    store_id: 's1',
    products: [{ sku: 'a', product_id: '1', price: 12.5, quantity: 2 }, {}],
  });
});

test('what custom events call value or currency does not cost them; what an order calls so is judged', async () => {
  const custom = await eventOf({ event: 'Video Played', properties: { value: 'intro', currency: 'coins' } });
  expect(custom).toEqual({ event_id: 'm1', event: 'Video Played', occurred_at: expect.any(String) });
  const order = {
    messageId: 'm',
    type: 'track',
    event: 'Order Completed',
    timestamp: '2025-03-09T13:05:00Z',
  };
  const records = await read({ ...order, properties: { order_id: '1', total: '1.234,00', currency: 'EUR' } });
  expect(contractErrors(records)).toHaveLength(1);
});

test.each([
  ['screen', 'Screen Viewed'],
  ['identify', 'Identified'],
  ['group', 'Grouped'],
  ['alias', 'Aliased'],
])('%s becomes %s', async (type, event) => {
  expect(await eventOf({ type })).toMatchObject({ event });
});

test('an alias names the browser it was and the customer it is', async () => {
  const event = await eventOf({ type: 'alias', previousId: 'anon-1', anonymousId: 'anon-2', userId: 'c1' });
  expect(event).toMatchObject({ anonymous_id: 'anon-1', customer_id: 'c1' });
});

const JANUARY = '2025-01-05T10:00:00.000Z';
const CALLED = '2025-11-20T10:00:00.000Z';
test.each([
  [
    'timestamp wins, also where the call came months later',
    { timestamp: JANUARY, originalTimestamp: CALLED, sentAt: CALLED, receivedAt: CALLED },
    JANUARY,
  ],
  ['without all three the device is believed', { originalTimestamp: CALLED, receivedAt: JANUARY }, CALLED],
  [
    'a naive time is no ground for correcting',
    { originalTimestamp: '2025-03-09T14:00:00', sentAt: CALLED, receivedAt: CALLED },
    '2025-03-09T14:00:00',
  ],
  ['a message without a time happened when it was received', { receivedAt: CALLED }, CALLED],
  ['or has none', { sentAt: CALLED }, undefined],
])('time: %s', async (_, times, expected) => {
  const [record] = await read({ messageId: 'm', type: 'page', ...times });
  expect(valuesOf([record!])[0]!.occurred_at).toBe(expected);
});

const SENT = '2025-03-09T14:00:10.000Z';
const RECEIVED = '2025-03-09T13:00:12.000Z';
const LATER = '2025-03-09T16:00:12.000Z';
test.each([
  ['a server that received it, and a sender whose clock it is', { timestamp: SENT }, SENT, true],
  ['no originalTimestamp that differs', { timestamp: SENT, originalTimestamp: SENT }, SENT, true],
  [
    'a time that the caller set or Segment has corrected',
    { timestamp: JANUARY, originalTimestamp: SENT },
    JANUARY,
    false,
  ],
  ['an original time alone', { originalTimestamp: SENT }, SENT, true],
  [
    'a message that was sent again with the time of before',
    { originalTimestamp: SENT, receivedAt: LATER },
    SENT,
    true,
  ],
  ['a time of sending that is none', { timestamp: SENT, sentAt: 'now' }, SENT, false],
])('the clock of the sender is told by %s', async (_, times, occurred_at, tellsSent) => {
  const message = { messageId: 'm', type: 'page', sentAt: SENT, receivedAt: RECEIVED, ...times };
  const [value] = valuesOf(await read(message));
  expect(value).toMatchObject({ occurred_at, received_at: message.receivedAt });
  expect(value!.sent_at).toBe(tellsSent ? SENT : undefined);
});

test.each([
  [{ url: 'https://x.example/p', search: '?gclid=1' }, 'https://x.example/p?gclid=1'],
  [{ url: 'https://x.example/p#top', search: '?gclid=1' }, 'https://x.example/p?gclid=1#top'],
  [{ url: 'https://x.example/p?a=1', search: '?gclid=1' }, 'https://x.example/p?a=1'],
  [{ url: 'https://x.example/p', search: '' }, 'https://x.example/p'],
])('the address of page %j is %s', async (page, url) => {
  expect(await eventOf({ type: 'page', context: { page } })).toMatchObject({ url });
  expect(await eventOf({ type: 'page', properties: page })).toMatchObject({ url });
});

test('"$direct" is no referrer', async () => {
  expect(await eventOf({ type: 'page', context: { page: { referrer: '$direct' } } })).not.toHaveProperty(
    'referrer',
  );
});

test.each([
  [{ measurement: 'denied' }, 'denied'],
  [{ categoryPreferences: { analytics: true } }, 'granted'],
  [{ categoryPreferences: { analytics: false, advertising: true } }, 'denied'],
  [{ categoryPreferences: { C0001: true, C0002: false } }, 'denied'],
  [{ categoryPreferences: { Analytics: 'granted' } }, 'granted'],
  [{ analytics_storage: 'denied', ad_storage: 'granted' }, 'denied'],
  [{ measurement: 'granted', categoryPreferences: { analytics: false } }, 'denied'],
  [{ measurement: 'GRANTED' }, 'granted'],
  [{ categoryPreferences: { advertising: true } }, undefined],
  [null, undefined],
])('consent %j is %s', async (consent, expected) => {
  expect((await eventOf({ type: 'page', context: { consent } })).consent).toBe(expected);
});

test.each([
  [{ allowedConsentIds: ['C0001', 'C0002'], deniedConsentIds: ['C0004'] }, 'granted'],
  [{ allowedConsentIds: ['C0001'], deniedConsentIds: ['analytics'] }, 'denied'],
  [{ allowedConsentIds: ['C0001'], deniedConsentIds: ['C0004'] }, undefined],
  [{ allowedConsentIds: { C0002: true } }, undefined],
])("consent in RudderStack's form %j is %s", async (consentManagement, expected) => {
  expect((await eventOf({ type: 'page', context: { consentManagement } })).consent).toBe(expected);
});

test('ids that are no ids are none: empty, objects, and numbers that lost digits', async () => {
  for (const userId of ['', null, {}, true, Number('12345678901234567890')]) {
    expect(await eventOf({ type: 'page', userId })).not.toHaveProperty('customer_id');
  }
});

test('a batch is unfolded: its messages share its times and context, and stand alone as originals', async () => {
  const wrapper = {
    sentAt: '2025-03-09T14:00:10Z',
    context: { userAgent: 'Mozilla/5.0' },
    writeKey: 'public',
    batch: [
      { messageId: '1', type: 'page', timestamp: JANUARY },
      'odd',
      { type: 'page', timestamp: JANUARY },
      { messageId: '2', type: 'page', timestamp: JANUARY, context: { userAgent: 'other' } },
    ],
  };
  const records = await read(wrapper, { batch: 'none' }, { batch: [] });
  expect(unreadableOf(records)).toEqual(['1 not_object', '1 no_message_id', '2 batch_not_array']);
  const good = records.filter((record) => record.unreadable === undefined);
  expect(valuesOf(good).map((event) => event.user_agent)).toEqual(['Mozilla/5.0', 'other']);
  for (const record of good) expect(valuesOf(await read(record.original))).toEqual([record.value]);
});

test('what is no message is a value with a reason', async () => {
  const records = await read(
    { type: 'page' },
    { messageId: 'm', type: 'track' },
    { messageId: 'm', type: 'constructor' },
    { messageId: 'm' },
    '{"messageId":',
    { messageId: 'm', event: 'typeless' },
  );
  expect(unreadableOf(records)).toEqual([
    '1 no_message_id',
    '2 no_event_name',
    '3 unknown_type',
    '4 unknown_type',
    '5 not_json',
  ]);
  expect(records[5]).toMatchObject({ kind: 'web_events', value: { event: 'typeless' } });
});

test('whatever its fields hold, a message is an event or a reason', async () => {
  const any = fc.jsonValue({ maxDepth: 2 });
  const names = [
    'messageId',
    'type',
    'event',
    'timestamp',
    'userId',
    'context',
    'properties',
    'traits',
    'batch',
  ];
  const message = fc.record(Object.fromEntries(names.map((name) => [name, any])), { requiredKeys: [] });
  await fc.assert(
    fc.asyncProperty(message, async (fields) => {
      for (const { kind } of await read({ messageId: 'm', type: 'page', ...fields }))
        expect(kind).toBe('web_events');
    }),
  );
});
