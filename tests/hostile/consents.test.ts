import { describe, expect, test } from 'vitest';
import { createIdentify } from '../../lib/domain/identifier.ts';
import { temporaryShop } from '../temporary-shop.ts';
import { outcomesOfValues } from './outcomes.ts';

const T = '2025-03-01T10:00:00Z';

test('what a person says keeps their keys, also when they say no', async () => {
  const { fates, rows } = await outcomesOfValues(
    'consents',
    { consent_id: 'c1', occurred_at: T, consent: 'denied', email: 'anna@example.org', loyalty_id: 'L1' },
    { occurred_at: T, consent: 'granted', customer_id: 'C-1' },
  );
  expect(fates).toEqual(['stored', 'stored']);
  expect(rows).toMatchObject([
    {
      table: 'raw_consents',
      record_id: 'c1',
      consent: 'denied',
      email_key: expect.any(String),
      loyalty_key: expect.any(String),
    },
    {
      table: 'raw_consents',
      consent: 'granted',
      record_id: expect.stringContaining('|2025-03-01T10:00:00.000Z'),
    },
  ]);
  expect(JSON.stringify(rows)).not.toMatch(/anna|L1|C-1/);
});

test.each([
  ['of nobody', { consent: 'denied' }, 'schema'],
  ['of everybody', { consent: 'denied', customer_id: 'null', anonymous_id: '0000' }, 'schema'],
  ['unknown, which is no word', { consent: 'unknown', customer_id: 'C-1' }, 'schema'],
  ['that says nothing', { customer_id: 'C-1' }, 'schema'],
  [
    'of tomorrow week',
    { consent: 'denied', customer_id: 'C-1', occurred_at: '2026-01-23T00:00:00Z' },
    'in_future',
  ],
])('consent %s is refused', async (_, more, reason) => {
  const { fates, rejections } = await outcomesOfValues('consents', { occurred_at: T, ...more });
  expect(fates).toEqual([reason]);
  expect(rejections[0]!.detail).not.toMatch(/C-1/);
});

test('the event of a consent banner is a word of its person too', async () => {
  const message = (type: boolean, event: string) => ({
    type: 'track',
    event,
    messageId: `${event} ${type}`,
    anonymousId: 'device-1',
    timestamp: T,
    context: { consent: { categoryPreferences: { Analytics: type } } },
  });
  const { rows } = await outcomesOfValues(
    'segment',
    message(false, 'Segment Consent Preference Updated'),
    message(true, 'Consent Granted'),
    message(false, 'Product Viewed'),
  );
  const words = rows.filter(({ table }) => table === 'raw_consents');
  expect(words.map(({ consent }) => consent)).toEqual(['denied', 'granted']);
  expect(words[0]!.anonymous_key).toBe(words[1]!.anonymous_key);
  const events = rows.filter(({ table }) => table === 'raw_events');
  expect(events.map((row) => [row.consent, row.anonymous_key !== undefined])).toEqual([
    ['denied', false],
    ['granted', true],
    ['denied', false],
  ]);
});

describe('what a consent event says, and of whom', () => {
  const identify = createIdentify('a secret that is long enough');
  const banner = (answer: 'granted' | 'denied', more: Record<string, unknown> = {}) => ({
    type: 'track',
    event: answer === 'granted' ? 'Consent Granted' : 'Consent Denied',
    messageId: answer,
    timestamp: T,
    ...more,
    context: { consent: { measurement: answer }, ...(more.context ?? {}) },
  });
  const wordsOf = async (...messages: object[]) => {
    const { rows } = await outcomesOfValues('segment', ...messages);
    return rows.filter(({ table }) => table === 'raw_consents');
  };
  const someone = { anonymousId: 'device-1', userId: 'u1', properties: { email: 'anna@example.org' } };

  test('no is of every identifier that it names, yes of its own browser alone', async () => {
    const [denied, granted] = await wordsOf(banner('denied', someone), banner('granted', someone));
    const keys = identify({ anonymous_id: 'device-1', customer_id: 'u1', email: 'anna@example.org' }, null);
    const { customer_key, email_key, anonymous_key } = keys;
    expect(denied).toMatchObject({ customer_key, email_key, anonymous_key, consent: 'denied' });
    expect(granted).toMatchObject({ anonymous_key, consent: 'granted' });
    for (const name of ['customer_key', 'email_key', 'loyalty_key', 'phone_key'])
      expect(granted).not.toHaveProperty(name);
  });

  test('a yes without a browser is nobody at all', async () => {
    expect(await wordsOf(banner('granted', { ...someone, anonymousId: undefined }))).toEqual([]);
  });

  test('machines say nothing', async () => {
    const context = { userAgent: 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)' };
    const messages = [banner('granted', { ...someone, context }), banner('denied', { ...someone, context })];
    expect(await wordsOf(...messages)).toEqual([]);
  });

  test('a national phone number is read in the country of the store, as on other events', async () => {
    const properties = { phone: '347 123 4567', store_id: 's1' };
    const [denied] = await wordsOf(banner('denied', { properties }));
    expect(denied!.phone_key).toBe(identify({ phone: '+39 347 123 4567' }, null).phone_key);
  });

  test.each([
    ['with a clock two hours ahead', '2025-03-01T12:00:00.000Z', '2025-03-01T12:00:01.000Z'],
    ['in time', T, '2025-03-01T10:00:01.000Z'],
    ['without a time', undefined, undefined],
  ])(
    'a yes that was sent %s, and again after a no, does not lift it',
    async (_, timestamp, sentAt) => {
      const shop = await temporaryShop();
      try {
        const came = (receivedAt: string, message: object) => JSON.stringify({ ...message, receivedAt });
        const yes = { ...banner('granted', someone), timestamp, sentAt };
        const no = { ...banner('denied', someone), timestamp: '2025-03-01T10:10:00Z' };
        const log = [
          came('2025-03-01T10:00:02.000Z', yes),
          came('2025-03-01T10:10:02.000Z', no),
          came('2025-03-01T13:30:00.000Z', yes),
        ];
        for (const [n, text] of log.entries()) await shop.giveFile('segment', `${n}.jsonl`, text);
        await shop.shop.build();
        const words = await shop.ask('SELECT DISTINCT consent FROM consent_words');
        expect(words).toEqual([{ consent: 'denied' }]);
      } finally {
        shop.remove();
      }
    },
    120_000,
  );
});
