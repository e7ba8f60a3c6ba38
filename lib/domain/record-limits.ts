/**
 * How large a record may be. Checked before anything walks through it, so that no record takes more of the stack or of
 * the time than its size is worth.
 */

/** A record as text, documents of sale aside: those are limited by their lines. */
export const MAX_RECORD_BYTES = 262_144;
/** Objects and lists inside each other. */
export const MAX_DEPTH = 32;
/** Names of one object. */
export const MAX_NAMES = 1000;

/** A text that is shorter has no object with more names than allowed: each takes its name, a colon and a value. */
const SHORTEST_WITH_TOO_MANY = 6 * MAX_NAMES;

/** What is too large in a value that was read from JSON, or null. Walks only where the text lets that be possible. */
export function beyondLimits(value: unknown, text: string): string | null {
  if (text.length < SHORTEST_WITH_TOO_MANY && !opensMore(text, MAX_DEPTH)) return null;
  return problemIn(value, 1);
}

function opensMore(text: string, limit: number): boolean {
  let left = limit;
  for (const bracket of ['{', '[']) {
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1))
      if (--left < 0) return true;
  }
  return false;
}

function problemIn(value: unknown, depth: number): string | null {
  if (typeof value !== 'object' || value === null) return null;
  if (depth > MAX_DEPTH) return `too_deep: it is nested deeper than ${MAX_DEPTH} levels`;
  const inner = Array.isArray(value) ? value : Object.values(value);
  if (!Array.isArray(value) && inner.length > MAX_NAMES)
    return `too_many_names: an object has ${inner.length} names; the limit is ${MAX_NAMES}`;
  for (const one of inner) {
    const problem = problemIn(one, depth + 1);
    if (problem !== null) return problem;
  }
  return null;
}

/** Whether a text is longer than a record may be, in bytes of UTF-8. */
export const isTooLong = (text: string) =>
  text.length > MAX_RECORD_BYTES / 3 && Buffer.byteLength(text) > MAX_RECORD_BYTES;
