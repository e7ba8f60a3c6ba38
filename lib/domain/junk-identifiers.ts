import { createHash } from 'node:crypto';

/**
 * Values that trackers and tills write when they know nobody; each would join strangers into one person. Most are on
 * the lists of Segment (profile identifiers that are blocked) and PostHog (illegal distinct ids), or stand in as
 * defaults in tills and tag managers.
 */
const JUNK = [
  'null',
  'nul',
  'undefined',
  'none',
  'nil',
  'nan',
  'n/a',
  'na',
  'true',
  'false',
  'anonymous',
  'anon',
  'guest',
  'unknown',
  'unbekannt',
  'void',
  'empty',
  'blank',
  'default',
  'deleted',
  'id',
  'distinct_id',
  'distinctid',
  'distinct-id',
  'not_authenticated',
  'not-authenticated',
  'email',
  'user',
  'userid',
  'user_id',
  'customer',
  'customer_id',
  'customerid',
  'anonymous_id',
  'anonymousid',
  'device_id',
  'loyalty_id',
  'test',
  'tester',
  'abc123',
  '1234567890',
  '0123456789',
  '[object object]',
  '[object undefined]',
  '(not set)',
  '(not provided)',
  '(none)',
  '(null)',
  '<null>',
  '-1',
  'string',
  'noreply',
  'no email',
] as const;

const KNOWN = new Set<string>(JUNK);
const ONLY_ZEROS = /^[0\-.\s]*$/;
/** One letter or mark over and over, or ten times the same digit: what people type into a field that must be filled. */
const ONE_CHARACTER = /^(?:([^\d])\1{2,}|(\d)\2{9,})$/u;
/** A place that a template should have filled in. */
const TEMPLATE = /^(?:\{\{.*\}\}|\$\{.*\}|%[a-z_.]+%|<%.*%>|\[\[.*\]\]|:[a-z_]+)$/i;

/** Whether an identifier that was cleaned of blanks and quotes stands for nobody in particular. */
export function isJunk(text: string): boolean {
  return (
    KNOWN.has(text.toLowerCase()) ||
    ONLY_ZEROS.test(text) ||
    ONE_CHARACTER.test(text) ||
    TEMPLATE.test(text) ||
    (HASH.test(text) && isHashOfNobody(text.toLowerCase()))
  );
}

const HASH = /^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$/i;
const hashed = (algorithm: string, text: string) => createHash(algorithm).update(text).digest('hex');

let hashes: ReadonlySet<string> | undefined;

/**
 * Whether a hash in lower-case hex is that of a junk value: SHA-256, SHA-1 or MD5 of it as people spell it, or of the
 * SHA-256 once more.
 */
export function isHashOfNobody(hex: string): boolean {
  hashes ??= hashesOfNobody();
  return hashes.has(hex);
}

function hashesOfNobody(): Set<string> {
  const all = new Set<string>();
  const spellings = JUNK.flatMap((text) => [
    text,
    text.toUpperCase(),
    text.charAt(0).toUpperCase() + text.slice(1),
  ]);
  for (const text of ['', ' ', '0', '-', 'NaN', '[object Object]', '""', "''", ...spellings]) {
    const sha256 = hashed('sha256', text);
    for (const hash of [sha256, hashed('sha256', sha256), hashed('sha1', text), hashed('md5', text)])
      all.add(hash);
  }
  return all;
}
