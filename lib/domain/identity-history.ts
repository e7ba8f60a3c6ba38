import { rootsIn } from './disjoint-sets.ts';
import type { Partition } from './identity.ts';
import { byAge, type IdentityEvidence } from './identity-links.ts';
import { KIND_CODES } from './identity-policy.ts';

/**
 * Who identifiers stood for before they stood for the person of today. One entry a stage that is past, the plain ones left
 * out: before `since`, an identifier without an entry for the time was a person of its own, named after itself.
 */
export interface PersonHistory {
  /** For each identifier the link since which it stands for its person of today; -1 from the start. */
  since: Int32Array;
  node: Int32Array;
  /** The link that began the stage (-1: from the start) and the one that ended it. */
  fromLink: Int32Array;
  untilLink: Int32Array;
  /** The identifier that names the person of then. */
  person: Int32Array;
}

/**
 * The person that an identifier stood for at an instant, as known then: the links that the resolution follows, and of
 * those the ones first seen up to that instant. What is refused is refused from the start: evidence that is known to
 * mislead now (a device that turned out to be shared) is not believed for the past either. Then and now so differ by when
 * something was known, never by what is believed.
 * When two persons become one, the one with more identifiers goes on (of equals the one that has the stronger or older);
 * the others change. The one that goes on to the end has today's name throughout, and where another had that name, that
 * one has the name that it would have had.
 * An identifier changes only into a person of at least double the size: at most log2(size of its person) stages. A payment
 * token takes the first of its links alone, as it joins nobody.
 * Time: links x inverse Ackermann and a linear sort; memory: 16 bytes per identifier, 8 per link, 16 per stage.
 */
export function personHistory(
  { kinds, from, to, firstSeen }: IdentityEvidence,
  { person, refused }: Partition,
): PersonHistory {
  const nodes = kinds.length;
  const parent = new Int32Array(nodes);
  const size = new Int32Array(nodes).fill(1);
  /** Members of a person as a ring. */
  const next = new Int32Array(nodes);
  const since = new Int32Array(nodes).fill(-1);
  for (let node = 0; node < nodes; node++) {
    parent[node] = node;
    next[node] = node;
  }
  const rootOf = rootsIn(parent);
  const stages = { node: column(), fromLink: column(), untilLink: column(), person: column() };
  for (const link of byAge(followed(refused), firstSeen)) {
    const [a, b] = [rootOf(from[link]!), rootOf(to[link]!)];
    const token = Math.max(from[link]!, to[link]!);
    if (a === b || (kinds[token] === KIND_CODES.payment && parent[token] !== token)) continue;
    const aGoesOn = size[a]! > size[b]! || (size[a] === size[b] && a < b);
    const [root, child] = aGoesOn ? [a, b] : [b, a];
    let member = child;
    do {
      const isPlain = since[member] === -1 && member === child && person[member] !== member;
      if (!isPlain) {
        stages.node.push(member);
        stages.fromLink.push(since[member]!);
        stages.untilLink.push(link);
        stages.person.push(child);
      }
      since[member] = link;
      member = next[member]!;
    } while (member !== child);
    [next[root], next[child]] = [next[child]!, next[root]!];
    parent[child] = root;
    size[root]! += size[child]!;
  }
  const names = stages.person.finished();
  // A root is never the name of a past stage of its own person, so the two names can be exchanged.
  for (let stage = 0; stage < names.length; stage++)
    if (names[stage] === person[names[stage]!]) names[stage] = rootOf(names[stage]!);
  return {
    since,
    node: stages.node.finished(),
    fromLink: stages.fromLink.finished(),
    untilLink: stages.untilLink.finished(),
    person: names,
  };
}

function followed(refused: Uint8Array): Int32Array {
  let count = 0;
  for (let link = 0; link < refused.length; link++) if (refused[link] === 0) count++;
  const links = new Int32Array(count);
  let at = 0;
  for (let link = 0; link < refused.length; link++) if (refused[link] === 0) links[at++] = link;
  return links;
}

/** Whole numbers that come one by one, in an array that doubles when it is full. */
function column(): { push(value: number): void; finished(): Int32Array } {
  let values = new Int32Array(1 << 10);
  let length = 0;
  return {
    push(value) {
      if (length === values.length) {
        const larger = new Int32Array(values.length * 2);
        larger.set(values);
        values = larger;
      }
      values[length++] = value;
    },
    finished: () => values.slice(0, length),
  };
}
