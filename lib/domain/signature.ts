import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Signatures of uploads: `Ropo-Signature: t=<unix seconds>,v1=<hex>`, where v1 is HMAC-SHA-256 over the time, a dot and
 * the body's bytes as they were sent. The scheme is that of Stripe's webhooks, so that libraries and people know it.
 */

/** How far the sender's clock may be off, and how old a signature may be, both ways. */
export const SIGNATURE_TOLERANCE_SECONDS = 300;

/** Signatures in one header; during a change of secrets a sender may sign with each. */
const MOST_SIGNATURES = 8;
/** Far above what a sender writes; a longer header is not read. */
const MOST_HEADER_CHARACTERS = 1024;

const TIME = /^\d{1,12}$/;
const HEX = /^[0-9a-f]{64}$/i;

export interface SignedBody {
  header: string | null | undefined;
  /** The bytes as they came over the wire, compressed or not. */
  body: Uint8Array;
  /** Secrets that are valid now, newest first. */
  secrets: readonly string[];
  /** Milliseconds since 1970 UTC. */
  now: number;
  toleranceSeconds?: number;
}

export type Verification =
  | { ok: true; signature: string }
  | { ok: false; problem: 'missing' | 'malformed' | 'wrong' }
  /** How far the sender's time is ahead of ours, in seconds; negative where it is behind. */
  | { ok: false; problem: 'expired'; skewSeconds: number };

/**
 * Whether a body was signed with one of the secrets, not long ago. `signature` is the one that fits, in lower case: the
 * same request sent again has the same. Who does not know a secret learns nothing of the time: that is judged last.
 * @returns `missing` without a header; `malformed` where it is not of the form; `wrong` where no signature is of any
 *   secret; `expired` where one is, and its time is further from now than the tolerance
 */
export function verifySignature({
  header,
  body,
  secrets,
  now,
  toleranceSeconds = SIGNATURE_TOLERANCE_SECONDS,
}: SignedBody): Verification {
  if (!header) return { ok: false, problem: 'missing' };
  const read = readHeader(header);
  if (read === null) return { ok: false, problem: 'malformed' };
  let found: string | null = null;
  // Every secret is tried with every signature, so that the time taken does not tell which one came close.
  for (const secret of secrets) {
    const expected = hmac(secret, read.time, body);
    for (const signature of read.signatures) if (isEqualText(signature, expected)) found = expected;
  }
  if (found === null) return { ok: false, problem: 'wrong' };
  const skewSeconds = Math.round(Number(read.time) - now / 1000);
  if (Math.abs(Number(read.time) * 1000 - now) > toleranceSeconds * 1000)
    return { ok: false, problem: 'expired', skewSeconds };
  return { ok: true, signature: found };
}

/**
 * The header for a body.
 * @param seconds time of sending, seconds since 1970 UTC
 * @example signBody('secret', '{}', 1_736_000_000) // 't=1736000000,v1=...'
 */
export function signBody(secret: string, body: Uint8Array | string, seconds: number): string {
  return `t=${seconds},v1=${hmac(secret, String(seconds), body)}`;
}

const hmac = (secret: string, time: string, body: Uint8Array | string) =>
  createHmac('sha256', secret).update(`${time}.`).update(body).digest('hex');

/** Compares in a time that depends on the lengths only. */
export function isEqualText(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function readHeader(header: string): { time: string; signatures: string[] } | null {
  if (header.length > MOST_HEADER_CHARACTERS) return null;
  let time: string | null = null;
  const signatures: string[] = [];
  for (const part of header.split(',')) {
    const [name, value = ''] = splitOnce(part.trim());
    if (name === 't') {
      if (time !== null || !TIME.test(value)) return null;
      time = value;
    } else if (name === 'v1') {
      if (!HEX.test(value)) return null;
      signatures.push(value.toLowerCase());
    }
  }
  if (time === null || signatures.length === 0 || signatures.length > MOST_SIGNATURES) return null;
  return { time, signatures };
}

function splitOnce(part: string): [string, string] {
  const at = part.indexOf('=');
  return at < 0 ? [part, ''] : [part.slice(0, at), part.slice(at + 1)];
}
