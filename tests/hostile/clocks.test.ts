import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AcceptContext, accept } from '../../lib/domain/accept/index.ts';
import { isBot } from '../../lib/domain/bots.ts';
import { createIdentify } from '../../lib/domain/identifier.ts';
import { rowsOfLake } from '../adapters/lake-rows.ts';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';

const HOUR = 3_600_000;
const RECEIVED = Date.UTC(2025, 5, 1, 12);
const at = (milliseconds: number) => new Date(RECEIVED + milliseconds).toISOString();
const context: AcceptContext = {
  identify: createIdentify('a secret that is long enough'),
  isBot,
  store: () => undefined,
  receivedAt: RECEIVED,
  receivedAtText: at(0),
};

/** Times in milliseconds after the server's reception. */
interface Clock {
  claimed: number;
  sent?: number;
}
const event = ({ claimed, sent }: Clock, more: object = {}) => ({
  event_id: 'e',
  event: 'Product Viewed',
  occurred_at: at(claimed),
  ...(sent === undefined ? {} : { sent_at: at(sent) }),
  received_at: at(0),
  ...more,
});
const take = (value: object) => accept('web_events', value, context);
const rowsOf = (value: object) => {
  const outcome = take(value);
  if (!outcome.ok) throw new Error(outcome.detail);
  return outcome.lines.map(({ json }) => JSON.parse(json) as Record<string, unknown>);
};

describe('the clock of a sender against the clock of the server', () => {
  test.each<[string, Clock, number, string]>([
    ['a clock that is right', { claimed: -5000, sent: -100 }, -5000, 'sender'],
    [
      'one that is four minutes fast, which is believed',
      { claimed: 240_000, sent: 241_000 },
      240_000,
      'sender',
    ],
    ['one that is ten minutes fast', { claimed: 600_000, sent: 605_000 }, -5000, 'corrected'],
    [
      'ten minutes slow: nothing lies in the future, and it is believed',
      { claimed: -610_000, sent: -605_000 },
      -610_000,
      'sender',
    ],
    [
      'two hours between sending and arrival: a slow clock, or a delivery that was long on its way',
      { claimed: -2 * HOUR - 7000, sent: -2 * HOUR },
      -2 * HOUR - 7000,
      'sender',
    ],
    [
      'a year between them, as with a copy that was kept and sent on',
      { claimed: -8760 * HOUR - 7000, sent: -8760 * HOUR },
      -8760 * HOUR - 7000,
      'sender',
    ],
    ['two hours fast', { claimed: 2 * HOUR - 7000, sent: 2 * HOUR }, -7000, 'corrected'],
    [
      'a device that never knew the date (1970)',
      { claimed: -RECEIVED + 4000, sent: -RECEIVED + 9000 },
      -5000,
      'corrected',
    ],
    ['three years fast', { claimed: 26_280 * HOUR, sent: 26_280 * HOUR + 2000 }, -2000, 'corrected'],
    ['a future that nothing explains', { claimed: 3 * HOUR }, 0, 'received'],
    [
      'a future of the event alone, while the clock is right',
      { claimed: 3 * HOUR, sent: -100 },
      0,
      'received',
    ],
    [
      'an event that was kept for six hours by a clock two hours fast',
      { claimed: -4 * HOUR, sent: 2 * HOUR },
      -6 * HOUR,
      'corrected',
    ],
    [
      'an order of January that is sent in June by a clock two hours fast: set back on purpose',
      { claimed: -3600 * HOUR, sent: 2 * HOUR },
      -3600 * HOUR,
      'sender',
    ],
  ])('%s', (_, clock, expected, basis) => {
    const [row] = rowsOf(event(clock));
    expect(row).toMatchObject({ occurred_at: at(expected), time_basis: basis });
    expect(row!.said_at).toBe(basis === 'sender' ? undefined : at(clock.claimed));
  });

  test('more than a day ahead, and nothing to set it right by, is set aside', () => {
    expect(take(event({ claimed: 25 * HOUR }))).toMatchObject({ ok: false, reason: 'in_future' });
    expect(take(event({ claimed: 25 * HOUR, sent: -100 }))).toMatchObject({ ok: false, reason: 'in_future' });
  });

  test('a message that says nothing of its time happened when it was received, and is the same when it comes again', () => {
    const [row] = rowsOf(event({ claimed: 0 }));
    expect(row).toMatchObject({ occurred_at: at(0), time_basis: 'received' });
    const [again] = rowsOf({ ...event({ claimed: 0 }), occurred_at: at(-HOUR), received_at: at(-HOUR) });
    expect(again!.fingerprint).toBe(row!.fingerprint);
  });

  test('without a server that received it, as in a file, the sender is believed', () => {
    const { received_at: _, ...value } = event({ claimed: -3 * HOUR, sent: 40 * HOUR });
    expect(rowsOf(value)[0]).toMatchObject({ occurred_at: at(-3 * HOUR), time_basis: 'sender' });
  });

  test('an order that an event tells has its time, and both are the same when they come again', () => {
    const order = { event: 'Order Completed', order_id: 'o', value: '5.00', currency: 'EUR' };
    const first = rowsOf(event({ claimed: 2 * HOUR, sent: 2 * HOUR }, order));
    const later = { received_at: at(-1000), sent_at: at(2 * HOUR + 500) };
    const second = rowsOf(event({ claimed: 2 * HOUR, sent: 2 * HOUR }, { ...order, ...later }));
    expect(first.map(({ occurred_at }) => occurred_at)).toEqual([at(0), at(0)]);
    expect(second.map(({ occurred_at }) => occurred_at)).not.toEqual(
      first.map(({ occurred_at }) => occurred_at),
    );
    expect(second.map(({ fingerprint }) => fingerprint)).toEqual(first.map(({ fingerprint }) => fingerprint));
  });
});

