import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  cleanIdentifier,
  createIdentify,
  normaliseEmail,
  normalisePhone,
} from '../../lib/domain/identifier.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('identifiers at the door', () => {
  test.each([
    'null',
    'Undefined',
    '[object Object]',
    '0000-0000',
    '"anonymous"',
    "'guest'",
    '  ',
    '\u200b',
    '0',
    'NaN',
    '',
    'n/a',
    '-1',
  ])('%j identifies nobody', (value) => {
    expect(cleanIdentifier(value)).toBeNull();
  });

  test('blanks, quotes and invisible characters are no part of an identifier', () => {
    expect(cleanIdentifier(' "A-17\u200b" ')).toBe('A-17');
    expect(cleanIdentifier('Cafe\u0301')).toBe('Café');
  });

  test('emails', () => {
    expect(normaliseEmail(' John_Smith@Gmail.com ')).toBe('john_smith@gmail.com');
    expect(sha256(normaliseEmail('john_smith@gmail.com')!)).toBe(
      '62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f',
    );
    expect(
      ['noreply@shop.example', 'not an address', 'a@b', '@shop.example', ''].map(normaliseEmail),
    ).toEqual([null, null, null, null, null]);
  });

  test('phones are E.164 or left out, never guessed', () => {
    expect(normalisePhone('+1 (650) 555-1212', null)).toBe('+16505551212');
    expect(normalisePhone('06 6982 1234', 'IT')).toBe('+390669821234');
    expect(normalisePhone('06 6982 1234', null)).toBeNull();
    expect(normalisePhone('12', 'IT')).toBeNull();
  });

  test('a clear value and its vendor hash are one person; kinds, secrets and nothing are not mixed up', () => {
    const identify = createIdentify('a secret that is long enough');
    const other = createIdentify('another secret, long enough too');
    const clear = identify({ email: 'Anna@Example.com', phone: '+390669821234' }, null);
    const hashed = identify(
      { email_sha256: sha256('anna@example.com').toUpperCase(), phone_sha256: sha256('+390669821234') },
      null,
    );
    expect(hashed.email_key).toBe(clear.email_key);
    expect(hashed.phone_key).toBe(clear.phone_key);
    expect(clear.email_key).toMatch(/^[\w-]{22}$/);
    expect(other({ email: 'anna@example.com' }, null).email_key).not.toBe(clear.email_key);
    expect(identify({ customer_id: '7' }, null).customer_key).not.toBe(
      identify({ loyalty_id: '7' }, null).loyalty_key,
    );
    expect(identify({ email_sha256: sha256('') }, null).email_key).toBeUndefined();
    expect(() => createIdentify('short')).toThrow('Identity secret has 5 bytes; it needs at least 16');
  });
});
