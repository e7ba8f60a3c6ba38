import { createHash, createHmac, hash } from 'node:crypto';

const BLOCK = 64;
const HASH = 32;
/** Longer texts than this many characters are hashed the plain way. */
const QUICK_LENGTH = 256;

/**
 * Makes HMAC-SHA-256 under a key (RFC 2104), in base64url: H(key ^ opad | H(key ^ ipad | text)). Both hashes are taken in
 * one call each over buffers that hold the padded key already, which is about twice as fast as an object for each text.
 * @example keyedHash('key')('The quick brown fox jumps over the lazy dog') // '97yD9DBThCSxMpjmqm-xQ-9NWaFJRhdZl0edvC0aPNg'
 */
export function keyedHash(secret: string): (text: string) => string {
  const clear = Buffer.from(secret);
  const key = clear.length > BLOCK ? createHash('sha256').update(clear).digest() : clear;
  const inner = Buffer.alloc(BLOCK + 4 * QUICK_LENGTH);
  const outer = Buffer.alloc(BLOCK + HASH);
  for (let at = 0; at < BLOCK; at++) {
    inner[at] = (key[at] ?? 0) ^ 0x36;
    outer[at] = (key[at] ?? 0) ^ 0x5c;
  }
  return (text) => {
    if (text.length > QUICK_LENGTH) return createHmac('sha256', secret).update(text).digest('base64url');
    const length = inner.write(text, BLOCK);
    outer.write(hash('sha256', inner.subarray(0, BLOCK + length), 'binary'), BLOCK, 'binary');
    return hash('sha256', outer, 'base64url');
  };
}
