import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SIGNATURE_TOLERANCE_SECONDS, signBody, verifySignature } from '../../lib/domain/signature.ts';

const NOW = Date.UTC(2025, 2, 9, 13, 5);
const SECONDS = NOW / 1000;
const body = Buffer.from('{"receipt_id":"r-ä"}\n');
const verify = (header: string | null, more: Partial<Parameters<typeof verifySignature>[0]> = {}) =>
  verifySignature({ header, body, secrets: ['new secret', 'old secret'], now: NOW, ...more });

describe('the signature of an upload', () => {
  test('is HMAC-SHA-256 over the time, a dot and the bytes', () => {
    const hex = createHmac('sha256', 'new secret')
      .update(Buffer.concat([Buffer.from(`${SECONDS}.`), body]))
      .digest('hex');
    expect(signBody('new secret', body, SECONDS)).toBe(`t=${SECONDS},v1=${hex}`);
    expect(verify(`t=${SECONDS},v1=${hex}`)).toEqual({ ok: true, signature: hex });
  });

  test('counts from every active secret, and from none that was taken away', () => {
    expect(verify(signBody('old secret', body, SECONDS))).toMatchObject({ ok: true });
    const gone = verify(signBody('old secret', body, SECONDS), { secrets: ['new secret'] });
    expect(gone).toEqual({ ok: false, problem: 'wrong' });
    expect(verify(signBody('new secret', body, SECONDS), { secrets: [] })).toMatchObject({ ok: false });
  });

  test('may stand beside others in one header, in any case and order, with spaces', () => {
    const good = signBody('new secret', body, SECONDS).split(',')[1]!;
    const other = `v1=${'0'.repeat(64)}`;
    for (const header of [
      `t=${SECONDS},${other},${good}`,
      `${good}, ${other}, t=${SECONDS}`,
      `t=${SECONDS},v0=whatever,${good.toUpperCase().replace('V1', 'v1')}`,
    ]) {
      expect(verify(header)).toMatchObject({ ok: true, signature: good.slice(3) });
    }
  });

  test.each([
    [null, 'missing'],
    ['', 'missing'],
    ['v1=', 'malformed'],
    [`t=${SECONDS}`, 'malformed'],
    [`v1=${'a'.repeat(64)}`, 'malformed'],
    [`t=${SECONDS},t=${SECONDS},v1=${'a'.repeat(64)}`, 'malformed'],
    [`t=1e9,v1=${'a'.repeat(64)}`, 'malformed'],
    [`t=-1,v1=${'a'.repeat(64)}`, 'malformed'],
    [`t=${SECONDS},v1=${'a'.repeat(63)}`, 'malformed'],
    [`t=${SECONDS},v1=${'a'.repeat(65)}`, 'malformed'],
    [`t=${SECONDS},v1=${'g'.repeat(64)}`, 'malformed'],
    [`t=${SECONDS}${`,v1=${'a'.repeat(64)}`.repeat(9)}`, 'malformed'],
    [`t=${SECONDS},v1=${'a'.repeat(64)}`, 'wrong'],
    ['x'.repeat(5000), 'malformed'],
  ])('%j is %s', (header, problem) => {
    expect(verify(header)).toEqual({ ok: false, problem });
  });

  test('is good for the tolerance before and after, to the second, and not beyond', () => {
    const edge = SIGNATURE_TOLERANCE_SECONDS;
    for (const off of [-edge, edge, 0]) {
      expect(verify(signBody('new secret', body, SECONDS + off))).toMatchObject({ ok: true });
    }
    for (const off of [-edge - 1, edge + 1]) {
      expect(verify(signBody('new secret', body, SECONDS + off))).toEqual({
        ok: false,
        problem: 'expired',
        skewSeconds: off,
      });
    }
    expect(verify(signBody('new secret', body, SECONDS - edge), { now: NOW + 1 })).toMatchObject({
      problem: 'expired',
    });
  });

  test('that is wrong is never called expired: only who knows the secret learns of the time', () => {
    expect(verify(signBody('another', body, SECONDS - 9999))).toEqual({ ok: false, problem: 'wrong' });
  });

  test('of any text by any secret is good, and any flipped bit of body, time, signature or secret spoils it', () => {
    const flip = (bytes: Uint8Array, bit: number) => {
      const flipped = Buffer.from(bytes);
      flipped[Math.floor(bit / 8) % flipped.length]! ^= 1 << (bit % 8);
      return flipped;
    };
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 200 }),
        fc.string({ minLength: 1, maxLength: 80 }),
        fc.nat(10_000),
        (bytes, secret, bit) => {
          const header = signBody(secret, bytes, SECONDS);
          const check = (more: object) =>
            verifySignature({ header, body: bytes, secrets: [secret], now: NOW, ...more }).ok;
          expect(check({})).toBe(true);
          expect(check({ body: flip(bytes, bit) })).toBe(false);
          expect(check({ body: Buffer.concat([bytes, Buffer.from([bit % 256])]) })).toBe(false);
          expect(check({ secrets: [`${secret}.`] })).toBe(false);
          const [time, hex] = header.split(',v1=') as [string, string];
          const spoilt = flip(Buffer.from(hex, 'hex'), bit).toString('hex');
          expect(check({ header: `${time},v1=${spoilt}` })).toBe(false);
          expect(check({ header: `t=${SECONDS + 1},v1=${hex}` })).toBe(false);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('of a body written anew from its JSON is wrong', () => {
    const sent = Buffer.from('{ "b": 1.0, "a": 2 }');
    const header = signBody('new secret', sent, SECONDS);
    expect(verify(header, { body: sent })).toMatchObject({ ok: true });
    expect(verify(header, { body: Buffer.from(JSON.stringify(JSON.parse(String(sent)))) })).toMatchObject({
      problem: 'wrong',
    });
  });
});
