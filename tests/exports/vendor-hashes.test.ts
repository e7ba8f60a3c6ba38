import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  googleEmail,
  googleName,
  googlePhone,
  metaCity,
  metaCountry,
  metaEmail,
  metaName,
  metaPhone,
  metaPostalCode,
} from '../../lib/exports/vendor-hashes.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

test.each([
  ['john_smith@gmail.com', '62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f'],
  ['  John_Smith@GMAIL.com ', '62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f'],
])('Meta hashes the email %s as it publishes', (email, hash) => {
  expect(metaEmail(email)).toBe(hash);
});

test.each([
  [
    'Cloudy.SanFrancisco+shopping@gmail.com',
    '223ebda6f6889b1494551ba902d9d381daf2f642bae055888e96343d53e9f9c4',
  ],
  [' cloudy sanfrancisco@Gmail.com', '223ebda6f6889b1494551ba902d9d381daf2f642bae055888e96343d53e9f9c4'],
  ['User.Name+NYC@Example.com', 'f109a2a632fbcea5fc82049f50beed3d8621bf9034399f437fb622222acccdac'],
])('Google hashes the email %s as it publishes', (email, hash) => {
  expect(googleEmail(email)).toBe(hash);
});

test('dots and tags stay at Meta and elsewhere; the host of Googlemail stays at Google', () => {
  expect(metaEmail('a.b+c@gmail.com')).toBe(sha256('a.b+c@gmail.com'));
  expect(googleEmail('a.b+c@googlemail.com')).toBe(sha256('ab@googlemail.com'));
  expect(googleEmail('a.b@notgmail.com')).toBe(sha256('a.b@notgmail.com'));
});

test('the same phone has three hashes: Google with +, Meta without', () => {
  expect(metaPhone('(650) 555-1212', 'US')).toBe(
    'e323ec626319ca94ee8bff2e4c87cf613be6ea19919ed1364124e16807ab3176',
  );
  expect(googlePhone('+1 650-555-1212', null)).toBe(
    '1e231c66011e7a2d867a9cfae267a6aff103cf4913640b6e71a99850fc0ffbc8',
  );
  expect(googlePhone('1 800 555 0100', 'US')).toBe(
    'fb4f73a6ec5fdb7077d564cdd22c3554b43ce49168550c3b12c547b78c517b30',
  );
  expect(metaPhone('0221 1234567', 'DE')).toBe(sha256('492211234567'));
});

test('names, places and codes as Meta writes them', () => {
  expect(metaName(' Mary ')).toBe('6915771be1c5aa0c886870b6951b03d7eafc121fea0e80a5ea83beb7c449f4ec');
  expect(metaName('Valéry')).toBe('08e1996b5dd49e62a4b4c010d44e4345592a863bb9f8e3976219bac29417149c');
  expect(metaName("O'Brien-Ünal.")).toBe(sha256('obrienünal'));
  expect(metaCity('Sankt Pölten-Süd')).toBe(sha256('sanktpöltensüd'));
  expect(metaPostalCode('94025-1234', 'US')).toBe(sha256('94025'));
  expect(metaPostalCode('M1 1AE', 'GB')).toBe(sha256('m11ae'));
  expect(metaCountry('DE')).toBe(sha256('de'));
});

test('Google leaves titles and suffixes out', () => {
  expect(googleName('Dr. Jörg')).toBe(sha256('jörg'));
  expect(googleName('Smith, Jr.')).toBe(sha256('smith'));
  expect(googleName('Drew')).toBe(sha256('drew'));
  expect(googleName('M. Night')).toBe(sha256('night'));
});

test('a leading initial is part of the name', () => {
  expect(googleName('M Night')).toBe(sha256('m night'));
});

test.each([
  '',
  ' ',
  'null',
  '[object Object]',
  'noreply@example.org',
  'not an address',
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  sha256('a@example.org'),
])('%j is nobody and never hashed', (junk) => {
  expect([googleEmail(junk), metaEmail(junk)]).toEqual([null, null]);
  expect([googlePhone(junk, null), metaPhone(junk, null)]).toEqual([null, null]);
});

test('a phone without its country is left out, never guessed', () => {
  expect(googlePhone('0221 1234567', null)).toBeNull();
});

test('no input has the hash of nothing, or an exception', () => {
  const nothing = sha256('');
  fc.assert(
    fc.property(fc.string(), fc.option(fc.constantFrom('DE', 'US', 'XX')), (text, country) => {
      const hashes = [
        googleEmail(text),
        googleName(text),
        googlePhone(text, country),
        metaCity(text),
        metaEmail(text),
        metaName(text),
        metaPhone(text, country),
        metaPostalCode(text, country),
      ];
      for (const hash of hashes) {
        expect(hash).not.toBe(nothing);
        if (hash !== null) expect(hash).toMatch(/^[0-9a-f]{64}$/);
      }
    }),
    { numRuns: 1000 },
  );
});
