import type { IdentityLink, IdentityStore } from '../ports.ts';
import { rememberLinks } from './remember-links.ts';

/** How the online graph and the evidence of a build differ, in links. */
export interface IdentityDrift {
  /** Links of the build, and of the online graph. */
  build: number;
  online: number;
  /** The same in both, times included. */
  equal: number;
  /** In the build alone: files that were imported, or the online graph was lost. `ropo identity refresh` adds them. */
  missing_online: number;
  /** In both, seen earlier in the build: an older file. `ropo identity refresh` mends it. */
  later_online: number;
  /** In both, seen earlier online: a record that came after the build, or one whose document has another version. */
  earlier_online: number;
  /** Online alone, first seen after everything that the build knows: it comes with the next build. */
  newer_online: number;
  /**
   * Online alone, of a time that the build covers: records that came late, whose document now has other identifiers or
   * no consent, or that were taken back. The next build shows which.
   */
  other_online: number;
}

/**
 * Compares the online graph with the evidence of a build, a part at a time.
 * @param build all links of the build, each once
 * @param online all links of the online graph, each once
 */
export async function identityDrift(
  store: Pick<IdentityStore, 'firstSeen'>,
  build: AsyncIterable<readonly IdentityLink[]>,
  online: Iterable<IdentityLink>,
): Promise<IdentityDrift> {
  const drift = {
    build: 0,
    online: 0,
    equal: 0,
    missing_online: 0,
    later_online: 0,
    earlier_online: 0,
    newer_online: 0,
    other_online: 0,
  };
  let lastSeen = '';
  let inBoth = 0;
  for await (const links of build) {
    const known = await store.firstSeen(links);
    for (const [at, link] of links.entries()) {
      const seen = known[at] ?? null;
      drift.build++;
      if (link.first_seen > lastSeen) lastSeen = link.first_seen;
      if (seen === null) drift.missing_online++;
      else {
        inBoth++;
        if (seen === link.first_seen) drift.equal++;
        else if (seen > link.first_seen) drift.later_online++;
        else drift.earlier_online++;
      }
    }
  }
  let newer = 0;
  for (const { first_seen } of online) {
    drift.online++;
    if (first_seen > lastSeen) newer++;
  }
  // No link of the build is later than its last, so all that are later are online alone.
  drift.newer_online = newer;
  drift.other_online = drift.online - inBoth - newer;
  return drift;
}

/** Adds the evidence of a build to the online graph: what is there already, as early or earlier, costs reads only. */
export async function refreshIdentity(
  store: IdentityStore,
  build: AsyncIterable<readonly IdentityLink[]>,
): Promise<{ reads: number; writes: number }> {
  const done = { reads: 0, writes: 0 };
  for await (const links of build) {
    const { reads, writes } = await rememberLinks(store, links);
    done.reads += reads;
    done.writes += writes;
  }
  return done;
}
