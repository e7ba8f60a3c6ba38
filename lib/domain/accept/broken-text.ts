/**
 * Text that a database would refuse or cut: half of a surrogate pair, as "\ud83d" alone in JSON, and NUL.
 * Values are at most as deep as a record may be.
 */

/** Escapes that can hide such text; without one of them there is none, for the bytes of a file are valid UTF-8. */
const SUSPICIOUS = /\\u(?:0000|[dD][89a-fA-F])/;

export const mayHoldBrokenText = (original: string) => original.includes('\\u') && SUSPICIOUS.test(original);

export function hasBrokenText(value: unknown): boolean {
  if (typeof value === 'string') return !value.isWellFormed() || value.includes('\0');
  if (value === null || typeof value !== 'object') return false;
  return Object.entries(value).some(([key, inner]) => hasBrokenText(key) || hasBrokenText(inner));
}

/** Fields of a web event that people read and nothing is joined by. */
const FREE_TEXT = new Set([
  'event',
  'url',
  'referrer',
  'user_agent',
  'utm_source',
  'utm_medium',
  'utm_campaign',
  'utm_content',
  'utm_term',
  'category',
  'query',
]);

/** A web event whose free text has a replacement character for each half; what is broken elsewhere stays so. */
export function mendedEvent(value: Record<string, unknown>): Record<string, unknown> {
  const mended = { ...value };
  for (const [name, text] of Object.entries(mended))
    if (FREE_TEXT.has(name) && typeof text === 'string') mended[name] = text.toWellFormed();
  return mended;
}
