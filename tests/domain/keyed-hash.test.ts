import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keyedHash } from '../../lib/domain/keyed-hash.ts';

test('is the HMAC-SHA-256 that everybody else makes, for keys and texts of any length', () => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 200, unit: 'binary' }),
      fc.array(fc.string({ maxLength: 400, unit: 'binary' }), { maxLength: 5 }),
      (secret, texts) => {
        const hashed = keyedHash(secret);
        for (const text of texts)
          expect(hashed(text)).toBe(createHmac('sha256', secret).update(text).digest('base64url'));
      },
    ),
  );
});

test('agrees with the published test vectors of RFC 4231', () => {
  const hex = (text: string) => Buffer.from(text, 'base64url').toString('hex');
  expect(hex(keyedHash('Jefe')('what do ya want for nothing?'))).toBe(
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  );
  expect(hex(keyedHash('\v'.repeat(20))('Hi There'))).toBe(
    'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
  );
});
