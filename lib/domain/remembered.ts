/** Texts that are longer are rare and are not remembered: many of them would fill the memory. */
const LONGEST = 512;

/**
 * A function of a text that remembers its answers, for texts that repeat. It holds at most `entries` of them, then
 * begins anew.
 */
export function remembered<T>(answer: (text: string) => T, entries: number): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const old = known.get(text);
    if (old !== undefined || known.has(text)) return old as T;
    const fresh = answer(text);
    if (text.length > LONGEST) return fresh;
    if (known.size >= entries) known.clear();
    known.set(text, fresh);
    return fresh;
  };
}