describe('a retry of a sender with a wrong clock', () => {
  let shop: TemporaryShop;
  beforeAll(async () => {
    shop = await temporaryShop();
  });
  afterAll(() => shop.remove());

  test('is the same record in the lake, though it comes two days later and its time is concluded anew', async () => {
    const order = { event: 'Order Completed', order_id: 'o', value: '5.00', currency: 'EUR' };
    const message = event({ claimed: 3 * HOUR }, order);
    const later = { ...message, occurred_at: message.occurred_at, received_at: at(2.9 * HOUR) };
    const { received_at: _, ...fromFile } = message;
    const [first] = await shop.give({ web_events: [message] });
    expect(first).toMatchObject({ stored: 1, duplicates: 0 });
    for (const again of [later, fromFile, message]) {
      expect(await shop.give({ web_events: [again] })).toMatchObject([{ stored: 0, duplicates: 1 }]);
    }
    await shop.shop.build();
    expect(await shop.ask('SELECT count(*) AS n FROM web_events')).toEqual([{ n: 1 }]);
    expect(await shop.ask('SELECT count(*) AS n, sum(revenue_minor) AS revenue FROM conversions')).toEqual([
      { n: 1, revenue: 500 },
    ]);
  });

  test('that says nothing of its time is the same record too, hours and days later', async () => {
    const order = { event: 'Order Completed', order_id: 'timeless', value: '7.00', currency: 'EUR' };
    const consent = { event: 'Consent Denied', consent: 'denied', anonymous_id: 'a' };
    const came = (milliseconds: number, event_id: string, more: object) => ({
      ...event({ claimed: milliseconds }, more),
      event_id,
      received_at: at(milliseconds),
    });
    const batch = (milliseconds: number) => ({
      web_events: [came(milliseconds, 't1', order), came(milliseconds, 't2', consent)],
    });
    expect(await shop.give(batch(0))).toMatchObject([{ stored: 2, duplicates: 0 }]);
    for (const later of [2000, 3 * HOUR, -90 * 24 * HOUR])
      expect(await shop.give(batch(later))).toMatchObject([{ stored: 0, duplicates: 2 }]);
    // Another event without a time is another record.
    expect(await shop.give({ web_events: [came(3 * HOUR, 't3', {})] })).toMatchObject([{ stored: 1 }]);
    await shop.shop.build();
    expect(
      await shop.ask(
        "SELECT count(*) AS n, sum(revenue_minor) AS revenue FROM conversions WHERE conversion_id = 'order/timeless'",
      ),
    ).toEqual([{ n: 1, revenue: 700 }]);
    expect(await rowsOfLake(shop.shop.directory, 'raw_consents', 'record_id')).toEqual(['event:t2']);
    expect(
      await shop.ask(
        "SELECT sum(records) AS n FROM data_quality_daily WHERE measure = 'web_events_of_wrong_clocks'",
      ),
    ).toEqual([{ n: 1 }]);
  });
});
