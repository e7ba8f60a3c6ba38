import { type IdentityEvidence, KIND_CODES } from '../../domain/identity.ts';

/** Where identifiers of the bench's people come from: how many of each kind a person has, at most. */
const OWNED = [
  { kind: KIND_CODES.loyalty, most: 1, part: 0.6 },
  { kind: KIND_CODES.email, most: 2, part: 0.8 },
  { kind: KIND_CODES.phone, most: 1, part: 0.5 },
  { kind: KIND_CODES.anonymous, most: 4, part: 0.7 },
  { kind: KIND_CODES.payment, most: 2, part: 0.5 },
] as const;
const LINKS_PER_PERSON = OWNED.reduce((sum, { most, part }) => sum + most * part, 0);
/** One link in so many goes to somebody else's identifier: the first of so many people's, which a hundred then share. */
const STRAY_EVERY = 200;
const PEOPLE_OF_A_HUB = 5_000;
const DAY = 86_400_000;

/**
 * About `links` links of people with an account, each with its card, emails, phone, browsers and payment tokens, in no
 * order, one in 200 of them to an email or browser that about a hundred strangers share. The same size is the same links.
 */
export function linkArrays(links: number): IdentityEvidence {
  const people = Math.max(1, Math.floor(links / LINKS_PER_PERSON));
  const random = smallRandom(1);
  /** First number of each kind's identifiers; `most` places a person, some of them unused. */
  const firstOf: number[] = [];
  let nodes = people;
  for (const { kind, most } of OWNED) {
    firstOf[kind] = nodes;
    nodes += people * most;
  }
  const kinds = new Int32Array(nodes);
  for (const { kind, most } of OWNED) kinds.fill(kind, firstOf[kind]!, firstOf[kind]! + people * most);
  const from = new Int32Array(links);
  const to = new Int32Array(links);
  const firstSeen = new Float64Array(links);
  // A stride without a common factor visits every person, in no order.
  const stride = coprimeNear(Math.floor(people * 0.618), people);
  let at = 0;
  for (let n = 0, person = 0; at < links; n++, person = (person + stride) % people) {
    if (n % people === 0 && n > 0) person = (person + 1) % people;
    for (const { kind, most, part } of OWNED) {
      for (let own = 0; own < most && at < links; own++) {
        if (random() >= part) continue;
        const isStray =
          (kind === KIND_CODES.email || kind === KIND_CODES.anonymous) && at % STRAY_EVERY === 0;
        const owner = isStray ? Math.floor(person / PEOPLE_OF_A_HUB) * PEOPLE_OF_A_HUB : person;
        from[at] = person;
        to[at] = firstOf[kind]! + owner * most + own;
        firstSeen[at] = Date.UTC(2024, 0, 1) + Math.floor(random() * 360 * DAY);
        at++;
      }
    }
  }
  return onlyLinked({ kinds, from, to, firstSeen });
}

/** Numbers the identifiers anew without those that have no link, as no build has them. */
function onlyLinked({ kinds, from, to, firstSeen }: IdentityEvidence): IdentityEvidence {
  const numbers = new Int32Array(kinds.length);
  for (const ends of [from, to]) for (let link = 0; link < ends.length; link++) numbers[ends[link]!] = 1;
  let linked = 0;
  for (let node = 0; node < kinds.length; node++) if (numbers[node] === 1) numbers[node] = linked++;
  const kept = new Int32Array(linked);
  for (const ends of [from, to]) {
    for (let link = 0; link < ends.length; link++) {
      const node = ends[link]!;
      kept[numbers[node]!] = kinds[node]!;
      ends[link] = numbers[node]!;
    }
  }
  return { kinds: kept, from, to, firstSeen };
}

/** Numbers from 0 up to 1 (mulberry32). */
function smallRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const divisorOf = (a: number, b: number): number => (b === 0 ? a : divisorOf(b, a % b));

function coprimeNear(start: number, of: number): number {
  let stride = Math.max(1, start);
  while (divisorOf(stride, of) !== 1) stride++;
  return stride;
}

/**
 * Puts every link into a hash table, and nothing else: what it costs to have looked at all of them once with one random
 * access each. Returns the number of distinct links.
 */
export function bareHashInsert({ from, to }: IdentityEvidence): number {
  let size = 1;
  while (size < from.length * 2) size *= 2;
  const table = new Int32Array(size).fill(-1);
  let distinct = 0;
  for (let link = 0; link < from.length; link++) {
    let slot = (Math.imul(from[link]!, 0x9e3779b1) ^ Math.imul(to[link]!, 0x85ebca6b)) & (size - 1);
    for (;;) {
      const there = table[slot]!;
      if (there < 0) {
        table[slot] = link;
        distinct++;
        break;
      }
      if (from[there] === from[link] && to[there] === to[link]) break;
      slot = (slot + 1) & (size - 1);
    }
  }
  return distinct;
}
