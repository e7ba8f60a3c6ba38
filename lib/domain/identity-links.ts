import { sortedByKey } from './radix-sort.ts';

/** Links between numbered identifiers, in the orders that the resolver reads them in. */

export interface IdentityEvidence {
  /**
   * Kind of each identifier (see KIND_CODES). They are numbered 0..n-1 by kind, then age, then the identifier itself: the
   * smallest number of a person names it.
   */
  kinds: Int32Array;
  /** Ends of each link, in any order and any number of times. */
  from: Int32Array;
  to: Int32Array;
  /** When each link was first seen: whole milliseconds since 1970 UTC. */
  firstSeen: Float64Array;
}

/**
 * Link numbers, strongest evidence first: by the kind of the weaker end, the kind of the stronger, age, and the ends.
 * In one pass where the links come like that, else by radix sort: linear either way.
 */
export function byStrength(evidence: IdentityEvidence): Int32Array {
  const { kinds, from, to, firstSeen } = evidence;
  const order = numbers(from.length);
  if (isInOrder(evidence)) return order;
  const kindsOf = (link: number) =>
    kinds[Math.max(from[link]!, to[link]!)]! * 8 + kinds[Math.min(from[link]!, to[link]!)]!;
  return sortedByKey(byAge(pairByPair(order, evidence), firstSeen), kindsOf);
}

/** The same links with those of one pair beside each other, in their order. */
export function pairByPair(links: Int32Array, { from, to }: IdentityEvidence): Int32Array {
  const byWeak = sortedByKey(links, (link) => Math.max(from[link]!, to[link]!));
  return sortedByKey(byWeak, (link) => Math.min(from[link]!, to[link]!));
}

/** Link numbers, oldest first; of one instant in the order given. */
export function byAge(links: Int32Array, firstSeen: Float64Array): Int32Array {
  let first = Number.POSITIVE_INFINITY;
  for (let link = 0; link < firstSeen.length; link++) if (firstSeen[link]! < first) first = firstSeen[link]!;
  return sortedByKey(links, (link) => Math.trunc(firstSeen[link]! - first));
}

export const numbers = (length: number): Int32Array => {
  const all = new Int32Array(length);
  for (let at = 0; at < length; at++) all[at] = at;
  return all;
};

function isInOrder({ kinds, from, to, firstSeen }: IdentityEvidence): boolean {
  let [kindsBefore, seenBefore, strongBefore, weakBefore] = [-1, 0, 0, 0];
  for (let link = 0; link < from.length; link++) {
    const strong = Math.min(from[link]!, to[link]!);
    const weak = Math.max(from[link]!, to[link]!);
    const kindsHere = kinds[weak]! * 8 + kinds[strong]!;
    const seen = firstSeen[link]!;
    if (kindsHere < kindsBefore) return false;
    if (kindsHere === kindsBefore) {
      if (seen < seenBefore) return false;
      if (seen === seenBefore) {
        if (strong < strongBefore) return false;
        if (strong === strongBefore && weak < weakBefore) return false;
      }
    }
    kindsBefore = kindsHere;
    seenBefore = seen;
    strongBefore = strong;
    weakBefore = weak;
  }
  return true;
}

/** For each identifier the other ends of its links: `neighbours` from `starts[node]` to `starts[node + 1]`. */
export interface Neighbours {
  starts: Int32Array;
  neighbours: Int32Array;
}

/** Neighbours in the order of the links, those of blocked identifiers left out. Repeated links repeat a neighbour. */
export function neighboursOf(
  { kinds, from, to }: IdentityEvidence,
  order: Int32Array,
  isBlocked: Uint8Array,
): Neighbours {
  const starts = new Int32Array(kinds.length + 2);
  const isLeftOut = (link: number) => isBlocked[from[link]!]! + isBlocked[to[link]!]! > 0;
  for (let link = 0; link < from.length; link++) {
    if (isLeftOut(link)) continue;
    starts[from[link]! + 2]!++;
    starts[to[link]! + 2]!++;
  }
  for (let node = 2; node < starts.length; node++) starts[node]! += starts[node - 1]!;
  const neighbours = new Int32Array(starts[starts.length - 1]!);
  for (let at = 0; at < order.length; at++) {
    const link = order[at]!;
    if (isLeftOut(link)) continue;
    neighbours[starts[from[link]! + 1]!++] = to[link]!;
    neighbours[starts[to[link]! + 1]!++] = from[link]!;
  }
  return { starts, neighbours };
}
