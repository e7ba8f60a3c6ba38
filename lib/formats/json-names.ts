/**
 * Whether a name stands twice in one object of a JSON text. `JSON.parse` takes the last and says nothing, so that what
 * a till means by `"total": 10, "total": 100` cannot be told. Every member of an object has one colon outside of
 * strings: there is one name twice where the text has more of them than the value has names.
 * @param text valid JSON
 * @param value what `JSON.parse` made of it, not too deep to walk
 */
export function repeatsName(text: string, value: unknown): boolean {
  const names = namesIn(value);
  // Machines write no blank before a colon, and few strings hold a quote before one: then counting is quick.
  return quotedColons(text) !== names && colonsOutsideStrings(text) > names;
}

function namesIn(value: unknown): number {
  let count = 0;
  if (Array.isArray(value)) {
    for (const inner of value) if (typeof inner === 'object') count += namesIn(inner);
    return count;
  }
  for (const name in value as object) {
    count += 1;
    const inner = (value as Record<string, unknown>)[name];
    if (typeof inner === 'object') count += namesIn(inner);
  }
  return count;
}

const QUOTE = 34;
const BACKSLASH = 92;
const COLON = 58;
const BLANK = 32;

/** Colons after a quote, most of which are behind names; NaN where one stands after a blank and may be one, too. */
function quotedColons(text: string): number {
  let count = 0;
  for (let at = text.indexOf(':'); at >= 0; at = text.indexOf(':', at + 1)) {
    const before = text.charCodeAt(at - 1);
    if (before === QUOTE) count += 1;
    else if (before <= BLANK) return Number.NaN;
  }
  return count;
}

function colonsOutsideStrings(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === COLON) count += 1;
    else if (code === QUOTE) {
      at += 1;
      while (at < text.length && text.charCodeAt(at) !== QUOTE)
        at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
    }
  }
  return count;
}
