import type { IdentityLink, IdentityStore } from '../ports.ts';

/** How many single-item writes are under way at once. */
const WRITES_AT_ONCE = 8192;

/**
 * Adds the links of a batch to what the store knows. What it knows already, as early or earlier, costs one read for all
 * of it and no write; the rest is written one link at a time, each on the condition that it is new or earlier.
 *
 * Why any order, batching, repetition and number of workers comes to the same: the state is a map from pair to earliest
 * time, each write takes the minimum of one pair, and minimum is commutative, associative and idempotent (a join
 * semilattice). A worker that stops half-way has written a part of its batch; the batch comes again, and its minimum
 * changes nothing where it was written. What was read may be old by the time of writing: the write's own condition
 * decides, the read only saves needless ones, and times only sink.
 */
export async function rememberLinks(
  store: IdentityStore,
  links: readonly IdentityLink[],
): Promise<{ reads: number; writes: number }> {
  const folded = earliestOfEach(links);
  if (folded.length === 0) return { reads: 0, writes: 0 };
  const known = await store.firstSeen(folded);
  const news = folded.filter((link, at) => known[at] == null || link.first_seen < known[at]!);
  for (let at = 0; at < news.length; at += WRITES_AT_ONCE)
    await Promise.all(news.slice(at, at + WRITES_AT_ONCE).map((link) => store.put(link)));
  return { reads: folded.length, writes: news.length };
}

/** One link per pair, with its earliest time. */
function earliestOfEach(links: readonly IdentityLink[]): IdentityLink[] {
  const byPair = new Map<string, IdentityLink>();
  for (const link of links) {
    const pair = `${link.strong_key} ${link.weak_key}`;
    const known = byPair.get(pair);
    if (known === undefined || link.first_seen < known.first_seen) byPair.set(pair, link);
  }
  return Array.from(byPair.values());
}
