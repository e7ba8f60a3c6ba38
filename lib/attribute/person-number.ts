/**
 * A person's name as a number of 32 bits (FNV-1a: Fowler, Noll, Vo), the same in whatever order people come. Of ten
 * million people one in 400 shares it with another, and with it the weight in a replicate: their intervals are those
 * of slightly fewer people.
 */
export function personNumber(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5;
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
  return hash >>> 0;
}
