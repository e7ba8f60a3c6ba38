import { expect, test } from 'vitest';
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
