import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AcceptContext, accept } from '../../lib/domain/accept/index.ts';
import { CARD_NUMBER_REMOVED, isCardNumber, withoutCardNumbers } from '../../lib/domain/card-number.ts';
import { createIdentify, normalisePaymentToken } from '../../lib/domain/identifier.ts';
import { keptAside } from '../../lib/domain/kept-aside.ts';

/** Test numbers that card networks publish. */
const PANS = [
  '4111111111111111',
  '4222222222222',
  '378282246310005',
  '6011000990139424',
  '6304000000000000018',
];

/** The digits with the check digit that makes them pass, worked out from the right as ISO/IEC 7812-1 does. */
function withCheckDigit(digits: string): string {
  let sum = 0;
  for (const [place, digit] of [...digits].reverse().entries()) {
    const doubled = place % 2 === 0 ? Number(digit) * 2 : Number(digit);
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return `${digits}${(10 - (sum % 10)) % 10}`;
}

describe('what looks like a card number', () => {
  test.each([
    ...PANS,
    '4111 1111 1111 1111',
    ' 4111-1111-1111-1111 ',
    '４１１１１１１１１１１１１１１１',
    ';4111111111111111=27121010000000000000?',
    '%B4111111111111111^ROSSI/ANNA^2712101?',
  ])('%j is one', (value) => expect(isCardNumber(value)).toBe(true));

  test.each([
    '4111111111111112',
    '411111111111',
    '00000000000000',
    '42222222222222222222',
    'tok_4111111111111111',
    'V0010013816161616161616161616',
    'd41d8cd9-8f00-3204-a980-0998ecf8427e',
    '12345678-1234-1234-1234-123456789012',
    '',
  ])('%j is none', (value) => expect(isCardNumber(value)).toBe(false));

  test('every length from 13 to 19 with its check digit is one, with any other last digit none', () => {
    const digits = fc.stringMatching(/^[1-9][0-9]{11,17}$/);
    fc.assert(
      fc.property(digits, fc.integer({ min: 1, max: 9 }), (payload, off) => {
        const pan = withCheckDigit(payload);
        expect(isCardNumber(pan)).toBe(true);
        const wrong = pan.slice(0, -1) + ((Number(pan.at(-1)) + off) % 10);
        expect(isCardNumber(wrong)).toBe(false);
      }),
    );
  });

  test('a token is taken as it comes; a card with its middle hidden is nobody’s', () => {
    expect(normalisePaymentToken(' "tok_9f" ')).toBe('tok_9f');
    expect(['411111******1111', 'XXXXXXXXXXXX1111', '0000', 'null'].map(normalisePaymentToken)).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });
});

describe('a record whose payment token is a card number', () => {
  const context: AcceptContext = {
    identify: createIdentify('a secret that is long enough'),
    isBot: () => false,
    store: () => ({ time_zone: 'Europe/Rome', currency: 'EUR', country: 'IT' }),
    receivedAt: Date.UTC(2025, 5, 1),
    receivedAtText: '2025-06-01T00:00:00.000Z',
  };
  const lines = [{ sku: '4006381333931', amount: '1' }];
  const receipt = { receipt_id: 'r1', store_id: 's1', occurred_at: '2025-05-01T10:00:00', lines };
  const order = { order_id: 'o1', occurred_at: '2025-05-01T10:00:00Z', currency: 'EUR', lines };

  test.each([
    ['receipts', { ...receipt, payment_token: '4111 1111 1111 1111' }],
    ['orders', { ...order, payment_token: '4111111111111111', consent: 'denied' }],
    ['receipts', { ...receipt, payment_token: CARD_NUMBER_REMOVED }],
  ] as const)('is refused (%s) with a reason that does not repeat it', (kind, value) => {
    const outcome = accept(kind, value, context);
    expect(outcome).toMatchObject({ ok: false, reason: 'card_number' });
    expect(JSON.stringify(outcome)).not.toMatch(/4111|removed/);
    expect(JSON.stringify(outcome)).toContain('Send the token or PAR');
  });

  test('is kept without the number, whatever type or spelling it came in, and is refused again when replayed', () => {
    for (const payment_token of ['4111 1111 1111 1111', 4111111111111111, [{ pan: '4111111111111111' }]]) {
      const kept = keptAside({ ...receipt, payment_token }, '{"payment_token":"4111\\u00201111 1111 1111"}');
      expect(kept.record).toBe(JSON.stringify({ ...receipt, payment_token: CARD_NUMBER_REMOVED }));
      expect(kept.original).toBe(kept.record);
      expect(accept('receipts', JSON.parse(kept.record!), context)).toMatchObject({ reason: 'card_number' });
    }
  });

  test('other records keep their text to the letter, barcodes included; of a text nobody could read cards are taken out', () => {
    const original = JSON.stringify({ ...receipt, payment_token: 'tok_1' });
    expect(keptAside(JSON.parse(original), original)).toEqual({ record: original, original });
    expect(withoutCardNumbers('{"payment_token":"4111-1111-1111-1111", "sku":"0400638133393"')).toBe(
      `{"payment_token":"${CARD_NUMBER_REMOVED}", "sku":"0400638133393"`,
    );
    expect(keptAside(undefined, 'r1;4111111111111111;9.90')).toEqual({
      record: null,
      original: `r1;${CARD_NUMBER_REMOVED};9.90`,
    });
  });

  test.each([
    ['4111111111111111-10', '#-10'],
    ['4111 1111 1111 1111 12/27', '# 12/27'],
    ['12 4111111111111111 737', '12 # 737'],
    ['4111-1111-1111-1111 5500005555555559', '# #'],
    ['a4111111111111111 4111111111111111a', 'a4111111111111111 4111111111111111a'],
  ])('in %j the card is found among other digits', (text, expected) => {
    expect(withoutCardNumbers(text)).toBe(expected.replaceAll('#', CARD_NUMBER_REMOVED));
  });

  test('a tender is kept without a card number that a till put there', () => {
    const outcome = accept('receipts', { ...receipt, tender: 'VISA 4111111111111111' }, context);
    expect(outcome).toMatchObject({ ok: true });
    expect(JSON.stringify(outcome)).toContain(`VISA ${CARD_NUMBER_REMOVED}`);
    expect(JSON.stringify(outcome)).not.toContain('4111');
  });

  test('a schema fault names the field and not its value', () => {
    const outcome = accept('receipts', { ...receipt, payment_token: 4111111111111111 }, context);
    expect(outcome).toMatchObject({ ok: false, reason: 'schema' });
    expect(JSON.stringify(outcome)).toContain('payment_token = its value');
  });
});
